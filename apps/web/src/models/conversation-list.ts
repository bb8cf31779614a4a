import type { ChatApi, ChatClient } from '@chat/chat-client';
import type { ConversationSummary, Entry, Room } from '@chat/protocol';
import { coalesced } from './coalesced.ts';
import { type ConversationRow, type KnownConversation, rowOf } from './conversation-row.ts';
import type { Drafts } from './drafts.ts';
import { peerOf } from './identifiers.ts';
import { Observed } from './observed.ts';
import type { People } from './people.ts';
import { keepIfSame } from './same.ts';

export type ListState = {
  readonly status: 'loading' | 'ready' | 'failed';
  /** Newest first. */
  readonly rows: readonly ConversationRow[];
};

export type ConversationListParts = {
  readonly chat: ChatClient;
  readonly api: Pick<ChatApi, 'conversations'>;
  readonly people: People;
  readonly drafts: Drafts;
};

/** Everyone's oldest conversations are found by the filter only once they are loaded; more pages than this are not. */
const MOST_PAGES = 20;

/** The user's conversations: loaded once, then kept up by what happens. */
export class ConversationList {
  readonly state = new Observed<ListState>({ status: 'loading', rows: [] });
  readonly #parts: ConversationListParts;
  readonly #known = new Map<string, KnownConversation>();
  readonly #redraw = coalesced(() => this.#update({}));
  #loading: Promise<void> | undefined;
  #isComplete = false;

