import { describe, expect, it } from 'vitest';

import { fromClient } from './frame-decoder.harness.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { FRAME_ERROR_CODES, FrameError } from './frame-error.ts';
import { bodyText } from './frame.ts';

describe('bodyText', () => {
  it('[BODY-1] gives the body as UTF-8 text, a byte order mark kept', () => {
    expect(bodyText({ body: new TextEncoder().encode('\ufeffé😀\0') })).toBe('\ufeffé😀\0');
    expect(bodyText({ body: new Uint8Array(0) })).toBe('');
  });

  it('[BODY-2] a body that is not UTF-8 is a fault of its own, which leaves the decoder alive', () => {
    const decoder = new FrameDecoder({ from: 'client' });
    decoder.push(Uint8Array.from([...new TextEncoder().encode('SEND\n\n'), 0xc3, 0x28, 0]));
    const frame = decoder.next();
    expect(frame).toBeDefined();
    const read = () => bodyText(frame ?? { body: new Uint8Array(0) });
    expect(read).toThrowError(expect.objectContaining({ code: 'bad-body-utf8' }));
    decoder.push('SEND\n\nok\0');
    expect(bodyText(decoder.next() ?? { body: new Uint8Array(0) })).toBe('ok');
  });
});

describe('FrameError', () => {
  it('[ERR-1] faults of size close with 1009, all others with 1002', () => {
    const closeCodes = Object.fromEntries(FRAME_ERROR_CODES.map((code) => [code, new FrameError(code, '').closeCode]));
    expect(closeCodes).toEqual({
      'bad-command': 1002, 'bad-header': 1002, 'bad-escape': 1002, 'bad-utf8': 1002, 'bad-content-length': 1002,
      'body-not-terminated': 1002, 'bad-body-utf8': 1002, 'too-many-beats': 1002,
      'frame-too-large': 1009, 'too-many-headers': 1009, 'header-too-large': 1009,
    });
  });

  it('[ERR-2] the message names the fault and repeats nothing that stood in a header', () => {
    const secret = 'SECRET';
    const noHeader = [secret, `:${secret}`, `${secret}\0`];
    const lines = [...noHeader, `a:${secret}\\t`, `a:${secret}\r${secret}`, `content-length:${secret}`];
    for (const line of lines) {
      const decoder = new FrameDecoder({ from: 'client', version: '1.2' });
      decoder.push(`SEND\n${line}\n\n\0`);
      const error = caught(() => decoder.next());
      expect(error).toBeInstanceOf(FrameError);
      expect(error).toMatchObject({ message: expect.stringMatching(/^(a|undefined|NUL|content-length) .*/) as string });
      expect(String(error)).not.toContain(secret);
    }
  });

  it('[ERR-2] of an unknown command the message shows what is printable ASCII, and nothing of a long line', () => {
    const messageFor = (line: string) => {
      const decoder = new FrameDecoder({ from: 'client' });
      decoder.push(`${line}\n\n\0`);
      return caught(() => decoder.next());
    };
    expect(messageFor('\u001b[31mé"')).toMatchObject({ message: 'unknown command "?[31m?""' });
    expect(messageFor('HELLO')).toMatchObject({ message: 'unknown command "HELLO"' });
    for (const long of ['x'.repeat(17), 'x'.repeat(500), 'é'.repeat(500)]) {
      expect(messageFor(long)).toMatchObject({ message: 'the first line of the frame is too long for a command' });
    }
  });

  it('[ERR-3] a broken frame is never handed on, nor any part of it', () => {
    expect(fromClient('SEND\na:1\nb\n\nbody\0SEND\n\n\0')).toEqual({ frames: [], error: 'bad-header', beats: 0 });
  });
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
