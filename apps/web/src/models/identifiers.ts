import { directPeer, parseConversationId } from '@chat/protocol';

/** What a person types, as an id: it is lower-cased, because ids are. */
export function typedUserId(text: string): string {
  return text.trim().toLowerCase();
}

/** The other user of a direct conversation, oneself in the conversation with oneself, `undefined` for anything else. */
export function peerOf(conversationId: string, self: string): string | undefined {
  const conversation = parseConversationId(conversationId);
  if (conversation?.kind !== 'direct' || (conversation.a !== self && conversation.b !== self)) return undefined;
  return directPeer(conversation, self);
}

export function roomIdOf(conversationId: string): string | undefined {
  const conversation = parseConversationId(conversationId);
  return conversation?.kind === 'room' ? conversation.roomId : undefined;
}

/** Whether `self` could be a member of a conversation of this id. */
export function isConversationOf(conversationId: string, self: string): boolean {
  return parseConversationId(conversationId)?.kind === 'room' || peerOf(conversationId, self) !== undefined;
}

/** Lengths of texts count code points, as the server does. */
export function codePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}
