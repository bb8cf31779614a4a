import { useEffect, useSyncExternalStore } from 'react';
import { roomIdOf } from '../models/identifiers.ts';
import type { RoomState } from '../models/rooms.ts';
import { useApp, useObserved, useSession } from './app-context.ts';

const never = (): (() => void) => () => undefined;

/** What is known of a conversation's room; `undefined` for a direct one. */
export function useRoom(conversationId: string): RoomState | undefined {
  const { rooms } = useSession();
  const roomId = roomIdOf(conversationId);
  const state = roomId === undefined ? undefined : rooms.room(roomId).state;
  return useSyncExternalStore(state?.subscribe ?? never, () => state?.value);
}

/** Asks again for what nobody is told of, such as the room's name, when the user comes back to it. */
export function useRoomRefresh(conversationId: string): void {
  const { attention } = useApp();
  const { rooms } = useSession();
  const isLooking = useObserved(attention);
  const roomId = roomIdOf(conversationId);
  useEffect(() => {
    if (isLooking && roomId !== undefined) rooms.room(roomId).refresh();
  }, [isLooking, roomId, rooms]);
}
