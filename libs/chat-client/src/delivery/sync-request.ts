import type { ChatSyncBody } from '@chat/protocol';
import type { Cursors } from './entry-order.ts';

/** Half of the server's limit for a frame, so that headers and a smaller setting fit as well. */
const CURSOR_BYTES_PER_FRAME = 32 * 1024;

/** The bodies of `chat.sync` that ask for everything after `cursors`; without cursors, for a fresh device's start. */
export function syncRequests(cursors: Cursors | undefined, limit: number | undefined): ChatSyncBody[] {
  const withLimit = limit === undefined ? {} : { limit };
  if (!cursors) return [{ cursors: {}, fresh: true, ...withLimit }];
  const frames = inFrames(cursors);
  return frames.map((part, index) => ({
    cursors: part,
    ...withLimit,
    ...(index < frames.length - 1 ? { more: true } : {}),
  }));
}

function inFrames(cursors: Cursors): Record<string, number>[] {
  let frame: Record<string, number> = {};
  const frames = [frame];
  let bytes = 0;
  for (const [conversationId, seq] of Object.entries(cursors)) {
    const size = conversationId.length + String(seq).length + '"":,'.length; // ids are ASCII
    if (bytes + size > CURSOR_BYTES_PER_FRAME && bytes > 0) {
      frame = {};
      frames.push(frame);
      bytes = 0;
    }
    frame[conversationId] = seq;
    bytes += size;
  }
  return frames;
}
