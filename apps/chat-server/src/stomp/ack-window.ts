import type { Conversation, LogEntry } from '../conversations/log-entry.ts';

export type AckMode = 'client' | 'client-individual';

/** Where one conversation stands on a subscription. */
type Place = {
  readonly conversation: Conversation;
  /** The last entry sent. */
  sent: number;
  /** Without an answer, by rising seq. */
  waiting: Set<number>;
  /** The lowest entry that was refused by NACK; the cursor stays below it. */
  refused: number;
  /** The cursor, as it was last told. */
  cursor: number;
  /** Something by others was acknowledged since. */
  foreign: boolean;
};

/** `signals`: how many the session had been sent before. */
type Sent = { readonly place: Place; readonly seq: number; readonly foreign: boolean; readonly signals: number };

/** All entries of the conversation up to `seq` are acknowledged. `foreign`: one of them by somebody else than who reads. */
export type Acknowledged = { readonly conversation: Conversation; readonly seq: number; readonly foreign: boolean };

/** The message ids of one session's signals: what is delivered and is no entry. */
export class SignalNumbers {
  #last = 0;

  get last(): number {
    return this.#last;
  }

  next(): string {
    return `x${(++this.#last).toString(36)}`;
  }

  numberOf(messageId: string): number | undefined {
    return /^x[0-9a-z]{1,10}$/.test(messageId) ? parseInt(messageId.slice(1), 36) : undefined;
  }
}

/**
 * The entries of one subscription that wait for ACK or NACK, `size` at most, and what follows from those that came: a
 * cursor for each conversation, over the unbroken run of acknowledged entries. What was acknowledged out of order is not
 * remembered, only what was not: a conversation's cursor is below its lowest entry without an answer.
 */
export class AckWindow {
  readonly #mode: AckMode;
  readonly #size: number;
  readonly #signals: SignalNumbers;
  /** By entry id, in the order sent. */
  readonly #waiting = new Map<string, Sent>();
  readonly #places = new Map<number, Place>();
  #onRoom: (() => void) | undefined;

  constructor(mode: AckMode, size: number, signals: SignalNumbers) {
    this.#mode = mode;
    this.#size = size;
    this.#signals = signals;
  }

  /** Entries that may be sent now. */
  get room(): number {
    return this.#size - this.#waiting.size;
  }

  /** Calls back, once, when half of it is free. The last call counts. */
  whenRoom(callback: () => void): void {
    this.#onRoom = callback;
    this.#tellRoom();
  }

  onSent(entry: LogEntry, foreign: boolean): void {
    const { id, seq } = entry;
    const place = this.#placeOf(entry);
    // Entries come in order, but for those that a sync brings again.
    const isBehind = seq <= place.sent;
    place.waiting.add(seq);
    if (isBehind) place.waiting = new Set([...place.waiting].sort((a, b) => a - b));
    place.sent = Math.max(place.sent, seq);
    if (seq === place.refused) place.refused = Infinity;
    this.#waiting.delete(id); // sent again it is the newest
    this.#waiting.set(id, { place, seq, foreign, signals: this.#signals.last });
  }

  /** The answer to a repeat. One that has not come in its place yet will come there, and is acknowledged then. */
  onSentAgain(entry: LogEntry): void {
    if (entry.seq <= this.#placeOf(entry).sent) this.onSent(entry, false);
  }

  /** ACK (or else NACK) of a message: the cursors that it moved. Of an entry that does not wait, nothing. */
  answer(messageId: string, acknowledged: boolean): readonly Acknowledged[] {
    const touched = new Set<Place>();
    for (const [id, sent] of this.#answered(messageId)) {
      this.#waiting.delete(id);
      sent.place.waiting.delete(sent.seq);
      if (acknowledged) sent.place.foreign ||= sent.foreign;
      else sent.place.refused = Math.min(sent.place.refused, sent.seq);
      touched.add(sent.place);
    }
    this.#tellRoom();
    return [...touched].flatMap((place) => moved(place) ?? []);
  }

  /** The entries that an answer to this message counts for. A signal stands for all that were sent before it as well. */
  #answered(messageId: string): readonly (readonly [string, Sent])[] {
    const named = this.#waiting.get(messageId);
    if (this.#mode === 'client-individual') return named === undefined ? [] : [[messageId, named]];
    const signal = named === undefined ? this.#signals.numberOf(messageId) : undefined;
    if (named === undefined && signal === undefined) return [];
    const answered: (readonly [string, Sent])[] = [];
    for (const one of this.#waiting) {
      if (signal !== undefined && one[1].signals >= signal) break;
      answered.push(one);
      if (one[1] === named) break;
    }
    return answered;
  }

  /** Conversations in which entries were sent that the cursor is not over, and the last of these. */
  *unproven(): IterableIterator<{ readonly conversation: Conversation; readonly seq: number }> {
    for (const place of this.#places.values()) {
      if (reached(place) < place.sent) yield { conversation: place.conversation, seq: place.sent };
    }
  }

  #placeOf({ conversationId, conversationNo }: LogEntry): Place {
    let place = this.#places.get(conversationNo);
    if (place === undefined) {
      const conversation = { conversationId, conversationNo };
      place = { conversation, sent: 0, waiting: new Set(), refused: Infinity, cursor: 0, foreign: false };
      this.#places.set(conversationNo, place);
    }
    return place;
  }

  #tellRoom(): void {
    if (this.#onRoom === undefined || this.#waiting.size * 2 > this.#size) return;
    const tell = this.#onRoom;
    this.#onRoom = undefined;
    // Not in the midst of an ACK, which may be cumulative or one of many.
    queueMicrotask(tell);
  }
}

function reached({ sent, waiting, refused }: Place): number {
  const [lowest = sent + 1] = waiting;
  return Math.min(lowest, refused) - 1;
}

function moved(place: Place): Acknowledged | undefined {
  const seq = reached(place);
  if (seq <= place.cursor) return undefined;
  const { conversation, foreign } = place;
  place.cursor = seq;
  place.foreign = false;
  return { conversation, seq, foreign };
}
