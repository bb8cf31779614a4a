import type { CloseCode as ProtocolCloseCode, SendDestination as ProtocolSend, SubscribeDestination as ProtocolSubscribe } from '@chat/protocol';

// The protocol's names as values of our own, each held to the protocol's by its type: importing the package itself at
// run time would bring its schema library along, which is larger than this whole client.

export const SendDestination: typeof ProtocolSend = {
  chatSend: '/app/chat.send',
  chatTyping: '/app/chat.typing',
  chatRead: '/app/chat.read',
  chatSync: '/app/chat.sync',
  authRefresh: '/app/auth.refresh',
};

export const SubscribeDestination: typeof ProtocolSubscribe = {
  messages: '/user/queue/messages',
  errors: '/user/queue/errors',
  presence: '/user/queue/presence',
};

export const CloseCode: typeof ProtocolCloseCode = {
  normal: 1000,
  protocolError: 1002,
  tooLarge: 1009,
  draining: 1012,
  overloaded: 1013,
  unauthorized: 4401,
  tooSlow: 4408,
  replaced: 4409,
};

/** The id of the direct conversation of two users, the same whichever of them asks. */
export function directConversationId(a: string, b: string): string {
  return a <= b ? `direct:${a}:${b}` : `direct:${b}:${a}`;
}
