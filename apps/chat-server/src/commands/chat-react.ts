import { ChatReactBody, SendDestination } from '@chat/protocol';
import type { EntryContent } from '../conversations/log-entry.ts';
import { BodySchema } from './body-schema.ts';
import { openedFor, type ChangeParts } from './change-parts.ts';
import type { Caller, Command, Outcome } from './command-table.ts';
import { normalizedEmoji } from './emoji.ts';

/** `/app/chat.react`: a REACTION entry, which sets an emoji on a message or takes it back. */
export class ChatReact implements Command {
  readonly destination = SendDestination.chatReact;
  readonly #parts: ChangeParts;
  readonly #schema = new BodySchema(SendDestination.chatReact, ChatReactBody);

  constructor(parts: ChangeParts) {
    this.#parts = parts;
  }

  async handle(raw: unknown, { principal }: Caller, outcome: Outcome): Promise<void> {
    const body = this.#schema.check(raw);
    const emoji = normalizedEmoji(body.emoji);
    const conversation = await openedFor(this.#parts, body, principal);
    const content: EntryContent = { type: 'REACTION', message: null, details: { target: body.target, emoji, on: body.on } };
    const draft = { ...content, conversation, sender: principal, clientId: body.clientId };
    await this.#parts.submission.submit(draft, outcome, async () => {
      const { targets } = this.#parts;
      await targets.find(conversation, body.target, principal.userNo);
      if (body.on) await targets.requireRoomForReaction(conversation, body.target, principal.userNo, emoji);
      return content;
    });
  }
}
