import { ChatError } from '@chat/protocol';
import { GroupOutcomes, type GroupOutcome } from './append-group.ts';
import { unitsOf, wholeUnits, type EntryGroup } from './entry-groups.ts';
import { toLogEntry, type LogEntry, sameContent } from './log-entry.ts';
import { StoreUnavailable, type Appended, type MessageStore, type NewEntry, type Refused } from './message-store.port.ts';
import { refusalError } from './refusals.ts';

/** What became of a send: exactly one of these is called, once. */
export interface AppendOutcome {
  /** Committed. `repeated`: it had been stored before, under the same key and with the same content. */
  onStored(entry: LogEntry, repeated: boolean): void;
  /** Certainly not stored; `refused` says whose fault that was, where the store decided about this entry. */
  onRefused(error: ChatError, refused?: 'by-itself' | 'with-its-group'): void;
  /** Nobody knows. The sender's connection has to end without an answer; its retry will find out. */
  onUnknown(): void;
}

export interface AppenderListener {
  /** Entries just committed, repeats included: whoever stored a repeat first may have died before telling anyone. */
  onCommitted(entries: readonly LogEntry[]): void;
  /**
   * The sender of an entry may write under this leave version; `undefined`: may not any more. Told only where somebody
   * left, or the room was archived, since the sender was last seen to be in it.
   */
  onWriter?(entry: NewEntry, leaveVersion: number | undefined): void;
  /** The store stopped answering, or answers again. */
  onAvailability(available: boolean): void;
  /** The database refused an entry for a reason that only a defect here explains. */
  onDefect(error: unknown): void;
}

export type AppenderOptions = {
  /** Entries in one statement at most. */
  readonly batchSize?: number;
  /** Bound of the queue; past it a send is refused with `unavailable`. */
  readonly queueLimit?: number;
  /** The same for the characters of the waiting texts. */
  readonly queueCharacters?: number;
  /** How long an entry may wait for a store that is away before it is refused. */
  readonly waitMs?: number;
  /** How long a batch of unknown outcome is repeated before its senders' connections are closed. */
  readonly giveUpMs?: number;
  readonly retryMs?: number;
  /**
   * Statements begin at least this far apart. A send that finds the appender at rest is stored at once; under load this
   * makes batches of what would be single entries, and everything behind the commit works in batches as well.
   */
  readonly spacingMs?: number;
};

type Waiting = { readonly entry: NewEntry; readonly outcome: AppendOutcome; readonly since: number };

/**
 * The one appender of a server: one statement in flight, what arrives meanwhile is the next batch. Sends of a session
 * keep their order, and batches grow with load by themselves ([A1]).
 *
 * Bounded by `queueLimit` entries and `queueCharacters`; past either sends are refused with `unavailable`.
 */
export class Appender {
  readonly #store: MessageStore;
  readonly #listener: AppenderListener;
  readonly #batchSize: number;
  readonly #queueLimit: number;
  readonly #queueCharacters: number;
  readonly #waitMs: number;
  readonly #giveUpMs: number;
  readonly #retryMs: number;
  readonly #spacingMs: number;
  #queue: Waiting[] = [];
  #characters = 0;
  #running: Promise<void> | undefined;
  #available = true;
  #stopped = false;
  /** From when on a store that is away is not waited for. */
  #endBy = Infinity;
  #refusedAtEnd = 0;
  #checking = false;

