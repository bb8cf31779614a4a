import type { DeliveredSignal, Entry, NotReadSignal, PeerCursor, ReadSignal } from '@chat/protocol';

/** How far an own message has come: in the log, on a device of every other member, seen by every other member. */
export type DeliveryMark = 'stored' | 'delivered' | 'read';

type MemberCursor = { delivered: number; read: number };

/** How far the members of each conversation have got. Cursors only move forward, whatever order they are heard in. */
export class MemberCursors {
  readonly #conversations = new Map<string, Map<string, MemberCursor>>();
  /** Rooms of which the cursors of all others are known. */
  readonly #complete = new Set<string>();
  /** What the server counted, in rooms that are too large for everybody's cursors: by seq. */
  readonly #counted = new Map<string, Map<number, number>>();

  /** Answers whether anything moved. */
  signal(signal: ReadSignal | NotReadSignal | DeliveredSignal): boolean {
    if ('notRead' in signal) {
      // The room has grown past what cursors are told for: those that are known stand still.
      this.#complete.delete(signal.conversationId);
      return this.#count(signal.conversationId, signal.notRead);
    }
    const cursor = this.#cursorOf(signal.conversationId, signal.from);
    const read = signal.type === 'READ' ? signal.seq : 0;
    return advance(cursor, signal.seq, read);
  }

  /** Takes over what `GET /api/conversations` told, of a room with its number of members. Answers whether anything moved. */
  learn(conversationId: string, cursors: readonly PeerCursor[], members?: number): boolean {
    let moved = false;
    const isComplete = members !== undefined && cursors.length >= members - 1; // of large rooms no cursors are told
    // Whoever is not among them left while that was not told.
    if (isComplete && !this.#complete.has(conversationId)) this.#conversations.get(conversationId)?.clear();
    if (isComplete) this.#complete.add(conversationId);
    else this.#complete.delete(conversationId);
    for (const { userId, deliveredSeq, readSeq } of cursors) {
      moved = advance(this.#cursorOf(conversationId, userId), deliveredSeq, readSeq) || moved;
    }
    return moved;
  }

  /** Entries were left out: who came and went meanwhile is not known. */
  missed(conversationId: string): void {
    this.#complete.delete(conversationId);
  }

  /** Who joins begins with everything before as read; who left does not count any more. */
  membership(entry: Entry): void {
    const { conversationId, from, seq } = entry;
    // Whoever has a room's first entry hears of everybody from their JOIN on.
    if (entry.type === 'JOIN' && seq === 1) this.#complete.add(conversationId);
    if (entry.type === 'JOIN') advance(this.#cursorOf(conversationId, from), seq - 1, seq - 1);
    else if (entry.type === 'LEAVE') this.#conversations.get(conversationId)?.delete(from);
  }

  /** How many others have not read the own entry at `seq`; `undefined` where too little is known. */
  notRead(conversationId: string, seq: number, author: string): number | undefined {
    const counted = this.#counted.get(conversationId)?.get(seq);
    if (counted !== undefined) return counted;
    if (!this.#complete.has(conversationId)) return undefined;
    let count = 0;
    for (const [userId, cursor] of this.#conversations.get(conversationId) ?? []) {
      if (userId !== author && cursor.read < seq) count++;
    }
    return count;
  }

  readSeq(conversationId: string, userId: string): number {
    return this.#conversations.get(conversationId)?.get(userId)?.read ?? 0;
  }

  /** The mark of the entry at `seq`, written by `author`. In a conversation with oneself everything is read. */
  markOf(conversationId: string, seq: number, author: string): DeliveryMark {
    if (conversationId === `direct:${author}:${author}`) return 'read';
    const others = [...(this.#conversations.get(conversationId) ?? [])].filter(([userId]) => userId !== author);
    if (others.length === 0) return 'stored';
    if (others.every(([, cursor]) => cursor.read >= seq)) return 'read';
    return others.every(([, cursor]) => cursor.delivered >= seq) ? 'delivered' : 'stored';
  }

  #count(conversationId: string, notRead: readonly (readonly number[])[]): boolean {
    const counted = this.#counted.get(conversationId) ?? new Map<number, number>();
    this.#counted.set(conversationId, counted);
    for (const [seq, count] of notRead) if (seq !== undefined && count !== undefined) counted.set(seq, count);
    return notRead.length > 0;
  }

  #cursorOf(conversationId: string, userId: string): MemberCursor {
    const members = this.#conversations.get(conversationId) ?? new Map<string, MemberCursor>();
    this.#conversations.set(conversationId, members);
    const cursor = members.get(userId) ?? { delivered: 0, read: 0 };
    members.set(userId, cursor);
    return cursor;
  }
}

/** Whoever has read an entry has had it delivered. */
function advance(cursor: MemberCursor, delivered: number, read: number): boolean {
  const nextDelivered = Math.max(cursor.delivered, delivered, read);
  const nextRead = Math.max(cursor.read, read);
  const moved = nextDelivered > cursor.delivered || nextRead > cursor.read;
  cursor.delivered = nextDelivered;
  cursor.read = nextRead;
  return moved;
}
