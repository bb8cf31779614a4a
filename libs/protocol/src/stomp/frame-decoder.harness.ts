/** Test support: what a decoder makes of whole inputs, in a form that can be compared. */
import type { Side } from './command.ts';
import { FrameDecoder } from './frame-decoder.ts';
import type { FrameDecoderOptions } from './frame-decoder.ts';
import { FrameError } from './frame-error.ts';
import type { FrameErrorCode } from './frame-error.ts';
import type { Frame } from './frame.ts';

export type PlainFrame = { command: string; headers: (readonly [string, string])[]; body: string };
export type Decoded = { frames: PlainFrame[]; error: FrameErrorCode | undefined; beats: number };

/** Body bytes as one character each, so that bodies that are not UTF-8 can be compared and read. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function plain(frame: Frame): PlainFrame {
  return { command: frame.command, headers: [...frame.headers], body: latin1(frame.body) };
}

/** Pushes each chunk and takes what there is after it; anything thrown but a FrameError goes through. */
export function decode<S extends Side>(options: FrameDecoderOptions<S>, ...chunks: (string | Uint8Array)[]): Decoded {
  const decoder = new FrameDecoder(options);
  const frames: PlainFrame[] = [];
  let error: FrameErrorCode | undefined;
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) frames.push(plain(frame));
    }
  } catch (thrown) {
    if (!(thrown instanceof FrameError)) throw thrown;
    error = thrown.code;
  }
  return { frames, error, beats: decoder.beats };
}

/** The frames of a client's input in 1.2. */
export function fromClient(...chunks: (string | Uint8Array)[]): Decoded {
  return decode({ from: 'client', version: '1.2' }, ...chunks);
}
