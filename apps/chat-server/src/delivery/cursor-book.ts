import { ChatError } from '@chat/protocol';
import type { Conversation } from '../conversations/log-entry.ts';
import type { CursorMove, CursorStore, MovedCursor } from '../conversations/cursor-store.port.ts';
import { StoreUnavailable, type UserRef } from '../conversations/message-store.port.ts';
import type { Signal } from './signal.ts';

const FLUSH_MS = 250;
const MOVES_PER_STATEMENT = 2_000;

export type DeviceRef = UserRef & { readonly deviceNo: number };

type Pending = { move: CursorMove; readonly userId: string; told: Told[] };
/** Called once: the cursor is stored, or never will be. */
type Told = (error?: ChatError) => void;
type Kind = 'DELIVERED' | 'READ';

type Note = {
  readonly kind: Kind;
  readonly device: DeviceRef;
  readonly conversation: Conversation;
  readonly seq: number;
  readonly cursorVersion: number;
  readonly announce: boolean;
};

export type CursorBookParts = {
  readonly store: CursorStore;
  readonly onMoved: (signals: readonly Signal[]) => void;
  /** Read cursors moved in a room too large to tell each member. */
  readonly onMovedInLarge?: (conversation: Conversation) => void;
  readonly onDefect: (error: unknown) => void;
};

/**
 * Delivered and read cursors on their way to the store: forward only, the newest value wins, many moves in one
 * statement. Bounded by one move for each device and conversation; while the store is away they wait and go on moving,
 * until `close`.
 */
export class CursorBook {
  readonly #parts: CursorBookParts;
  readonly #pending: Record<Kind, Map<string, Pending>> = { DELIVERED: new Map(), READ: new Map() };
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #flushing: Promise<void> = Promise.resolve();

  constructor(parts: CursorBookParts) {
    this.#parts = parts;
  }

  /**
   * This device is known to have everything up to `seq`, and the conversation's cursors in that version. Without
   * `announce` nobody is told: that a sender's own messages reached the sender is news to nobody. `onOutcome` is called
   * once it is committed, or with why it cannot be.
   */
  delivered(device: DeviceRef, conversation: Conversation, seq: number, cursorVersion: number, announce: boolean, onOutcome?: Told): void {
    this.#note({ kind: 'DELIVERED', device, conversation, seq, cursorVersion, announce }, onOutcome);
  }

  /** The user has read up to `seq`. `onOutcome` is called once that is committed, or with why it cannot be. */
  read(user: UserRef, conversation: Conversation, seq: number, onOutcome?: Told): void {
    const device = { userNo: user.userNo, userId: user.userId, deviceNo: 0 };
    this.#note({ kind: 'READ', device, conversation, seq, cursorVersion: 0, announce: true }, onOutcome);
  }

  /** Cursors that are not stored yet. */
  get waiting(): number {
    return this.#pending.DELIVERED.size + this.#pending.READ.size;
  }

  /** Writes what is there; resolves when it is stored or the store is away. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#flushKind('DELIVERED')).then(() => this.#flushKind('READ'));
    await this.#flushing;
  }

  /** Writes what can be written, and refuses the rest and all that comes. Answers how much that was. */
  async close(): Promise<number> {
    this.#closed = true;
    await this.flush();
    const unstored = this.waiting;
    for (const pending of Object.values(this.#pending)) {
      for (const one of pending.values()) for (const tell of one.told.splice(0)) tell(ENDING());
      pending.clear();
    }
    return unstored;
  }

  #note({ kind, device, conversation, seq, cursorVersion, announce }: Note, onOutcome?: Told): void {
    if (this.#closed) return onOutcome?.(ENDING());
    const { userNo, userId, deviceNo } = device;
    const key = `${userNo} ${deviceNo} ${conversation.conversationNo}`;
    const known = this.#pending[kind].get(key);
    const move = {
      userNo,
      deviceNo,
      conversation,
      seq: Math.max(seq, known?.move.seq ?? 0),
      cursorVersion: Math.max(cursorVersion, known?.move.cursorVersion ?? 0),
      announce: announce || known?.move.announce === true,
    };
    const told = known?.told ?? [];
    if (onOutcome !== undefined) told.push(onOutcome);
    this.#pending[kind].set(key, { move, userId, told });
    this.#plan();
  }

  #plan(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  async #flushKind(kind: Kind): Promise<void> {
    const pending = this.#pending[kind];
    while (pending.size > 0) {
      const batch = [...pending].slice(0, MOVES_PER_STATEMENT);
      for (const [key] of batch) pending.delete(key);
      const answers = await this.#write(kind, batch.map(([, one]) => one));
      if (answers) continue;
      for (const [key, one] of batch) this.#putBack(pending, key, one);
      this.#plan();
      return;
    }
  }

