import { DEFAULT_LIMITS } from '@chat/protocol';

export type LimitName = keyof typeof DEFAULT_LIMITS;
export type Limits = Readonly<Record<LimitName, number>>;

/** What each limit bounds, as `docs/settings.md` says it. */
export const LIMIT_MEANINGS: Readonly<Record<LimitName, string>> = {
  frameBytes: 'Bytes of one STOMP frame.',
  frameBytesBeforeConnected: 'Bytes of one STOMP frame before the session is connected.',
  messageCodePoints: 'Code points of a message text.',
  headers: 'Headers of one STOMP frame.',
  headerBytes: 'Bytes of one header line.',
  subscriptionsPerSession: 'Subscriptions of one session.',
  transactionsPerSession: 'Open transactions of one session.',
  framesInTransactions: 'Frames that the open transactions of one session hold.',
  bytesInTransactions: 'Bytes that they hold.',
  connectWithinMs: 'Time from the opening of a connection to its CONNECT, in ms.',
  frameWithinMs: 'Time from the first to the last byte of one frame, in ms.',
  sessionsPerUser: 'Sessions of one user; a newer one ends the oldest.',
  cursorsPerSync: 'Cursors in the body of one `chat.sync`.',
  pendingSends: 'SENDs of one session that wait for their outcome; its socket is not read beyond that.',
  outboundBytes: 'Bytes that may wait for one session to read them; a slower one is ended.',
  outboundStalledMs: 'Time, in ms, in which a session has to take something of what waits for it.',
  beatMs: 'Heart-beats that the server announces, in ms.',
  silentMs: 'Time without any data, in ms, after which a client is pinged; as long again without an answer ends it.',
};

export const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as readonly LimitName[]; // keys of a literal: exactly the names

export type LimitVariable = `LIMIT_${string}`;

/** `frameBytes` is set by `LIMIT_FRAME_BYTES`. */
export function limitVariable(name: LimitName): LimitVariable {
  return `LIMIT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
