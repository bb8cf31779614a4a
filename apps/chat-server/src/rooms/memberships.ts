import type { MembershipChange as MembershipAnswer } from '@chat/protocol';
import { entryId, serverKey, toLogEntry, type LogEntry, type StoredEntry } from '../conversations/log-entry.ts';
import type { MembershipChange, MembershipStore, NewRoom, RoleChange } from '../conversations/membership-store.port.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import { refusalError } from '../conversations/refusals.ts';

export type MembershipsParts = {
  readonly store: MembershipStore;
  /** Told of entries that are in the log, so that everybody gets them. */
  readonly onCommitted: (entries: readonly LogEntry[]) => void;
  /** Makes an idempotency key that nobody else makes. */
  readonly newKey: () => string;
  readonly giveUpMs?: number;
  readonly retryMs?: number;
};

/** Each variant of a union without a field. */
type Without<Union, Name extends PropertyKey> = Union extends unknown ? Omit<Union, Name> : never;

/** A change as it is asked for. Without a key of the client's own it cannot be repeated. */
export type WantedChange = Without<MembershipChange, 'key'> & { readonly key?: string };

/** What it came to: the JOIN or LEAVE that holds, `undefined` where there has never been one. */
export type Changed = { readonly entry: StoredEntry | undefined; readonly changed: boolean };

/**
 * Joining and leaving: stored, then told to everyone, as sends are. A change whose outcome is unknown is asked for again
 * with the same key until it is known. All of it throws `ChatError` for what may not be, and `StoreUnavailable` when the
 * store is away; with `outcomeKnown` false the change may have happened, and whoever is here hears of it by catch-up.
 */
export class Memberships {
  readonly #parts: MembershipsParts;

  constructor(parts: MembershipsParts) {
    this.#parts = parts;
  }

  async create(room: Omit<NewRoom, 'key'>): Promise<void> {
    const key = this.#parts.newKey();
    const { answer } = await this.#untilKnown(() => this.#parts.store.createRoom({ ...room, key }));
    this.#parts.onCommitted([toLogEntry(answer)]);
  }

  async change(wanted: WantedChange): Promise<Changed> {
    const change: MembershipChange = { ...wanted, key: wanted.key ?? this.#parts.newKey() };
    const { answer, repeated } = await this.#untilKnown(() => this.#parts.store.changeMembership(change));
    if ('refused' in answer) throw refusalError(answer.refused);
    // Unchanged by a repeat may mean: changed by the attempt whose answer was lost.
    if (answer.entry !== undefined && (answer.changed || repeated)) this.#parts.onCommitted([toLogEntry(answer.entry)]);
    return answer;
  }

  async changeRole(change: RoleChange): Promise<void> {
    const { answer } = await this.#untilKnown(() => this.#parts.store.changeRole(change));
    if (answer !== 'changed') throw refusalError(answer.refused);
  }

  async archive(roomId: string, by: RoleChange['by'], archived: boolean): Promise<void> {
    const { answer } = await this.#untilKnown(() => this.#parts.store.archive(roomId, by, archived));
    if (answer !== 'changed') throw refusalError(answer.refused);
  }

  async #untilKnown<Answer>(ask: () => Promise<Answer>): Promise<{ readonly answer: Answer; readonly repeated: boolean }> {
    const { giveUpMs = 10_000, retryMs = 200 } = this.#parts;
    const giveUpAt = performance.now() + giveUpMs;
    for (let repeated = false; ; repeated = true) {
      try {
        return { answer: await ask(), repeated };
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        const known = error.outcomeKnown && !repeated;
        if (known || performance.now() > giveUpAt) throw known ? error : unknownOutcome(error);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }
}

/** The last attempt may say that it did nothing: an earlier one may have. */
function unknownOutcome(cause: StoreUnavailable): StoreUnavailable {
  return new StoreUnavailable(cause.message, false, cause);
}

/** The answer over HTTP; `undefined` where there has never been a membership. */
export function membershipAnswer(userId: string, { entry, changed }: Changed): MembershipAnswer | undefined {
  if (entry === undefined) return undefined;
  const { conversationId, conversationNo, seq, sentAt, type } = entry;
  const roomId = conversationId.slice('room:'.length);
  return { roomId, conversationId, userId, member: type === 'JOIN', seq, id: entryId(sentAt, conversationNo, seq), changed };
}

/** Keys of changes without one of the client's own, apart from those of this start's other entries. */
export function membershipKeys(epoch: number): () => string {
  let made = 0;
  return () => `${serverKey(epoch, ++made)}/membership`;
}
