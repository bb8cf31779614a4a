import type { ChatMessage, Entry, ErrorBody } from '@chat/protocol';

const SIGNALS_OF_A_CONVERSATION: ReadonlySet<unknown> = new Set(['TYPING', 'READ', 'DELIVERED']);
const ENTRIES: ReadonlySet<unknown> = new Set(['CHAT', 'JOIN', 'LEAVE', 'EDIT', 'DELETE', 'REACTION']);

/**
 * Reads what the server delivered; `undefined` for a type that this client does not know, which is to be ignored.
 * Checks what this client's own bookkeeping rests on, not the whole schema: the server is trusted with the rest.
 */
export function parseChatMessage(body: string): ChatMessage | undefined {
  const value = parseObject(body);
  if (!value) return undefined;
  const { type } = value;
  const isKnown =
    (ENTRIES.has(type) && isPlaced(value) && isSeq(value['seq'])) ||
    (SIGNALS_OF_A_CONVERSATION.has(type) && isPlaced(value)) ||
    (type === 'READ' && typeof value['conversationId'] === 'string' && Array.isArray(value['notRead'])) ||
    (type === 'PRESENCE' && typeof value['from'] === 'string') ||
    (type === 'SYNCED' && typeof value['cursors'] === 'object' && value['cursors'] !== null);
  return isKnown ? (value as ChatMessage) : undefined; // by the checks above
}

/** The protocol has this as well, and with it the schemas of everything: too much for a page. */
export function isEntry(message: ChatMessage): message is Entry {
  return ENTRIES.has(message.type);
}

export function parseErrorBody(body: string): ErrorBody | undefined {
  const value = parseObject(body);
  return typeof value?.['code'] === 'string' ? (value as ErrorBody) : undefined; // other fields are optional
}

function isPlaced(value: Record<string, unknown>): boolean {
  return typeof value['conversationId'] === 'string' && typeof value['from'] === 'string';
}

function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
