import type { Principal } from '../identity/principal.ts';
import type { Caller, Command, Outcome } from './command-table.ts';
import type { Draft, EntrySubmission } from './entry-submission.ts';

/** A command that makes one entry of a log. Such ones can be part of a transaction. */
export abstract class EntryCommand implements Command {
  abstract readonly destination: string;
  readonly #submission: EntrySubmission;

  constructor(submission: EntrySubmission) {
    this.#submission = submission;
  }

  /** The entry that a body asks for, checked as far as can be without taking a token. Throws `ChatError`. */
  abstract prepare(body: unknown, sender: Principal): Draft | Promise<Draft>;

  handle(body: unknown, { principal }: Caller, outcome: Outcome): void | Promise<void> {
    const draft = this.prepare(body, principal);
    if (draft instanceof Promise) return draft.then((prepared) => this.#submission.submit(prepared, outcome));
    return this.#submission.submit(draft, outcome);
  }
}
