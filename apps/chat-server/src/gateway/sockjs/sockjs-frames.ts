import { sockJsString } from '../../stomp/sockjs-string.ts';

// The frames of SockJS 0.3, before a transport puts anything around them.

export const OPEN_FRAME = Buffer.from('o');
export const HEARTBEAT_FRAME = Buffer.from('h');

const COMMA = Buffer.from(',');
const BEFORE_MESSAGES = Buffer.from('a[');
const AFTER_MESSAGES = Buffer.from(']');

/** One frame with several messages, each of them a string of JSON already. */
export function messagesFrame(messages: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [BEFORE_MESSAGES];
  for (const [i, message] of messages.entries()) {
    if (i > 0) parts.push(COMMA);
    parts.push(message);
  }
  parts.push(AFTER_MESSAGES);
  return Buffer.concat(parts);
}

export function closeFrame(code: number, reason: string): Buffer {
  return Buffer.from(`c[${code},${sockJsString(reason)}]`);
}

/** For a second request that wants to receive: the words are the protocol's. */
export const ANOTHER_RECEIVER = closeFrame(2010, 'Another connection still open');
/** For whoever comes back after a response broke off, and what was in it with it. */
export const INTERRUPTED = closeFrame(1002, 'Connection interrupted');

/** What a client sent: messages, none of which may be there, or nothing that can be read as such. */
export type Received = { readonly messages: readonly string[] } | { readonly fault: 'empty' | 'broken' | 'no messages' };

/** Reads an array of strings; `orOne` allows a string alone, as WebSockets may carry it. */
export function parseMessages(text: string, orOne: boolean): Received {
  if (text === '') return { fault: 'empty' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'broken' };
  }
  if (orOne && typeof value === 'string') return { messages: [value] };
  if (!Array.isArray(value)) return { fault: 'no messages' };
  const messages = value.filter((message) => typeof message === 'string');
  return messages.length === value.length ? { messages } : { fault: 'no messages' };
}
