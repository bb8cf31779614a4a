import { ChatError } from './errors.ts';
import { directConversationId, parseConversationId, roomConversationId } from './identifiers.ts';
import type { Address } from './send-bodies.ts';

/** The conversation that a body names, seen from its sender. Throws `ChatError` bad-request unless exactly one is named. */
export function addressOf(body: Address, sender: string): string {
  const named = (body.to === undefined ? 0 : 1) + (body.roomId === undefined ? 0 : 1) + (body.conversationId === undefined ? 0 : 1);
  if (named !== 1) throw new ChatError('bad-request', 'Name exactly one of to, roomId and conversationId.');
  if (body.to !== undefined) return directConversationId(sender, body.to);
  if (body.roomId !== undefined) return roomConversationId(body.roomId);
  const conversation = parseConversationId(body.conversationId ?? '');
  if (!conversation) throw new ChatError('bad-request', 'conversationId is not one: the ids of a direct one stand in byte order.');
  return body.conversationId ?? '';
}
