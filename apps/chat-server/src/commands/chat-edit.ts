import { ChatEditBody, ChatError, SendDestination } from '@chat/protocol';
import type { EntryContent, OpenConversation } from '../conversations/log-entry.ts';
import type { Principal } from '../identity/principal.ts';
import { BodySchema } from './body-schema.ts';
import { openedFor, type ChangeParts } from './change-parts.ts';
import { EntryCommand } from './entry-command.ts';
import type { Draft, EntrySubmission } from './entry-submission.ts';
import { mentionsOf, namedIn } from './mentions.ts';
import { checkText } from './message-text.ts';

/** `/app/chat.edit`: an EDIT entry, which gives one's own message another text. */
export class ChatEdit extends EntryCommand {
  readonly destination = SendDestination.chatEdit;
  readonly #parts: ChangeParts & { readonly messageCodePoints: number };
  readonly #schema = new BodySchema(SendDestination.chatEdit, ChatEditBody);

  constructor(parts: ChangeParts & { readonly messageCodePoints: number }, submission: EntrySubmission) {
    super(submission);
    this.#parts = parts;
  }

  async prepare(raw: unknown, sender: Principal): Promise<Draft> {
    const body = this.#schema.check(raw);
    checkText(body.message, this.#parts.messageCodePoints);
    const conversation = await openedFor(this.#parts, body, sender);
    const content: EntryContent = { type: 'EDIT', message: body.message, details: { target: body.target } };
    const complete = (): Promise<EntryContent> => this.#complete(content, conversation, body, sender.userNo);
    return { ...content, conversation, sender, clientId: body.clientId, complete };
  }

  async #complete(content: EntryContent, conversation: OpenConversation, body: ChatEditBody, userNo: number): Promise<EntryContent> {
    const { targets } = this.#parts;
    const target = await targets.find(conversation, body.target, userNo);
    if (!target.own) throw new ChatError('forbidden', 'Only who wrote a message may edit it.');
    if (target.forwarded) throw new ChatError('forbidden', 'What was passed on stays as it was written.');
    const mentions = await mentionsOf(namedIn(body.message), conversation, targets);
    return mentions.length === 0 ? content : { ...content, details: { ...content.details, mentions } };
  }
}
