import type { ChatEntry, Entry } from '@chat/protocol';

export const DIRECT = 'direct:anna:ben';
export const ROOM = 'room:abcdefgh';

export function chat(seq: number, more: Partial<ChatEntry> = {}): ChatEntry {
  const conversationId = more.conversationId ?? DIRECT;
  return { type: 'CHAT', conversationId, from: 'ben', seq, id: `${conversationId}-${seq}`, sentAt: seq, message: `m${seq}`, ...more };
}

export function membership(type: 'JOIN' | 'LEAVE', seq: number, from: string): Entry {
  return { type, conversationId: ROOM, roomId: 'abcdefgh', from, seq, id: `${ROOM}-${seq}`, sentAt: seq };
}
