import { ChatError, type Frame } from '@chat/protocol';
import type { Caller, CommandTable } from '../commands/command-table.ts';
import { EntryCommand } from '../commands/entry-command.ts';
import { tellStored, type Draft, type EntrySubmission } from '../commands/entry-submission.ts';
import type { GroupOutcome, StoredOfGroup } from '../conversations/append-group.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { destinationOf, receiptOf } from './frame-headers.ts';
import { clientIdOf, parseJson } from './send-body.ts';
import { SendOutcome, type SendAnswers } from './send-outcome.ts';

export type TransactionCommitParts = {
  readonly commands: CommandTable;
  readonly submission: Pick<EntrySubmission, 'submitTogether'>;
  readonly caller: Caller;
  readonly answers: SendAnswers;
  readonly acknowledgements: Acknowledgements;
};

/** A SEND of a transaction, with what came of reading it. */
type Read = { readonly outcome: SendOutcome; readonly destination: string; readonly draft: () => Draft | Promise<Draft> };

/** COMMIT of one session's transactions: everything in it is stored together, or nothing. */
export class TransactionCommit {
  readonly #parts: TransactionCommitParts;

  constructor(parts: TransactionCommitParts) {
    this.#parts = parts;
  }

  /** While the promise is pending no further frame may be handled: then all SENDs have their place in the order. */
  async commit(frame: Frame, kept: readonly Frame[]): Promise<void> {
    const { answers } = this.#parts;
    const commit = new SendOutcome(answers, { destination: undefined, receipt: receiptOf(frame), clientId: undefined });
    const sends = kept.filter(({ command }) => command === 'SEND').map((send) => this.#read(send));
    const outcome = new CommitOutcome(sends, commit, receiptOf(frame) !== undefined, (done) => this.#acknowledge(kept, done));
    const drafts: Draft[] = [];
    for (const [i, { draft }] of sends.entries()) {
      try {
        drafts.push(await draft());
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        return outcome.onRefused(error, i);
      }
    }
    return this.#parts.submission.submitTogether(drafts, outcome);
  }

  #read(frame: Frame): Read {
    const { commands, caller, answers } = this.#parts;
    const destination = destinationOf(frame);
    let clientId: string | undefined;
    let draft: Read['draft'];
    try {
      const command = commands.at(destination);
      const body = parseJson(frame);
      clientId = clientIdOf(body);
      if (!(command instanceof EntryCommand)) {
        throw new ChatError('bad-request', `${destination} cannot be part of a transaction: it stores no message.`);
      }
      draft = () => command.prepare(body, caller.principal);
    } catch (error) {
      draft = () => {
        throw error;
      };
    }
    return { outcome: new SendOutcome(answers, { destination, receipt: receiptOf(frame), clientId }), destination, draft };
  }

  /** `done` when each has been answered. */
  #acknowledge(kept: readonly Frame[], done: () => void): void {
    const frames = kept.filter(({ command }) => command !== 'SEND');
    let left = frames.length + 1;
    const answered = (): void => {
      if (--left === 0) done();
    };
    for (const frame of frames) this.#parts.acknowledgements.handle(frame, answered);
    answered();
  }
}

/** Answers SEND by SEND, and the COMMIT. */
class CommitOutcome implements GroupOutcome {
  readonly #sends: readonly Read[];
  readonly #commit: SendOutcome;
  readonly #wantsReceipt: boolean;
  readonly #afterwards: (done: () => void) => void;

  constructor(sends: readonly Read[], commit: SendOutcome, wantsReceipt: boolean, afterwards: (done: () => void) => void) {
    this.#sends = sends;
    this.#commit = commit;
    this.#wantsReceipt = wantsReceipt;
    this.#afterwards = afterwards;
  }

  onStored(stored: readonly StoredOfGroup[]): void {
    this.#sends.forEach(({ outcome }, i) => {
      const entry = stored[i];
      if (entry !== undefined) tellStored(outcome, entry);
    });
    this.#afterwards(() => this.#commit.done());
  }

  /** The COMMIT's error comes first: a session without /user/queue/errors ends with it. */
  onRefused(error: ChatError, guilty: number | undefined): void {
    const because = companionError(error, guilty, guilty === undefined ? undefined : this.#sends[guilty]?.destination);
    if (this.#wantsReceipt) this.#commit.refused(because);
    if (guilty !== undefined) this.#sends[guilty]?.outcome.refused(error);
    for (const { outcome } of this.#sends) outcome.refused(because); // but the one that has its answer
    // Nobody waits for an answer to it.
    if (!this.#wantsReceipt) this.#commit.done();
  }

  onUnknown(): void {
    for (const { outcome } of this.#sends) outcome.unknown();
    this.#commit.unknown();
  }
}

/** What those are told that would have been stored but for one other. */
function companionError(error: ChatError, guilty: number | undefined, destination: string | undefined): ChatError {
  const { code, message, retryAfterMs } = error;
  const why = guilty === undefined ? message : `SEND ${guilty + 1} of it, to ${destination}, was refused: ${message}`;
  return new ChatError(code, `Nothing of the transaction was stored. ${why}`, retryAfterMs);
}
