import { addressOf, type Address } from '@chat/protocol';
import type { ConversationBook } from '../conversations/conversation-book.ts';
import type { OpenConversation } from '../conversations/log-entry.ts';
import type { ChangeTargets } from '../history/change-targets.ts';
import type { Principal } from '../identity/principal.ts';

/** What the commands have in common that change an entry by another. */
export type ChangeParts = {
  readonly conversations: ConversationBook;
  readonly targets: ChangeTargets;
};

/** The conversation that a body names. Throws `ChatError` not-found unless this user is in it. */
export async function openedFor({ conversations }: ChangeParts, body: Address, user: Principal): Promise<OpenConversation> {
  const conversationId = addressOf(body, user.userId);
  return conversations.known(conversationId, user) ?? conversations.openToRepeat(conversationId, user);
}
