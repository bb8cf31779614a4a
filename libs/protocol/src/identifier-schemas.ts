import Type, { type Static } from 'typebox';
import { ROOM_ID, USER_ID } from './identifiers.ts';

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

