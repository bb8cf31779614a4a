import { encodeFrame, SendDestination, SubscribeDestination } from '@chat/protocol';

// The frames of a user. All but SEND are rare and written by the codec.

const VERSION = '1.2';

export const ERRORS_RECEIPT = 'subscribe-errors';
export const MESSAGES_RECEIPT = 'subscribe-messages';
/** Subscription ids; the ids of MESSAGEs carry them. */
export const ERRORS_SUBSCRIPTION = 'e';
export const MESSAGES_SUBSCRIPTION = 'm';

export function connectFrame(host: string, accessToken: string, device: string): Uint8Array {
  const headers = {
    'accept-version': VERSION, host, device, Authorization: `Bearer ${accessToken}`,
    // WebSocket pings tell who lives.
    'heart-beat': '0,0',
  };
  return encodeFrame('CONNECT', headers, undefined, VERSION);
}

export function subscribeErrorsFrame(): Uint8Array {
  const headers = { id: ERRORS_SUBSCRIPTION, destination: SubscribeDestination.errors, receipt: ERRORS_RECEIPT };
  return encodeFrame('SUBSCRIBE', headers, undefined, VERSION);
}

/** @param resumes whether a `chat.sync` follows that says where the stream begins */
export function subscribeMessagesFrame(resumes: boolean): Uint8Array {
  const headers = {
    id: MESSAGES_SUBSCRIPTION, destination: SubscribeDestination.messages, receipt: MESSAGES_RECEIPT,
    resume: resumes ? 'sync' : undefined,
  };
  return encodeFrame('SUBSCRIBE', headers, undefined, VERSION);
}

/** Where a stream begins: after cursors of one's own, or at the end of everything. */
export type StreamStart = Readonly<Record<string, number>> | 'fresh';

export function syncFrame(start: StreamStart): Uint8Array {
  const body = start === 'fresh' ? { cursors: {}, fresh: true } : { cursors: start };
  return encodeFrame('SEND', { destination: SendDestination.chatSync }, JSON.stringify(body), VERSION);
}

/** What one message says of itself: who sent it, and when it should have been sent. */
export type Identity = {
  /** Its `clientId`, and the receipt that is asked for. */
  readonly key: string;
  /** When the plan wanted it sent, in ms of this process's monotonic clock. */
  readonly intended: number;
};

/**
 * A message as it stands on the wire. The hot path, so it is put together by hand: no value in it has anything to
 * escape, neither for STOMP nor for JSON, and as it is ASCII without NUL it needs no length.
 *
 * @param address the field that names the conversation
 * @param filler makes the text as long as it is itself, if the identity alone is not
 */
export function messageFrame(address: { readonly to: string } | { readonly roomId: string }, { key, intended }: Identity, filler: string): Buffer {
  const identity = `${intended.toFixed(3)} ${key} `;
  const message = identity + filler.slice(identity.length);
  const named = 'to' in address ? `"to":"${address.to}"` : `"roomId":"${address.roomId}"`;
  return Buffer.from(
    `SEND\ndestination:${SendDestination.chatSend}\nreceipt:${key}\n\n{${named},"clientId":"${key}","message":"${message}"}\0`,
    'latin1',
  );
}

/** The intended time in a message's text; NaN for a text that is not of this load. */
export function intendedTimeOf(message: string): number {
  const end = message.indexOf(' ');
  return end < 0 ? NaN : Number(message.slice(0, end));
}
