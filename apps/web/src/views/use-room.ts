import { useSyncExternalStore } from 'react';
import { roomIdOf } from '../models/identifiers.ts';
import type { RoomState } from '../models/rooms.ts';
import { useSession } from './app-context.ts';

const never = (): (() => void) => () => undefined;

/** What is known of a conversation's room; `undefined` for a direct one. */
export function useRoom(conversationId: string): RoomState | undefined {
  const { rooms } = useSession();
  const roomId = roomIdOf(conversationId);
  const state = roomId === undefined ? undefined : rooms.room(roomId).state;
  return useSyncExternalStore(state?.subscribe ?? never, () => state?.value);
}
