import { ChatError } from '@chat/protocol';
import type { GroupOutcome, StoredOfGroup } from '../conversations/append-group.ts';
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
  /**
   * Looks up what the entry needs, and throws `ChatError` if it may not be stored. Without it everything is known, and
   * the entry can be on its way at once.
   */
  readonly complete?: (() => Promise<EntryContent>) | undefined;
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

  submit(draft: Draft, outcome: Outcome): void | Promise<void> {
    const tooFast = this.#parts.rates.take(draft.sender.userId, 1);
    if (tooFast !== undefined) return this.#refuse(draft, outcome, tooFast);
    if (draft.complete === undefined) return this.#append(draft, outcome);
    return orUnavailable(draft.complete()).then(
      (content) => this.#append({ ...draft, ...content }, outcome),
      (error: unknown) => {
        if (!(error instanceof ChatError)) throw error;
        return this.#refuse(draft, outcome, error);
      },
    );
  }

  /** All are stored or none ([A7]). Rejects with nothing but defects. */
  async submitTogether(drafts: readonly Draft[], outcome: GroupOutcome): Promise<void> {
    const [first] = drafts;
    if (first === undefined) return outcome.onStored([]);
    const entries = drafts.map((draft) => this.#entry(draft));
    const tooFast = this.#parts.rates.take(first.sender.userId, drafts.length);
    for (const [i, draft] of drafts.entries()) {
      const entry = entries[i];
      if (entry === undefined) continue;
      try {
        // What is there already needs no token, and may not be possible any more.
        if (tooFast !== undefined) await this.#requireRepeat(entry, tooFast);
        else if (draft.complete !== undefined) entries[i] = await this.#completed(entry, draft.complete);
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        return outcome.onRefused(error, tooFast === undefined ? i : undefined);
      }
    }
    this.#parts.appender.submitGroup(entries, outcome);
  }

  async #completed(entry: NewEntry, complete: () => Promise<EntryContent>): Promise<NewEntry> {
    try {
      return { ...entry, ...(await orUnavailable(complete())) };
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      await this.#requireRepeat(entry, error);
      return entry;
    }
  }

  async #requireRepeat(entry: NewEntry, refusal: ChatError): Promise<void> {
    if ((await this.#parts.appender.findRepeat(entry)) === undefined) throw refusal;
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
    tellStored(this.#outcome, { entry, repeated });
  }

  onRefused(error: ChatError): void {
    this.#outcome.refused(error);
  }

  onUnknown(): void {
    this.#outcome.unknown();
  }
}

/** Gives a SEND the place of its entry. */
export function tellStored(outcome: Outcome, { entry, repeated }: StoredOfGroup): void {
  const headers = { 'conversation-id': entry.conversationId, seq: String(entry.seq), id: entry.id };
  if (repeated) outcome.repeated(entry, headers);
  else outcome.done(headers);
}

async function orUnavailable<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new ChatError('unavailable', 'Messages cannot be stored right now. Try again.', 1_000);
    throw error;
  }
}
