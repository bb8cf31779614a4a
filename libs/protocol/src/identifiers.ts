// Apart from the schemas of the same ids: clients that use only these take no schema library along.

/** Patterns of the ids, without anchors. What they mean stands with the schemas. */
export const USER_ID = '[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]';
export const ROOM_ID = '[a-z0-9]{8,32}';

const userIdPattern = new RegExp(`^${USER_ID}$`);
const roomIdPattern = new RegExp(`^${ROOM_ID}$`);

export function isUserId(text: string): boolean {
  return userIdPattern.test(text);
}

export function isRoomId(text: string): boolean {
  return roomIdPattern.test(text);
}

/** The id of the direct conversation of two users; the same whichever of them asks. With oneself, the id stands twice. */
export function directConversationId(a: string, b: string): string {
  // User ids are ASCII, so comparing UTF-16 units is comparing bytes.
  return a <= b ? `direct:${a}:${b}` : `direct:${b}:${a}`;
}

export function roomConversationId(roomId: string): string {
  return `room:${roomId}`;
}

export type ParsedConversationId =
  | { readonly kind: 'direct'; readonly a: string; readonly b: string }
  | { readonly kind: 'room'; readonly roomId: string };

/** Takes a conversation id apart; `undefined` for anything that is none, ids in the wrong order included. */
export function parseConversationId(text: string): ParsedConversationId | undefined {
  if (text.startsWith('room:')) {
    const roomId = text.slice(5);
    return isRoomId(roomId) ? { kind: 'room', roomId } : undefined;
  }
  if (!text.startsWith('direct:')) return undefined;
  const colon = text.indexOf(':', 7);
  if (colon < 0) return undefined;
  const a = text.slice(7, colon);
  const b = text.slice(colon + 1);
  return isUserId(a) && isUserId(b) && a <= b ? { kind: 'direct', a, b } : undefined;
}

/** The other user of a direct conversation, or oneself in the conversation with oneself. */
export function directPeer(conversation: { readonly a: string; readonly b: string }, self: string): string {
  return conversation.a === self ? conversation.b : conversation.a;
}
