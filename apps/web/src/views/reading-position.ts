export type Position = {
  /** At the end: new messages push what is there upwards. */
  readonly isAtEnd: boolean;
  readonly isNearStart: boolean;
  /** The `seq` of the lowest message in sight. */
  readonly lastSeen: number;
};

/** So near to the end counts as at the end. */
const END_PX = 24;
const NEAR_START_PX = 600;

/**
 * Keeps the reader's place in a scrolled list: at its end, or at the message that is topmost in sight, whatever is
 * added above or below and whatever changes its height.
 */
export class ReadingPosition {
  readonly #scroller: HTMLElement;
  readonly #onChange: (position: Position) => void;
  readonly #resized: ResizeObserver;
  #isAtEnd = true;
  #scrollTop = 0;
  /** The topmost message in sight, and where in the content it stands: that does not change by scrolling. */
  #anchor: { readonly key: string; readonly offset: number } | undefined;
  #frame = 0;

  constructor(scroller: HTMLElement, content: HTMLElement, onChange: (position: Position) => void) {
    this.#scroller = scroller;
    this.#onChange = onChange;
    this.#resized = new ResizeObserver(() => this.restore());
    this.#resized.observe(scroller);
    this.#resized.observe(content);
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
  }

  stop(): void {
    this.#resized.disconnect();
    this.#scroller.removeEventListener('scroll', this.#onScroll);
    cancelAnimationFrame(this.#frame);
  }

  get isNearStart(): boolean {
    return this.#scroller.scrollTop < NEAR_START_PX;
  }

  /** To be called when the content has changed, before it is painted. */
  restore(): void {
    const { scrollTop } = this.#scroller;
    // The reader may have scrolled since: away from the end only they do.
    if (this.#isAtEnd && scrollTop < this.#scrollTop && this.#distanceToEnd() > END_PX) this.#isAtEnd = false;
    if (this.#isAtEnd) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
    } else {
      const moved = this.#anchorMovedBy();
      if (moved !== 0) this.#scroller.scrollTop = scrollTop + moved;
    }
    this.#remember();
  }

  toEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#remember();
  }

  /** Puts an element into the upper third of what is in sight. */
  to(selector: string): void {
    const element = this.#scroller.querySelector(selector);
    if (!element) return;
    this.#scroller.scrollTop += this.#topOf(element) - this.#scroller.clientHeight / 4;
    this.#isAtEnd = false; // unless it is there
    this.#remember();
  }

  readonly #onScroll = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#remember());
  };

  #remember(): void {
    const { scrollTop, clientHeight } = this.#scroller;
    // What grows, or leaves less room, moves the end away; from the end itself only the reader moves.
    const stays = this.#isAtEnd && scrollTop >= this.#scrollTop;
    this.#isAtEnd = stays || this.#distanceToEnd() <= END_PX;
    this.#scrollTop = scrollTop;
    const messages = [...this.#scroller.querySelectorAll<HTMLElement>('[data-key]')];
    const topmost = messages.find((element) => this.#topOf(element) + element.offsetHeight > 0);
    this.#anchor = topmost && { key: topmost.dataset['key'] ?? '', offset: this.#topOf(topmost) + scrollTop };
    const lowest = messages.findLast((element) => element.dataset['seq'] !== undefined && this.#topOf(element) < clientHeight - END_PX);
    this.#onChange({
      isAtEnd: this.#isAtEnd,
      isNearStart: this.isNearStart,
      lastSeen: Number(lowest?.dataset['seq'] ?? 0),
    });
  }

  #anchorMovedBy(): number {
    const element = this.#anchor && this.#scroller.querySelector(`[data-key="${CSS.escape(this.#anchor.key)}"]`);
    return element && this.#anchor ? this.#topOf(element) + this.#scroller.scrollTop - this.#anchor.offset : 0;
  }

  #distanceToEnd(): number {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #topOf(element: Element): number {
    return element.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
  }
}