  constructor(store: MessageStore, listener: AppenderListener, options: AppenderOptions = {}) {
    this.#store = store;
    this.#listener = listener;
    this.#batchSize = options.batchSize ?? 500;
    this.#queueLimit = options.queueLimit ?? 20_000;
    this.#queueCharacters = options.queueCharacters ?? 16 * 1024 * 1024;
    this.#waitMs = options.waitMs ?? 3_000;
    this.#giveUpMs = options.giveUpMs ?? 30_000;
    this.#retryMs = options.retryMs ?? 200;
    this.#spacingMs = options.spacingMs ?? 5;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Characters of the waiting texts. */
  get queuedCharacters(): number {
    return this.#characters;
  }

  get available(): boolean {
    return this.#available;
  }

  submit(entry: NewEntry, outcome: AppendOutcome): void {
    if (!this.#hasRoom(1)) return outcome.onRefused(unavailable());
    this.#enqueue({ entry, outcome, since: performance.now() });
  }

  /** All of them are stored, side by side in one transaction of the database, or none. */
  submitGroup(entries: readonly NewEntry[], outcome: GroupOutcome): void {
    if (!this.#hasRoom(entries.length)) return outcome.onRefused(unavailable(), undefined);
    const group: EntryGroup = Symbol('entries stored together');
    const outcomes = new GroupOutcomes(entries.length, outcome);
    const since = performance.now();
    entries.forEach((entry, i) => this.#enqueue({ entry: { ...entry, group }, outcome: outcomes.at(i), since }));
  }

  #hasRoom(entries: number): boolean {
    return !this.#stopped && this.#queue.length + entries <= this.#queueLimit && this.#characters < this.#queueCharacters;
  }

  #enqueue(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.#characters += lengthOf(waiting.entry);
    this.#running ??= this.#run();
  }

  /**
   * For a send that may not be stored now, because of a limit: if it is the repeat of a stored one it gets that one's
   * outcome all the same ([A4]), otherwise the refusal.
   */
  async submitRepeatOnly(entry: NewEntry, outcome: AppendOutcome, refusal: ChatError): Promise<void> {
    try {
      const repeat = await this.#store.findRepeat(entry);
      if (repeat === undefined) outcome.onRefused(refusal);
      else this.#settle([{ entry, outcome, since: 0 }], [repeat]);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      outcome.onRefused(unavailable());
    }
  }

  /** What is stored under this entry's key, if it says the same. Throws `ChatError` unavailable. */
  async findRepeat(entry: NewEntry): Promise<Appended | undefined> {
    try {
      const repeat = await this.#store.findRepeat(entry);
      return repeat?.repeatOf !== undefined && sameContent(repeat.repeatOf, entry) ? repeat : undefined;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      throw unavailable();
    }
  }

  /**
   * Asks whether the store answers while nothing is being appended, which would tell as well: a server that is sent nobody
   * because its store was away would otherwise never learn that it is back.
   */
  async check(): Promise<void> {
    if (this.#checking || this.#running !== undefined) return;
    this.#checking = true;
    const answers = await this.#store.lastSeqs([]).then(
      () => true,
      (error: unknown) => !(error instanceof StoreUnavailable),
    );
    this.#checking = false;
    if (this.#running === undefined) this.#setAvailable(answers);
  }

  /**
   * Takes nothing more; resolves when what was taken has its outcome, with how many of it were not, or not knowingly,
   * stored. A store that is away is tried for this long.
   */
  async stop(withinMs = Infinity): Promise<number> {
    this.#stopped = true;
    this.#endBy = performance.now() + withinMs;
    await this.#running;
    return this.#refusedAtEnd;
  }

  async #run(): Promise<void> {
    // Lets everything that this turn of the event loop still brings into the first batch.
    await nextTurn();
    while (this.#queue.length > 0) {
      const batch = this.#take(wholeUnits(this.#queue, Math.min(this.#queue.length, this.#batchSize), groupOf));
      const began = performance.now();
      await this.#append(batch);
      await this.#rest(began);
    }
    this.#running = undefined;
  }

  #take(count: number): readonly Waiting[] {
    const taken = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    for (const { entry } of taken) this.#characters -= lengthOf(entry);
    return taken;
  }

  /** Statements begin this far apart, see `spacingMs`. */
  async #rest(began: number): Promise<void> {
    const left = this.#spacingMs - (performance.now() - began);
    if (left >= 1 && !this.#stopped) await delay(left);
  }

  /** Brings one batch to its outcome, however often it takes ([A3]). */
  async #append(batch: readonly Waiting[], triedBefore = false): Promise<void> {
    const started = performance.now();
    let maybeStored = triedBefore;
    for (;;) {
      try {
        const appended = await this.#store.append(batch.map((waiting) => waiting.entry));
        this.#setAvailable(true);
        this.#settle(batch, appended);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) return await this.#appendOneByOne(batch, error, maybeStored);
        this.#setAvailable(false);
        maybeStored ||= !error.outcomeKnown;
        const now = performance.now();
        if (!maybeStored && (now - started > this.#waitMs || now > this.#endBy)) return this.#refuse(batch);
        if (now - started > this.#giveUpMs || now > this.#endBy) return this.#abandon(batch);
        this.#refuseOverdue(now);
        await delay(this.#retryMs);
      }
    }
  }

  /** The database refused the statement itself: one entry spoils the batch, and the others must not suffer from it. */
  async #appendOneByOne(batch: readonly Waiting[], cause: unknown, maybeStored: boolean): Promise<void> {
    const units = unitsOf(batch, groupOf);
    if (units.length === 1) {
      for (const { outcome } of batch) {
        // This attempt stored nothing; an earlier one may have.
        if (maybeStored) outcome.onUnknown();
        else outcome.onRefused(new ChatError('internal', 'The message could not be stored.'));
      }
      this.#listener.onDefect(cause);
      return;
    }
    for (const unit of units) await this.#append(unit, maybeStored);
  }

  #settle(batch: readonly Waiting[], answers: readonly (Appended | Refused)[]): void {
    const committed: LogEntry[] = [];
    const outcomes: (() => void)[] = [];
    batch.forEach(({ entry, outcome }, i) => {
      const place = answers[i];
      if (place === undefined) throw new Error('The store answered fewer entries than it was given.');
      if ('refused' in place) {
        const byItself = place.companion === undefined;
        if (byItself && place.refused !== 'conflict') this.#listener.onWriter?.(entry, undefined);
        outcomes.push(() => outcome.onRefused(refusalError(place.refused), byItself ? 'by-itself' : 'with-its-group'));
        return;
      }
      if (place.leaveVersion !== undefined) this.#listener.onWriter?.(entry, place.leaveVersion);
      if (place.repeatOf !== undefined && !sameContent(place.repeatOf, entry)) {
        outcomes.push(() => outcome.onRefused(refusalError('conflict')));
        return;
      }
      // What is stored may say less by now: it may have been deleted for everyone.
      const { type, message, details } = place.repeatOf ?? entry;
      const stored = toLogEntry({
        conversationId: entry.conversation.conversationId,
        conversationNo: entry.conversation.conversationNo,
        seq: place.seq,
        sentAt: place.sentAt,
        type,
        from: entry.from,
        key: entry.key,
        message,
        details,
      });
      committed.push(stored);
      outcomes.push(() => outcome.onStored(stored, place.repeatOf !== undefined));
    });
    // Only after the commit ([A5]): the receipts, the echo, and everybody else.
    for (const tell of outcomes) tell();
    this.#listener.onCommitted(committed);
  }

  #refuse(batch: readonly Waiting[]): void {
    if (this.#stopped) this.#refusedAtEnd += batch.length;
    for (const { outcome } of batch) outcome.onRefused(unavailable());
  }

  #abandon(batch: readonly Waiting[]): void {
    if (this.#stopped) this.#refusedAtEnd += batch.length;
    for (const { outcome } of batch) outcome.onUnknown();
  }

  /** What waits behind a batch of unknown outcome has certainly not been sent to the store. */
  #refuseOverdue(now: number): void {
    let overdue = 0;
    while (overdue < this.#queue.length && now - (this.#queue[overdue]?.since ?? now) > this.#waitMs) overdue++;
    if (overdue > 0) this.#refuse(this.#take(overdue));
  }

  #setAvailable(available: boolean): void {
    if (available === this.#available) return;
    this.#available = available;
    this.#listener.onAvailability(available);
  }
}

function groupOf({ entry }: Waiting): EntryGroup | undefined {
  return entry.group;
}

function lengthOf({ message }: NewEntry): number {
  return message?.length ?? 0;
}

function unavailable(): ChatError {
  return new ChatError('unavailable', 'Messages cannot be stored right now. Try again.', 1_000);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