  /** False while the store is away. */
  async #write(kind: Kind, batch: readonly Pending[]): Promise<boolean> {
    const moves = batch.map((one) => one.move);
    let moved: readonly MovedCursor[];
    try {
      moved = await (kind === 'READ' ? this.#parts.store.moveRead(moves) : this.#parts.store.moveDelivered(moves));
    } catch (error) {
      if (error instanceof StoreUnavailable) return false;
      return await this.#writeOneByOne(kind, batch, error);
    }
    for (const one of batch) for (const tell of one.told.splice(0)) tell();
    this.#announce(kind, batch, moved);
    return true;
  }

  /** One move spoils the statement, and the others must not suffer from it. */
  async #writeOneByOne(kind: Kind, batch: readonly Pending[], cause: unknown): Promise<boolean> {
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      this.#parts.onDefect(cause);
      for (const tell of only.told.splice(0)) tell(new ChatError('internal', 'The cursor could not be stored.'));
      return true;
    }
    // Those written before the store went away are written again, which moves nothing back.
    for (const one of batch) if (!(await this.#write(kind, [one]))) return false;
    return true;
  }

  #putBack(pending: Map<string, Pending>, key: string, old: Pending): void {
    const newer = pending.get(key);
    if (newer === undefined) {
      pending.set(key, old);
      return;
    }
    newer.told.unshift(...old.told);
    newer.move = {
      ...newer.move,
      seq: Math.max(newer.move.seq, old.move.seq),
      cursorVersion: Math.max(newer.move.cursorVersion, old.move.cursorVersion),
      announce: newer.move.announce || old.move.announce,
    };
  }

  #announce(kind: Kind, batch: readonly Pending[], moved: readonly MovedCursor[]): void {
    if (moved.length === 0) return;
    const known = new Map(batch.map((one) => [`${one.move.userNo} ${one.move.conversation.conversationNo}`, one]));
    const large = new Map<number, Conversation>();
    const signals: Signal[] = [];
    for (const cursor of moved) {
      const one = known.get(`${cursor.userNo} ${cursor.conversationNo}`);
      if (one === undefined) continue;
      const { conversation } = one.move;
      if (kind === 'READ' && cursor.large) large.set(cursor.conversationNo, conversation);
      if (!cursor.told && kind === 'DELIVERED') continue;
      const signal = cursorSignal(kind, conversation.conversationId, one.userId, cursor.seq, cursor.version);
      signals.push(cursor.told ? signal : { ...signal, kind: 'own-read' });
    }
    if (signals.length > 0) this.#parts.onMoved(signals);
    for (const conversation of large.values()) this.#parts.onMovedInLarge?.(conversation);
  }
}

const ENDING = (): ChatError => new ChatError('unavailable', 'The server is ending. Reconnect.');

/** READ or DELIVERED as it is delivered. */
export function cursorSignal(kind: Kind, conversationId: string, from: string, seq: number, version: number): Signal {
  const message = { type: kind, conversationId, from, ...addressee(conversationId, from), seq, version };
  return { kind: kind === 'READ' ? 'read' : 'delivered', conversationId, from, version, body: Buffer.from(JSON.stringify(message)) };
}

/** `to` or `roomId`, as every ChatMessage of a conversation carries it. */
export function addressee(conversationId: string, from: string): { readonly to?: string; readonly roomId?: string } {
  if (conversationId.startsWith('room:')) return { roomId: conversationId.slice(5) };
  const [, a = '', b = ''] = conversationId.split(':');
  return { to: a === from ? b : a };
}
