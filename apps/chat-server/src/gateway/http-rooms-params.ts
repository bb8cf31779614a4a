import { ChatError, isRoomId, isUserId } from '@chat/protocol';
import Type from 'typebox';

// What stands in the paths of rooms. Whatever is no id is one that there is not: the answer must not tell which.

export const RoomParams = Type.Object({ roomId: Type.String() });
export const RoomUserParams = Type.Object({ roomId: Type.String(), userId: Type.String() });
export const RoomInviteParams = Type.Object({ roomId: Type.String(), inviteId: Type.String() });

export function roomIdOf({ roomId }: { readonly roomId: string }): string {
  if (!isRoomId(roomId)) throw new ChatError('not-found', 'There is no such room.');
  return roomId;
}

export function userIdOf({ userId }: { readonly userId: string }): string {
  if (!isUserId(userId)) throw new ChatError('not-found', 'There is no such user.');
  return userId;
}
