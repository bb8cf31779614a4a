import { type ChatApi, type ChatClient, RequestError, type Truncated } from '@chat/chat-client';
import type { ChatEntry, Entry, ReactionEntry } from '@chat/protocol';
import { coalesced } from './coalesced.ts';
import { roomIdOf } from './identifiers.ts';
import { Observed } from './observed.ts';
import { keepIfSame } from './same.ts';
import { withReaction } from './reactions.ts';
import { type Shown, type ShownSources, shownEntry, shownOutboxItem } from './shown-message.ts';

export type TimelineState = {
  readonly status: 'loading' | 'ready' | 'failed' | 'not-found';
  readonly shown: readonly Shown[];
  readonly hasOlder: boolean;
  readonly older: 'idle' | 'loading' | 'failed';
  /** Before this `seq` stands the line 'new messages'. */
  readonly newFrom: number | undefined;
};

const PAGE = 50;
const LARGEST_PAGE = 100;
const REVEAL_PAGES = 40;
/** A longer gap is not filled: the timeline goes on from its end, and the rest is read upwards. */
const FILL_UP_TO = 500;

export type TimelineParts = {
  readonly conversationId: string;
  readonly chat: ChatClient;
  readonly api: Pick<ChatApi, 'messages'>;
};

/** One conversation: a stretch of its log without holes, up to the newest entry, and what is on its way. */
export class Timeline {
  readonly state = new Observed<TimelineState>({
    status: 'loading', shown: [], hasOlder: false, older: 'idle', newFrom: undefined,
  });
  readonly conversationId: string;
  /** The last message that came while this was open; not those that are loaded. */
  readonly heard = new Observed<ChatEntry | undefined>(undefined);
  readonly #parts: TimelineParts;
  readonly #entries = new Map<number, Entry>();
  #known = new Map<string, Shown>();
  /** Everything from the oldest loaded entry to here has been loaded. */
  #upTo = 0;
  #missed = false;
  readonly #stop: (() => void)[];
  readonly #redraw = coalesced(() => this.#update({}));

