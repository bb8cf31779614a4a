import Type, { type Static } from 'typebox';

const USER_ID = '[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]';
const ROOM_ID = '[a-z0-9]{8,32}';

/** A user's id: 2 to 64 of `a-z 0-9 . _ -`, first and last a letter or digit. Chosen at registration, never changed. */
export const UserId = Type.String({ pattern: `^${USER_ID}$` });
export type UserId = Static<typeof UserId>;

/** A room's id: 8 to 32 of `a-z 0-9`, made by the server. */
export const RoomId = Type.String({ pattern: `^${ROOM_ID}$` });
export type RoomId = Static<typeof RoomId>;

/** Names one log: `direct:<a>:<b>` with the two user ids in byte order, or `room:<roomId>`. */
export const ConversationId = Type.String({ pattern: `^(room:${ROOM_ID}|direct:${USER_ID}:${USER_ID})$` });
export type ConversationId = Static<typeof ConversationId>;

/** Makes a send repeatable: 1 to 64 printable ASCII characters. */
export const ClientId = Type.String({ pattern: '^[\\x20-\\x7e]{1,64}$' });

/** Names a device in CONNECT: 1 to 64 printable ASCII characters. */
export const DeviceName = Type.String({ pattern: '^[\\x20-\\x7e]{1,64}$' });

/** A position in a conversation's log. Entries start at 1; 0 is the place before the first. */
export const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

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
