import { ChatJoinBody, SendDestination } from '@chat/protocol';
import { BodySchema } from './body-schema.ts';
import type { Caller, Command, Outcome } from './command-table.ts';
import { changeOwnMembership, type MembershipCommandParts } from './membership-command.ts';

/** `/app/chat.join`: a JOIN entry, unless one is in the room already. Joins public rooms; into others one comes by an invite. */
export class ChatJoin implements Command {
  readonly destination = SendDestination.chatJoin;
  readonly #parts: MembershipCommandParts;
  readonly #schema = new BodySchema(SendDestination.chatJoin, ChatJoinBody);

  constructor(parts: MembershipCommandParts) {
    this.#parts = parts;
  }

  handle(raw: unknown, caller: Caller, outcome: Outcome): Promise<void> {
    return changeOwnMembership('join', this.#parts, this.#schema.check(raw), caller, outcome);
  }
}
