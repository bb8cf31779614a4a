const ROOM = 'room:';

/** Whether it is a room's; a direct conversation otherwise. */
export function isRoom(conversationId: string): boolean {
  return conversationId.startsWith(ROOM);
}

/** The id of the room whose conversation that is. */
export function roomIdOf(conversationId: string): string {
  return conversationId.slice(ROOM.length);
}
