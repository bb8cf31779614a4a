import type { CursorStore, MemberCursor } from '../conversations/cursor-store.port.ts';
import type { Conversation } from '../conversations/log-entry.ts';
import type { ConversationPosition, MessageStore } from '../conversations/message-store.port.ts';
import { cursorSignal } from './cursor-book.ts';
import { BoundedReads } from './feed-reads-queue.ts';
import type { Signal } from './signal.ts';

/**
 * What a session reads when it goes live. Sessions stay while the store is away, so each read waits for it; rejects with
 * `ChatError` unavailable when too many wait or the server ends.
 */
export class FeedReads {
  readonly #store: MessageStore;
  readonly #cursors: CursorStore;
  readonly #reads = new BoundedReads();

  readonly #onPositions: (positions: readonly ConversationPosition[]) => void;

  /** `onPositions` is told what sessions here begin with. */
  constructor(store: MessageStore, cursors: CursorStore, onPositions: (positions: readonly ConversationPosition[]) => void = () => undefined) {
    this.#store = store;
    this.#cursors = cursors;
    this.#onPositions = onPositions;
  }

  get inFlight(): number {
    return this.#reads.inFlight;
  }

  get waiting(): number {
    return this.#reads.waiting;
  }

  get refused(): number {
    return this.#reads.refused;
  }

  openDevice(userNo: number, name: string): Promise<number> {
    return this.#reads.read(`device ${userNo} ${name}`, () => this.#cursors.openDevice(userNo, name));
  }

  async positions(userNo: number, deviceNo: number): Promise<readonly ConversationPosition[]> {
    const positions = await this.#reads.read(`positions ${userNo} ${deviceNo}`, () => this.#store.positions(userNo, deviceNo));
    this.#onPositions(positions);
    return positions;
  }

  /** The cursors of the others in these conversations, and the user's own read cursor, as of one moment for each. */
  async cursorSignals(userNo: number, conversations: readonly Conversation[]): Promise<readonly Signal[]> {
    const numbers = conversations.map((conversation) => conversation.conversationNo).sort((a, b) => a - b);
    const ask = (): Promise<readonly MemberCursor[]> => this.#cursors.memberCursors(userNo, numbers);
    const rows = await this.#reads.read(`cursors ${userNo} ${numbers.join(' ')}`, ask);
    const own = new Map(rows.filter((row) => row.userNo === userNo).map((row) => [row.conversation.conversationNo, row]));
    return rows.flatMap((row) => {
      const { conversation, version } = row;
      const silentMoves = own.get(conversation.conversationNo)?.silentMoves ?? 0;
      const state = { conversation, version: version + silentMoves };
      return stateSignals(row, userNo).map((signal) => ({ ...signal, state }));
    });
  }

  /** What waits and what comes is refused. */
  close(): void {
    this.#reads.close();
  }
}

/** How far a member is, as `reader` (`undefined`: another member) may know it: what happened, newest values alone. */
export function stateSignals(cursor: MemberCursor, reader: number | undefined): readonly Signal[] {
  const { conversation, userNo, userId, deliveredSeq, readSeq, hidesReading, version } = cursor;
  const { conversationId } = conversation;
  const read = hidesReading && userNo !== reader ? 0 : readSeq;
  return [
    ...(deliveredSeq > read && userNo !== reader ? [cursorSignal('DELIVERED', conversationId, userId, deliveredSeq, version)] : []),
    ...(read > 0 ? [cursorSignal('READ', conversationId, userId, read, version)] : []),
  ];
}
