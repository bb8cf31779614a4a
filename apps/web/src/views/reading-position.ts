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
  #anchor: { readonly key: string; readonly top: number } | undefined;
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
    if (this.#isAtEnd) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
    } else if (this.#anchor) {
      const element = this.#scroller.querySelector(`[data-key="${CSS.escape(this.#anchor.key)}"]`);
      if (element) this.#scroller.scrollTop += this.#topOf(element) - this.#anchor.top;
    }
    this.#remember();
  }

  toEnd(behavior: ScrollBehavior): void {
    this.#isAtEnd = true;
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior });
  }

  /** Puts an element into the upper third of what is in sight. */
  to(selector: string): void {
    const element = this.#scroller.querySelector(selector);
    if (!element) return;
    this.#scroller.scrollTop += this.#topOf(element) - this.#scroller.clientHeight / 4;
    this.#remember();
  }

  readonly #onScroll = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#remember());
  };

  #remember(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight <= END_PX;
    const messages = [...this.#scroller.querySelectorAll<HTMLElement>('[data-key]')];
    const topmost = messages.find((element) => this.#topOf(element) + element.offsetHeight > 0);
    this.#anchor = topmost && { key: topmost.dataset['key'] ?? '', top: this.#topOf(topmost) };
    const lowest = messages.findLast((element) => element.dataset['seq'] !== undefined && this.#topOf(element) < clientHeight - END_PX);
    this.#onChange({
      isAtEnd: this.#isAtEnd,
      isNearStart: this.isNearStart,
      lastSeen: Number(lowest?.dataset['seq'] ?? 0),
    });
  }

  #topOf(element: Element): number {
    return element.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
  }
}
