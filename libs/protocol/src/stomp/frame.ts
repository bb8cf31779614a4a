import type { Command } from './command.ts';
import { FrameError } from './frame-error.ts';
import type { FrameHeaders } from './frame-headers.ts';
import { decodeUtf8 } from './utf8.ts';

/** One STOMP frame. Headers are unescaped; the body may be a view of the bytes that came in. */
export type Frame<C extends Command = Command> = {
  readonly command: C;
  readonly headers: FrameHeaders;
  readonly body: Uint8Array;
};

/**
 * The body as text, a leading byte order mark kept.
 * @throws FrameError bad-body-utf8; the frame itself is well-formed, so this need not end the connection
 */
export function bodyText(frame: Pick<Frame, 'body'>): string {
  const text = decodeUtf8(frame.body);
  if (text === undefined) throw new FrameError('bad-body-utf8', 'the body is not UTF-8');
  return text;
}
