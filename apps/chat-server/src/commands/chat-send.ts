import { addressOf, ChatError, ChatSendBody, exceedsCodePoints, SendDestination } from '@chat/protocol';
import type { Appender, AppendOutcome } from '../conversations/appender.ts';
import type { ConversationBook } from '../conversations/conversation-book.ts';
import { clientKey, serverKey, type Conversation, type LogEntry } from '../conversations/log-entry.ts';
import { BodySchema } from './body-schema.ts';
import type { Caller, Command, Outcome } from './command-table.ts';
import type { SendRates } from './send-rates.ts';

export type ChatSendParts = {
  readonly appender: Appender;
  readonly conversations: ConversationBook;
  readonly rates: SendRates;
  readonly messageCodePoints: number;
  /** Told of each send before it is stored. */
  readonly onSend: (conversationId: string, from: string) => void;
  /** This server's start, which makes its own keys unique. */
  readonly epoch: number;
};

/** `/app/chat.send`: a CHAT entry. */
export class ChatSend implements Command {
  readonly destination = SendDestination.chatSend;
  readonly #parts: ChatSendParts;
  readonly #schema = new BodySchema(SendDestination.chatSend, ChatSendBody);
  #sent = 0;

  constructor(parts: ChatSendParts) {
    this.#parts = parts;
  }

  handle(raw: unknown, caller: Caller, outcome: Outcome): void | Promise<void> {
    const body = this.#schema.check(raw);
    this.#checkText(body.message);
    const { principal } = caller;
    const conversationId = addressOf(body, principal.userId);
    this.#parts.onSend(conversationId, principal.userId);
    const known = this.#parts.conversations.known(conversationId, principal);
    if (known !== undefined) return this.#append(known, body, caller, outcome);
    return this.#parts.conversations.open(conversationId, principal).then((conversation) => this.#append(conversation, body, caller, outcome));
  }

  #checkText(message: string): void {
    if (exceedsCodePoints(message, this.#parts.messageCodePoints)) {
      throw new ChatError('too-large', `The message is longer than ${this.#parts.messageCodePoints} characters.`);
    }
    // PostgreSQL stores neither, and one such text would spoil the batch of everyone in it.
    if (message.includes('\0') || !message.isWellFormed()) {
      throw new ChatError('bad-request', 'The message contains a NUL or half a character.');
    }
  }

  #append(conversation: Conversation, body: ChatSendBody, caller: Caller, outcome: Outcome): void | Promise<void> {
    const { principal } = caller;
    const entry = {
      conversation,
      senderNo: principal.userNo,
      from: principal.userId,
      type: 'CHAT' as const,
      key: body.clientId === undefined ? serverKey(this.#parts.epoch, ++this.#sent) : clientKey(body.clientId),
      message: body.message,
      details: body.replyTo === undefined ? null : { replyTo: body.replyTo },
    };
    const tooFast = this.#parts.rates.take(principal.userId, 1);
    if (tooFast === undefined) return this.#parts.appender.submit(entry, new SendOutcome(outcome));
    if (body.clientId === undefined) return outcome.refused(tooFast);
    return this.#parts.appender.submitRepeatOnly(entry, new SendOutcome(outcome), tooFast);
  }
}

class SendOutcome implements AppendOutcome {
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
