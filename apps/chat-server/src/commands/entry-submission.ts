import { ChatError } from '@chat/protocol';
import type { Appender, AppendOutcome } from '../conversations/appender.ts';
import { clientKey, serverKey, type EntryContent, type LogEntry, type OpenConversation } from '../conversations/log-entry.ts';
import { StoreUnavailable, type NewEntry } from '../conversations/message-store.port.ts';
import type { Principal } from '../identity/principal.ts';
import type { Outcome } from './command-table.ts';
import type { SendRates } from './send-rates.ts';

export type EntrySubmissionParts = {
  readonly appender: Appender;
  readonly rates: SendRates;
  /** This server's start, which makes its own keys unique. */
  readonly epoch: number;
};

export type Draft = EntryContent & {
  readonly conversation: OpenConversation;
  readonly sender: Principal;
  readonly clientId: string | undefined;
};

/**
 * How commands give entries to the log: each takes one token, and the repeat of a stored one gets its outcome whatever
 * stands against it by now ([A4]).
 */
export class EntrySubmission {
  readonly #parts: EntrySubmissionParts;
  #submitted = 0;

  constructor(parts: EntrySubmissionParts) {
    this.#parts = parts;
  }

  /**
   * `complete` looks up what the entry needs, and throws `ChatError` if it may not be stored. Without it everything is
   * known, and the entry is on its way when this returns.
   */
  submit(draft: Draft, outcome: Outcome, complete?: () => Promise<EntryContent>): void | Promise<void> {
    const tooFast = this.#parts.rates.take(draft.sender.userId, 1);
    if (tooFast !== undefined) return this.#refuse(draft, outcome, tooFast);
    if (complete === undefined) return this.#append(draft, outcome);
    return orUnavailable(complete()).then(
      (content) => this.#append({ ...draft, ...content }, outcome),
      (error: unknown) => {
        if (!(error instanceof ChatError)) throw error;
        return this.#refuse(draft, outcome, error);
      },
    );
  }

  #append(draft: Draft, outcome: Outcome): void {
    this.#parts.appender.submit(this.#entry(draft), new SubmissionOutcome(outcome));
  }

  #refuse(draft: Draft, outcome: Outcome, refusal: ChatError): void | Promise<void> {
    if (draft.clientId === undefined) return outcome.refused(refusal);
    return this.#parts.appender.submitRepeatOnly(this.#entry(draft), new SubmissionOutcome(outcome), refusal);
  }

  #entry({ conversation, sender, clientId, type, message, details }: Draft): NewEntry {
    const key = clientId === undefined ? serverKey(this.#parts.epoch, ++this.#submitted) : clientKey(clientId);
    return { conversation, senderNo: sender.userNo, from: sender.userId, type, key, message, details };
  }
}

class SubmissionOutcome implements AppendOutcome {
  readonly #outcome: Outcome;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  onStored(entry: LogEntry, repeated: boolean): void {
    const headers = { 'conversation-id': entry.conversationId, seq: String(entry.seq), id: entry.id };
    if (repeated) this.#outcome.repeated(entry, headers);
    else this.#outcome.done(headers);
  }

  onRefused(error: ChatError): void {
    this.#outcome.refused(error);
  }

  onUnknown(): void {
    this.#outcome.unknown();
  }
}

async function orUnavailable<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new ChatError('unavailable', 'Messages cannot be stored right now. Try again.', 1_000);
    throw error;
  }
}
