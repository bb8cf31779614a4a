import { FrameImpl, Parser } from '@stomp/stompjs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { bytesOf, decode, latin1 } from './frame-decoder.harness.ts';
import { encodeFrame } from './frame-encoder.ts';

// Many runs on a busy machine take their time; how long is not what these tests are about.
vi.setConfig({ testTimeout: 60_000 });

type Parsed = { command: string; headers: Record<string, string>; body: string };

/** What stompjs makes of bytes, the way its client does it. */
function parseWithStompjs(bytes: Uint8Array, escapes: boolean): { frames: Parsed[]; pings: number } {
  const frames: Parsed[] = [];
  let pings = 0;
  const parser = new Parser(
    (raw) => {
      const { command, headers, binaryBody } = FrameImpl.fromRawFrame(raw, escapes);
      frames.push({ command, headers, body: latin1(binaryBody) });
    },
    () => pings++,
  );
  parser.parseChunk(bytes.slice().buffer);
  return { frames, pings };
}

/** What stompjs sends: text for a text, an ArrayBuffer for bytes. */
function writeWithStompjs(headers: Record<string, string>, body: string | Uint8Array): string | Uint8Array {
  const bodies = typeof body === 'string' ? { body } : { binaryBody: body };
  const sent = FrameImpl.marshall({ command: 'SEND', headers, escapeHeaderValues: true, ...bodies });
  return typeof sent === 'string' ? sent : new Uint8Array(sent);
}

const name = fc.constantFrom('a', 'destination', 'x-y', 'ключ');
// stompjs trims values, and its four replaces in a row misread a backslash before r, n, c: neither can pass through it.
const readable = fc
  .string({ unit: fc.constantFrom('a', ':', '\n', '\r', 'é', '😀', ' ', '/', '"'), maxLength: 15 })
  .map((text) => text.trim());
const unit = fc.constantFrom('a', 'n', 'c', ':', '\n', '\r', '\\', 'é', '😀', ' ', '/');
const writable = fc.string({ unit, maxLength: 15 });

describe('@stomp/stompjs', () => {
  it('[INT-1] reads what encodeFrame writes for 1.2', () => {
    fc.assert(
      fc.property(fc.dictionary(name, readable), fc.uint8Array({ maxLength: 60 }), (headers, body) => {
        const { frames } = parseWithStompjs(encodeFrame('MESSAGE', headers, body, '1.2'), true);
        const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
        expect(frames).toEqual([{ command: 'MESSAGE', headers: { ...headers, ...length }, body: latin1(body) }]);
      }),
      { numRuns: 500 },
    );
  });

  it('[INT-1] reads frames and heart-beats in a row, CONNECTED without escapes', () => {
    const headers = { version: '1.2', 'user-name': 'a:\\b', 'heart-beat': '0,0' };
    const connected = encodeFrame('CONNECTED', headers, undefined, '1.2');
    const receipt = encodeFrame('RECEIPT', { 'receipt-id': 'r:1' }, undefined, '1.2');
    const { frames, pings } = parseWithStompjs(Uint8Array.from([...connected, 10, ...receipt, 10]), true);
    expect(pings).toBe(2);
    expect(frames).toEqual([
      { command: 'CONNECTED', headers, body: '' },
      { command: 'RECEIPT', headers: { 'receipt-id': 'r:1' }, body: '' },
    ]);
  });

  it('[INT-2] is read in what it writes, text and binary', () => {
    const bodies = fc.oneof(fc.uint8Array({ maxLength: 60 }), writable);
    fc.assert(
      fc.property(fc.dictionary(name, writable), bodies, (headers, body) => {
        const { frames, error } = decode({ from: 'client', version: '1.2' }, writeWithStompjs(headers, body));
        expect(error).toBeUndefined();
        expect(frames).toHaveLength(1);
        const read = frames[0]?.headers.filter(([header]) => header !== 'content-length') ?? [];
        expect(Object.fromEntries(read)).toEqual(headers);
        expect(frames[0]?.body).toBe(latin1(typeof body === 'string' ? bytesOf(body) : body));
      }),
      { numRuns: 500 },
    );
  });

  it('[INT-2] is read where it splits a large frame into messages of 8 KiB', () => {
    const sent = writeWithStompjs({ destination: '/app/chat.send' }, '😀é'.repeat(5000));
    if (typeof sent !== 'string') throw new Error('a text body is written as text');
    const messages: string[] = [];
    for (let start = 0; start < sent.length; start += 8192) messages.push(sent.slice(start, start + 8192));
    expect(messages.length).toBeGreaterThan(1);
    const { frames, error } = decode({ from: 'client', version: '1.2' }, ...messages);
    expect({ error, body: frames[0]?.body }).toEqual({ error: undefined, body: latin1(bytesOf('😀é'.repeat(5000))) });
  });

  it('[INT-3] unescapes a\\\\nb wrongly, trims and takes any content-length, and ours does not', () => {
    const escaped = bytesOf('MESSAGE\na:a\\\\nb\nb: x \n\n\0');
    expect(parseWithStompjs(escaped, true).frames[0]?.headers).toEqual({ a: 'a\\\nb', b: 'x' });
    expect(decode({ from: 'server', version: '1.2' }, escaped).frames[0]?.headers).toEqual([['a', 'a\\nb'], ['b', ' x ']]);

    const miscounted = bytesOf('MESSAGE\ncontent-length:0x1\n\nMESSAGE\n\n\0');
    expect(parseWithStompjs(miscounted, true).frames).not.toEqual([]);
    expect(decode({ from: 'server' }, miscounted)).toMatchObject({ frames: [], error: 'bad-content-length' });

    const unterminated = bytesOf('MESSAGE\ncontent-length:1\n\nab\0');
    expect(parseWithStompjs(unterminated, true).frames[0]?.body).toBe('a');
    expect(decode({ from: 'server' }, unterminated)).toMatchObject({ frames: [], error: 'body-not-terminated' });
  });
});