  constructor(parts: TimelineParts) {
    const { chat, conversationId } = parts;
    this.#parts = parts;
    this.conversationId = conversationId;
    const ifHere = (work: () => void) => (event: { conversationId: string }) => {
      if (event.conversationId === conversationId) work();
    };
    this.#stop = [
      chat.events.on('entry', (entry) => this.#entry(entry)),
      chat.events.on('outbox', ifHere(this.#redraw)),
      chat.events.on('cursors', ifHere(this.#redraw)),
      chat.events.on('truncated', (gap) => void this.#truncated(gap)),
      chat.events.on('synced', ({ cursors }) => void this.#synced(cursors[conversationId] ?? 0)),
    ];
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  /**
   * Shows what comes in a room without being in it, or in one so large that only those who look are told how many have
   * read. To be called once it is ready; the answer ends it.
   */
  watch(): () => void {
    const roomId = roomIdOf(this.conversationId);
    if (roomId === undefined) return () => undefined;
    return this.#parts.chat.watchRoom(roomId, this.#upTo, {
      entry: (entry) => this.#entry(entry),
      ended: () => undefined, // who left, or may not look any more, is told so by the room itself
    });
  }

  /** There is nothing to load: the conversation begins with its first message. */
  beginEmpty(): void {
    this.#update({ status: 'ready' });
  }

  /** Loads the newest messages, at least as many as there are unread ones. */
  async load(unread = 0): Promise<void> {
    this.#update({ status: 'loading' });
    const limit = Math.min(Math.max(PAGE, unread + 10), LARGEST_PAGE);
    const { chat, api } = this.#parts;
    const cursor = chat.cursor(this.conversationId);
    try {
      const { messages } = await api.messages(this.conversationId, { limit });
      this.#take(messages, cursor);
      this.#update({ status: 'ready', hasOlder: messages.length >= limit });
      // What follows the cursor comes as events. Where there was none yet, a sync may have set one beyond this page.
      const last = messages.at(-1)?.seq ?? 0;
      const isBehind = this.#missed || (cursor === 0 && chat.cursor(this.conversationId) > last);
      if (isBehind) await this.#fill(last, chat.cursor(this.conversationId));
    } catch (fault) {
      const unknown = fault instanceof RequestError && fault.code === 'not-found';
      // A direct conversation begins with its first message: until then there is nothing to be found.
      const isNew = unknown && this.conversationId.startsWith('direct:');
      this.#update({ status: isNew ? 'ready' : unknown ? 'not-found' : 'failed' });
    }
  }

  async loadOlder(): Promise<void> {
    const { status, hasOlder, older } = this.state.value;
    const oldest = this.#oldest();
    if (status !== 'ready' || !hasOlder || older === 'loading' || oldest === undefined) return;
    this.#update({ older: 'loading' });
    try {
      const { messages } = await this.#parts.api.messages(this.conversationId, { before: oldest, limit: PAGE });
      this.#take(messages, 0);
      this.#update({ older: 'idle', hasOlder: messages.length >= PAGE });
    } catch {
      this.#update({ older: 'failed' }); // the view says so and offers to try again
    }
  }

  /** Loads upwards until the entry at `seq` is there. False if it is further away than that is worth, or not to be had. */
  async reveal(seq: number): Promise<boolean> {
    for (let page = 0; page < REVEAL_PAGES && !this.#entries.has(seq) && (this.#oldest() ?? 0) > seq; page++) {
      await this.loadOlder();
      if (this.state.value.older === 'failed') break;
    }
    return this.#entries.has(seq);
  }

  /** The line 'new messages' goes before the first message of others above `readSeq`; without it, away. */
  markNewAfter(readSeq: number | undefined): void {
    const isNew = (item: Shown): boolean => item.kind === 'message' && !item.isOwn && (item.seq ?? 0) > (readSeq ?? Infinity);
    this.#update({ newFrom: this.state.value.shown.find(isNew)?.seq });
  }

  get lastSeq(): number {
    return this.#upTo;
  }

  #entry(entry: Entry): void {
    // Members of a large room hear of each entry as such and by looking at the room.
    if (entry.conversationId !== this.conversationId || entry.seq <= this.#upTo) return;
    const { status } = this.state.value;
    const isOwnJoin = entry.type === 'JOIN' && entry.from === this.#parts.chat.userId;
    if (isOwnJoin && (status === 'not-found' || status === 'failed')) return void this.load();
    const upTo = this.#upTo;
    this.#take([entry], entry.seq);
    if (entry.type === 'CHAT') this.heard.set(entry);
    this.#redraw();
    // Whoever only looked was not sent what came before they joined.
    if (isOwnJoin && status === 'ready' && entry.seq > upTo + 1) void this.#fill(upTo, entry.seq - 1);
  }

  async #synced(cursor: number): Promise<void> {
    const { status } = this.state.value;
    if (status === 'failed' || (status === 'not-found' && cursor > 0)) await this.load();
    else if (status === 'ready' && cursor > this.#upTo) await this.#fill(this.#upTo, cursor);
  }

  async #truncated(gap: Truncated): Promise<void> {
    if (gap.conversationId !== this.conversationId) return;
    if (this.state.value.status !== 'ready') {
      this.#missed = true; // the page that is being loaded may be of before
      return;
    }
    if (gap.to - gap.from >= FILL_UP_TO) {
      this.#entries.clear();
      this.#upTo = gap.to;
      this.#update({ hasOlder: true });
    } else {
      await this.#fill(gap.from - 1, gap.to);
    }
  }

  async #fill(from: number, to: number): Promise<void> {
    this.#missed = false;
    try {
      let after = from;
      while (after < to) {
        const { messages } = await this.#parts.api.messages(this.conversationId, { after, limit: LARGEST_PAGE });
        this.#take(messages, 0);
        after = messages.at(-1)?.seq ?? to;
        if (messages.length < LARGEST_PAGE) break;
      }
      this.#upTo = Math.max(this.#upTo, to);
      this.#update({});
    } catch (fault) {
      // Whoever was removed gets nothing more; what they have seen stays.
      if (fault instanceof RequestError && (fault.code === 'not-found' || fault.code === 'forbidden')) return;
      // A hole must not be shown as if nothing were missing: all of it is loaded anew.
      this.#entries.clear();
      this.#upTo = 0;
      this.#update({ status: 'failed' });
    }
  }

  #take(entries: readonly Entry[], upTo: number): void {
    for (const entry of entries) {
      if (entry.type === 'EDIT') this.#change(entry.target, { message: entry.message, editedAt: entry.sentAt });
      else if (entry.type === 'DELETE') this.#change(entry.target, { message: '', deleted: true });
      else if (entry.type === 'REACTION') this.#react(entry);
      else this.#entries.set(entry.seq, entry);
      this.#upTo = Math.max(this.#upTo, entry.seq);
    }
    this.#upTo = Math.max(this.#upTo, upTo);
  }

  /** Direct conversations say 'read' by their mark. */
  #notReadOf(seq: number): number | undefined {
    return this.conversationId.startsWith('room:') ? this.#parts.chat.notRead(this.conversationId, seq) : undefined;
  }

  #change(target: number, change: { message?: string; editedAt?: number; deleted?: boolean }): void {
    const entry = this.#entries.get(target);
    if (entry?.type === 'CHAT') this.#entries.set(target, { ...entry, ...change });
  }

  #react(reaction: ReactionEntry): void {
    const entry = this.#entries.get(reaction.target);
    if (entry?.type !== 'CHAT') return;
    const reactions = withReaction(entry.reactions ?? [], reaction, this.#parts.chat.userId);
    this.#entries.set(entry.seq, { ...entry, reactions });
  }

  #oldest(): number | undefined {
    return this.#entries.size === 0 ? undefined : Math.min(...this.#entries.keys());
  }

  #update(change: Partial<TimelineState>): void {
    this.state.set(keepIfSame(this.state.value, { ...this.state.value, ...change, shown: this.#shown() }));
  }

  /** Messages that did not change stay the same objects, so that their views are not drawn again. */
  #shown(): Shown[] {
    const { chat } = this.#parts;
    const sources: ShownSources = {
      self: chat.userId,
      markOf: (seq) => chat.markOf(this.conversationId, seq),
      notReadOf: (seq) => this.#notReadOf(seq),
      entryAt: (seq) => this.#entries.get(seq),
    };
    const entries = [...this.#entries.values()].sort((a, b) => a.seq - b.seq);
    const shown = entries.flatMap((entry) => shownEntry(entry, sources) ?? []);
    const inLog = new Set(shown.map((item) => item.key));
    const onTheirWay = chat.outbox(this.conversationId).filter((item) => !inLog.has(item.clientId));
    const all = [...shown, ...onTheirWay.map((item) => shownOutboxItem(item, sources))].map((item) => keepIfSame(this.#known.get(item.key), item));
    this.#known = new Map(all.map((item) => [item.key, item]));
    return all;
  }
}
