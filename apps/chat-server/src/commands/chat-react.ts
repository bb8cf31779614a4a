import { ChatReactBody, SendDestination } from '@chat/protocol';
import type { EntryContent } from '../conversations/log-entry.ts';
import type { Principal } from '../identity/principal.ts';
import { BodySchema } from './body-schema.ts';
import { openedFor, type ChangeParts } from './change-parts.ts';
import { normalizedEmoji } from './emoji.ts';
import { EntryCommand } from './entry-command.ts';
import type { Draft, EntrySubmission } from './entry-submission.ts';

/** `/app/chat.react`: a REACTION entry, which sets an emoji on a message or takes it back. */
export class ChatReact extends EntryCommand {
  readonly destination = SendDestination.chatReact;
  readonly #parts: ChangeParts;
  readonly #schema = new BodySchema(SendDestination.chatReact, ChatReactBody);

  constructor(parts: ChangeParts, submission: EntrySubmission) {
    super(submission);
    this.#parts = parts;
  }

  async prepare(raw: unknown, sender: Principal): Promise<Draft> {
    const body = this.#schema.check(raw);
    const emoji = normalizedEmoji(body.emoji);
    const conversation = await openedFor(this.#parts, body, sender);
    const content: EntryContent = { type: 'REACTION', message: null, details: { target: body.target, emoji, on: body.on } };
    const complete = async (): Promise<EntryContent> => {
      const { targets } = this.#parts;
      await targets.find(conversation, body.target, sender.userNo);
      if (body.on) await targets.requireRoomForReaction(conversation, body.target, sender.userNo, emoji);
      return content;
    };
    return { ...content, conversation, sender, clientId: body.clientId, complete };
  }
}
