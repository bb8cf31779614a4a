/** Default limits of the protocol; a server may be set to others. Sizes in bytes, times in ms. */
export const DEFAULT_LIMITS = {
  frameBytes: 64 * 1024,
  frameBytesBeforeConnected: 16 * 1024,
  messageCodePoints: 8_000,
  headers: 32,
  headerBytes: 4 * 1024,
  subscriptionsPerSession: 64,
  transactionsPerSession: 16,
  framesInTransactions: 100,
  bytesInTransactions: 1024 * 1024,
  connectWithinMs: 5_000,
  frameWithinMs: 10_000,
  sessionsPerUser: 16,
  cursorsPerSync: 2_000,
  pendingSends: 256,
  outboundBytes: 4 * 1024 * 1024,
  outboundStalledMs: 30_000,
  beatMs: 10_000,
  silentMs: 20_000,
} as const;

/** TYPING ends by itself after this time without another. */
export const TYPING_EXPIRES_MS = 6_000;

/** Whether a text has more than `limit` code points; counts only where its length does not decide already. */
export function exceedsCodePoints(text: string, limit: number): boolean {
  // A code point takes one or two UTF-16 units.
  if (text.length <= limit) return false;
  if (text.length > limit * 2) return true;
  let left = limit;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
    if (--left < 0) return true;
  }
  return false;
}
