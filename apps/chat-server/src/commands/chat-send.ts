import { addressOf, ChatError, ChatSendBody, SendDestination } from '@chat/protocol';
import type { ConversationBook } from '../conversations/conversation-book.ts';
import type { EntryContent, EntryDetails, OpenConversation } from '../conversations/log-entry.ts';
import type { ChangeTargets } from '../history/change-targets.ts';
import type { ForwardSources } from '../history/forward-sources.ts';
import type { Principal } from '../identity/principal.ts';
import { BodySchema } from './body-schema.ts';
import { EntryCommand } from './entry-command.ts';
import type { Draft, EntrySubmission } from './entry-submission.ts';
import { mentionsOf, namedIn } from './mentions.ts';
import { checkText } from './message-text.ts';

export type ChatSendParts = {
  readonly conversations: ConversationBook;
  readonly targets: ChangeTargets;
  readonly sources: ForwardSources;
  readonly messageCodePoints: number;
  /** Told of each send before it is stored. */
  readonly onSend: (conversationId: string, from: string) => void;
};

/** `/app/chat.send`: a CHAT entry. */
export class ChatSend extends EntryCommand {
  readonly destination = SendDestination.chatSend;
  readonly #parts: ChatSendParts;
  readonly #schema = new BodySchema(SendDestination.chatSend, ChatSendBody);

  constructor(parts: ChatSendParts, submission: EntrySubmission) {
    super(submission);
    this.#parts = parts;
  }

  prepare(raw: unknown, sender: Principal): Draft | Promise<Draft> {
    const body = this.#schema.check(raw);
    this.#check(body);
    const conversationId = addressOf(body, sender.userId);
    this.#parts.onSend(conversationId, sender.userId);
    const known = this.#parts.conversations.known(conversationId, sender);
    if (known !== undefined) return this.#draft(known, body, sender);
    return this.#parts.conversations
      .openToRepeat(conversationId, sender)
      .then((conversation) => this.#draft(conversation, body, sender));
  }

  #check({ message, forward }: ChatSendBody): void {
    if ((message === undefined) === (forward === undefined)) {
      throw new ChatError('bad-request', `${this.destination}: send either message or forward.`);
    }
    if (message !== undefined) checkText(message, this.#parts.messageCodePoints);
  }

  #draft(conversation: OpenConversation, body: ChatSendBody, sender: Principal): Draft {
    const { message = null, replyTo, forward, clientId } = body;
    const details = replyTo === undefined && forward === undefined ? null : { replyTo, forward };
    const content: EntryContent = { type: 'CHAT', message, details };
    const named = message === null ? [] : namedIn(message);
    // What names nothing else is on its way at once.
    const complete = details === null && named.length === 0 ? undefined : () => this.#complete(content, conversation, named, sender);
    return { ...content, conversation, sender, clientId, complete };
  }

  /** Looks up what the message names: what it answers, what it passes on, whom it mentions. */
  async #complete(
    content: EntryContent,
    conversation: OpenConversation,
    named: readonly string[],
    sender: Principal,
  ): Promise<EntryContent> {
    const { targets, sources } = this.#parts;
    const { replyTo, forward } = content.details ?? {};
    if (replyTo !== undefined) await targets.requireReadable(conversation, replyTo, sender.userNo);
    if (forward !== undefined) {
      const { message, forwardedFrom } = await sources.read(forward, sender);
      return { type: 'CHAT', message, details: { ...content.details, forwardedFrom } };
    }
    const mentions = await mentionsOf(named, conversation, targets);
    if (mentions.length === 0) return content;
    const details: EntryDetails = { ...content.details, mentions };
    return { ...content, details };
  }
}
