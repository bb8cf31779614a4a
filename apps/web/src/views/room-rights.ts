import type { Room, RoomRole } from '@chat/protocol';

export type RoomRights = {
  readonly role: RoomRole | undefined;
  /** Not archived: people may write and come in. */
  readonly isOpen: boolean;
  /** Is a moderator or the owner: sees bans, changes the room. */
  readonly mayModerate: boolean;
  readonly mayInvite: boolean;
};

/** What one may do in a room, as far as it decides what is offered; the server has the last word. */
export function roomRights(room: Room): RoomRights {
  const { role } = room.me;
  const isOpen = room.archivedAt === undefined;
  const mayModerate = role === 'owner' || role === 'moderator';
  return { role, isOpen, mayModerate, mayInvite: isOpen && (mayModerate || (role !== undefined && room.visibility === 'public')) };
}
