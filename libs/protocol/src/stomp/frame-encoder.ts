import { isUnescaped } from './command.ts';
import type { Command } from './command.ts';
import { FrameError } from './frame-error.ts';
import { FrameHeaders } from './frame-headers.ts';
import type { HeaderInput } from './frame-headers.ts';
import { escapeHeader, escapeHeaderName } from './header-escape.ts';
import { LF, NUL } from './octet.ts';
import { encodeUtf8, writeAscii } from './utf8.ts';
import type { StompVersion } from './version.ts';

/** What is sent when nothing else is: a line end between frames. */
export const HEARTBEAT = new Uint8Array([LF]);

/**
 * One frame as bytes, its headers escaped for a recipient of `version`. `content-length` is written where there is a
 * body, and is the encoder's own: one among `headers` is left out, because a wrong one breaks every frame after it.
 * @throws FrameError bad-header where a header has an empty name
 */
export function encodeFrame(
  command: Command,
  headers: HeaderInput,
  body: Uint8Array | string | undefined,
  version: StompVersion,
): Uint8Array<ArrayBuffer> {
  const bytes = typeof body === 'string' ? encodeUtf8(body) : body;
  const bodyLength = bytes?.length ?? 0;
  const head = encodeHead(command, FrameHeaders.from(headers).flat, bodyLength, isUnescaped(command) ? '1.0' : version);
  // Nearly every head is ASCII, with as many bytes as characters: this finds out by writing it.
  let frame = new Uint8Array(head.length + bodyLength + 1);
  let bodyStart = head.length;
  if (!writeAscii(head, frame)) {
    const headBytes = encodeUtf8(head);
    bodyStart = headBytes.length;
    frame = new Uint8Array(bodyStart + bodyLength + 1);
    frame.set(headBytes);
  }
  if (bytes !== undefined) frame.set(bytes, bodyStart);
  frame[frame.length - 1] = NUL;
  return frame;
}

function encodeHead(command: Command, flatHeaders: readonly string[], bodyLength: number, escapes: StompVersion): string {
  let head = `${command}\n`;
  for (let index = 0; index < flatHeaders.length; index += 2) {
    const name = flatHeaders[index] ?? '';
    const value = flatHeaders[index + 1] ?? '';
    if (name === '') throw new FrameError('bad-header', 'a header to be written has no name');
    if (name === 'content-length') continue;
    head += `${escapeHeaderName(name, escapes)}:${escapeHeader(value, escapes)}\n`;
  }
  return bodyLength === 0 ? `${head}\n` : `${head}content-length:${bodyLength}\n\n`;
}
