import { ChatDeleteBody, ChatError, SendDestination } from '@chat/protocol';
import type { EntryContent } from '../conversations/log-entry.ts';
import type { Principal } from '../identity/principal.ts';
import { BodySchema } from './body-schema.ts';
import { openedFor, type ChangeParts } from './change-parts.ts';
import { EntryCommand } from './entry-command.ts';
import type { Draft, EntrySubmission } from './entry-submission.ts';

/** `/app/chat.delete`: a DELETE entry, with which the text of a message is gone for everyone. */
export class ChatDelete extends EntryCommand {
  readonly destination = SendDestination.chatDelete;
  readonly #parts: ChangeParts;
  readonly #schema = new BodySchema(SendDestination.chatDelete, ChatDeleteBody);

  constructor(parts: ChangeParts, submission: EntrySubmission) {
    super(submission);
    this.#parts = parts;
  }

  async prepare(raw: unknown, sender: Principal): Promise<Draft> {
    const body = this.#schema.check(raw);
    const conversation = await openedFor(this.#parts, body, sender);
    const content: EntryContent = { type: 'DELETE', message: null, details: { target: body.target } };
    const complete = async (): Promise<EntryContent> => {
      const target = await this.#parts.targets.find(conversation, body.target, sender.userNo);
      if (!target.own && !target.moderator) {
        throw new ChatError('forbidden', 'Only who wrote a message, and the moderators of a room, may delete it.');
      }
      return content;
    };
    return { ...content, conversation, sender, clientId: body.clientId, complete };
  }
}