  constructor(parts: ConversationListParts) {
    const { chat, people, drafts } = parts;
    this.#parts = parts;
    chat.events.on('entry', (entry) => this.#entry(entry));
    chat.events.on('cursors', ({ conversationId }) => this.#readElsewhere(conversationId));
    chat.events.on('synced', ({ cursors }) => this.#synced(cursors));
    chat.events.on('outbox', this.#redraw);
    chat.events.on('typing', this.#redraw);
    people.version.subscribe(this.#redraw);
    drafts.version.subscribe(this.#redraw);
  }

  async load(): Promise<void> {
    this.#loading ??= this.#loadAll().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** Whether a conversation that is not found here does not exist, as far as this client has heard. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  find(conversationId: string): KnownConversation | undefined {
    return this.#known.get(conversationId);
  }

  /** The user has seen everything up to `seq`. */
  readUpTo(conversationId: string, seq: number): void {
    const known = this.#known.get(conversationId);
    if (!known || seq <= known.readSeq) return;
    this.#known.set(conversationId, { ...known, readSeq: seq, unread: seq >= known.lastSeq ? 0 : known.unread });
    this.#redraw();
  }

  /** A room may be renamed at any time, and muted on another device. */
  learnRoom({ conversationId, name, me: { joinedAt, mutedUntil } }: Room): void {
    const known = this.#known.get(conversationId);
    if (!known) return;
    this.#known.set(conversationId, { ...known, name, mutedUntil, joinedAt: joinedAt ?? known.joinedAt });
    this.#redraw();
  }

  async #loadAll(): Promise<void> {
    if (this.state.value.status === 'failed') this.#update({ status: 'loading' });
    try {
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const answer = await this.#parts.api.conversations(cursor);
        for (const summary of answer.conversations) this.#learn(summary);
        this.#update({ status: 'ready' });
        cursor = answer.cursor;
        this.#isComplete = cursor === undefined;
        if (this.#isComplete) break;
      }
    } catch {
      // What is shown already stays; the next sync or the user tries again.
      if (this.state.value.status !== 'ready') this.#update({ status: 'failed' });
    }
  }

  #learn(summary: ConversationSummary): void {
    const { chat, people } = this.#parts;
    const known = this.#known.get(summary.conversationId);
    chat.learnCursors(summary.conversationId, summary.cursors ?? [], summary.members);
    const peerId = peerOf(summary.conversationId, chat.userId);
    if (peerId !== undefined && summary.name) people.learn({ id: peerId, displayName: summary.name, deleted: summary.deleted });
    if (known && known.lastSeq > summary.lastSeq) {
      // What came meanwhile is newer than this answer.
      const { name = known.name, joinedAt = known.joinedAt, mutedUntil } = summary;
      this.#known.set(summary.conversationId, { ...known, name, joinedAt, mutedUntil });
      return;
    }
    const readSeq = Math.max(summary.readSeq, known?.readSeq ?? 0); // told to the server a moment later
    const unread = readSeq >= summary.lastSeq ? 0 : summary.unread;
    this.#known.set(summary.conversationId, { ...summary, readSeq, unread });
  }

  #entry(entry: Entry): void {
    const { conversationId, seq } = entry;
    const known = this.#known.get(conversationId) ?? { conversationId, lastSeq: 0, readSeq: 0, unread: 0 };
    if (seq <= known.lastSeq) return;
    const { chat } = this.#parts;
    const isOwn = entry.from === chat.userId;
    if (entry.type === 'LEAVE' && isOwn) this.#known.delete(conversationId);
    else this.#known.set(conversationId, withEntry(known, entry, chat.userId));
    // How the room is called and how far the others have read stands in no entry.
    if (entry.type === 'JOIN' && isOwn) this.#loadAnew();
    this.#redraw();
  }

  /** An answer that is on its way may be of before. */
  #loadAnew(): void {
    void (this.#loading ?? Promise.resolve()).then(() => this.load());
  }

  #readElsewhere(conversationId: string): void {
    const { chat } = this.#parts;
    const known = this.#known.get(conversationId);
    const readSeq = chat.readSeq(conversationId, chat.userId);
    if (!known || readSeq <= known.readSeq) return;
    this.readUpTo(conversationId, readSeq);
    // How many of the later ones are unread is the server's to say.
    if (readSeq < known.lastSeq) void this.load();
  }

  #synced(cursors: Readonly<Record<string, number>>): void {
    const isBehind = Object.entries(cursors).some(([id, seq]) => seq > (this.#known.get(id)?.lastSeq ?? 0));
    if (isBehind || this.state.value.status !== 'ready') void this.load();
  }

  #update(change: Partial<ListState>): void {
    const { chat, people, drafts } = this.#parts;
    const sources = {
      self: chat.userId,
      person: (id: string) => people.person(id),
      outbox: (id: string) => chat.outbox(id),
      typing: (id: string) => chat.typing(id),
      draft: (id: string) => drafts.of(id),
    };
    const before = new Map(this.state.value.rows.map((row) => [row.conversationId, row]));
    const rows = [...this.#known.values()].map((known) => keepIfSame(before.get(known.conversationId), rowOf(known, sources)));
    rows.sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
    this.state.set(keepIfSame(this.state.value, { ...this.state.value, ...change, rows }));
  }
}

function withEntry(known: KnownConversation, entry: Entry, self: string): KnownConversation {
  const lastSeq = entry.seq;
  switch (entry.type) {
    case 'JOIN':
      return entry.from === self ? { ...known, lastSeq, readSeq: lastSeq, unread: 0, joinedAt: entry.sentAt } : { ...known, lastSeq };
    case 'CHAT': {
      const isNews = entry.from !== self && entry.seq > known.readSeq;
      return { ...known, lastSeq, last: entry, unread: known.unread + (isNews ? 1 : 0) };
    }
    case 'EDIT':
      return known.last?.seq === entry.target ? { ...known, lastSeq, last: { ...known.last, message: entry.message } } : { ...known, lastSeq };
    case 'DELETE':
      return known.last?.seq === entry.target ? { ...known, lastSeq, last: deleted(known.last) } : { ...known, lastSeq };
    default:
      return { ...known, lastSeq };
  }
}

function deleted<Last extends object>(last: Last): Last & { deleted: true } {
  return { ...last, deleted: true };
}
