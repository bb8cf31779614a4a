import { isRoomId } from './identifiers.ts';

/** Where a client may SEND. */
export const SendDestination = {
  chatSend: '/app/chat.send',
  chatEdit: '/app/chat.edit',
  chatDelete: '/app/chat.delete',
  chatReact: '/app/chat.react',
  chatJoin: '/app/chat.join',
  chatLeave: '/app/chat.leave',
  chatTyping: '/app/chat.typing',
  chatRead: '/app/chat.read',
  chatSync: '/app/chat.sync',
  authRefresh: '/app/auth.refresh',
} as const;

export type SendDestination = (typeof SendDestination)[keyof typeof SendDestination];

/** Where a client may SUBSCRIBE, beside `/topic/rooms.{roomId}`. */
export const SubscribeDestination = {
  messages: '/user/queue/messages',
  errors: '/user/queue/errors',
  presence: '/user/queue/presence',
} as const;

const ROOM_TOPIC = '/topic/rooms.';

export type ParsedSubscribeDestination =
  | { readonly kind: 'messages' }
  | { readonly kind: 'errors' }
  | { readonly kind: 'presence' }
  | { readonly kind: 'room'; readonly roomId: string };

/**
 * The whole grammar of what may be subscribed to. `undefined` for everything else: another user's queue under any
 * spelling, wildcards, escapes and look-alikes are simply not in it.
 */
export function parseSubscribeDestination(destination: string): ParsedSubscribeDestination | undefined {
  switch (destination) {
    case SubscribeDestination.messages:
      return { kind: 'messages' };
    case SubscribeDestination.errors:
      return { kind: 'errors' };
    case SubscribeDestination.presence:
      return { kind: 'presence' };
  }
  if (!destination.startsWith(ROOM_TOPIC)) return undefined;
  const roomId = destination.slice(ROOM_TOPIC.length);
  return isRoomId(roomId) ? { kind: 'room', roomId } : undefined;
}

export function roomTopic(roomId: string): string {
  return ROOM_TOPIC + roomId;
}
