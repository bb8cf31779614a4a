import { ChatLeaveBody, SendDestination } from '@chat/protocol';
import { BodySchema } from './body-schema.ts';
import type { Caller, Command, Outcome } from './command-table.ts';
import { changeOwnMembership, type MembershipCommandParts } from './membership-command.ts';

/** `/app/chat.leave`: a LEAVE entry, unless one has left already. */
export class ChatLeave implements Command {
  readonly destination = SendDestination.chatLeave;
  readonly #parts: MembershipCommandParts;
  readonly #schema = new BodySchema(SendDestination.chatLeave, ChatLeaveBody);

  constructor(parts: MembershipCommandParts) {
    this.#parts = parts;
  }

  handle(raw: unknown, caller: Caller, outcome: Outcome): Promise<void> {
    return changeOwnMembership('leave', this.#parts, this.#schema.check(raw), caller, outcome);
  }
}
