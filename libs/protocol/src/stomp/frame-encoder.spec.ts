import { describe, expect, it } from 'vitest';

import { bytesOf, decode, latin1 } from './frame-decoder.harness.ts';
import { encodeFrame, HEARTBEAT } from './frame-encoder.ts';
import { FrameHeaders } from './frame-headers.ts';
import { STOMP_VERSIONS } from './version.ts';

function written(...input: Parameters<typeof encodeFrame>): string {
  return new TextDecoder().decode(encodeFrame(...input));
}

describe('encodeFrame', () => {
  it('[ENC-1] writes command, headers in their order, a blank line, the body and NUL', () => {
    const message = written('MESSAGE', { b: '2', a: 'ä:\\' }, 'Hé', '1.2');
    expect(message).toBe('MESSAGE\nb:2\na:ä\\c\\\\\ncontent-length:3\n\nHé\0');
    const receipt = written('RECEIPT', { 'receipt-id': 'r1', seq: undefined }, undefined, '1.2');
    expect(receipt).toBe('RECEIPT\nreceipt-id:r1\n\n\0');
  });

  it('[ENC-1] writes a body of bytes as it is', () => {
    const frame = encodeFrame('SEND', {}, Uint8Array.of(0, 0xff, 0), '1.2');
    expect(latin1(frame)).toBe('SEND\ncontent-length:3\n\n\0\xff\0\0');
  });

  it('[ENC-1] takes the headers of a frame that came in, repeated ones included', () => {
    expect(written('SEND', new FrameHeaders(['a', '1', 'a', '2']), '', '1.2')).toBe('SEND\na:1\na:2\n\n\0');
  });

  it('[ENC-2] no header can break a frame, in any version', () => {
    const hostile = 'x\0\n\nMESSAGE\r\nx:y\n\n\0';
    for (const version of STOMP_VERSIONS) {
      for (const command of ['ERROR', 'CONNECTED'] as const) {
        const frame = encodeFrame(command, { [hostile]: hostile, last: '1' }, 'body', version);
        const { frames, error, beats } = decode({ from: 'server', version }, frame);
        expect({ error, beats, count: frames.length, headers: frames[0]?.headers.length }).toEqual({
          error: undefined, beats: 0, count: 1, headers: 3,
        });
        expect(frames[0]).toMatchObject({ command, body: 'body' });
        expect(frames[0]?.headers[1]).toEqual(['last', '1']);
      }
    }
  });

  it('[ENC-2] 1.0 writes a colon in a value as it is and in a name as a space', () => {
    expect(written('MESSAGE', { 'a:b': 'c:d\ne' }, '', '1.0')).toBe('MESSAGE\na b:c:d e\n\n\0');
  });

  it('[ENC-3] content-length is written for every body, in bytes, and only by the encoder', () => {
    for (const version of STOMP_VERSIONS) {
      expect(written('SEND', { 'content-length': '99' }, 'é😀', version)).toBe('SEND\ncontent-length:6\n\né😀\0');
      expect(written('SEND', { 'content-length': '99' }, '', version)).toBe('SEND\n\n\0');
    }
  });

  it('[ENC-4] headers of CONNECT, STOMP and CONNECTED are written without escapes', () => {
    for (const command of ['CONNECT', 'STOMP', 'CONNECTED'] as const) {
      expect(written(command, { a: 'b:c\\d\ne' }, undefined, '1.2')).toBe(`${command}\na:b:c\\d e\n\n\0`);
    }
  });

  it('[ENC-5] header names are escaped like values', () => {
    expect(written('MESSAGE', { 'a:b\\c\n': '1' }, '', '1.2')).toBe('MESSAGE\na\\cb\\\\c\\n:1\n\n\0');
  });

  it('[ENC-6] a header without a name is refused', () => {
    const write = () => encodeFrame('MESSAGE', { '': 'x' }, '', '1.2');
    expect(write).toThrowError(expect.objectContaining({ code: 'bad-header' }));
  });

  it('[ENC-7] a heart-beat is one LF, which the other side counts', () => {
    expect(HEARTBEAT).toEqual(bytesOf('\n'));
    expect(decode({ from: 'server' }, HEARTBEAT)).toEqual({ frames: [], error: undefined, beats: 1 });
  });
});
