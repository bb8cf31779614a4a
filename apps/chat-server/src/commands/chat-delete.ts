import { ChatDeleteBody, ChatError, SendDestination } from '@chat/protocol';
import type { EntryContent } from '../conversations/log-entry.ts';
import { BodySchema } from './body-schema.ts';
import { openedFor, type ChangeParts } from './change-parts.ts';
import type { Caller, Command, Outcome } from './command-table.ts';

/** `/app/chat.delete`: a DELETE entry, with which the text of a message is gone for everyone. */
export class ChatDelete implements Command {
  readonly destination = SendDestination.chatDelete;
  readonly #parts: ChangeParts;
  readonly #schema = new BodySchema(SendDestination.chatDelete, ChatDeleteBody);

  constructor(parts: ChangeParts) {
    this.#parts = parts;
  }

  async handle(raw: unknown, { principal }: Caller, outcome: Outcome): Promise<void> {
    const body = this.#schema.check(raw);
    const conversation = await openedFor(this.#parts, body, principal);
    const content: EntryContent = { type: 'DELETE', message: null, details: { target: body.target } };
    const draft = { ...content, conversation, sender: principal, clientId: body.clientId };
    await this.#parts.submission.submit(draft, outcome, async () => {
      const target = await this.#parts.targets.find(conversation, body.target, principal.userNo);
      if (!target.own && !target.moderator) {
        throw new ChatError('forbidden', 'Only who wrote a message, and the moderators of a room, may delete it.');
      }
      return content;
    });
  }
}
