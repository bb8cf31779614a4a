import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { CLIENT_COMMANDS, isUnescaped } from './command.ts';
import type { ClientCommand } from './command.ts';
import { bytesOf, concat, decode, latin1 } from './frame-decoder.harness.ts';
import type { Decoded } from './frame-decoder.harness.ts';
import { encodeFrame } from './frame-encoder.ts';
import { FrameHeaders } from './frame-headers.ts';
import { STOMP_VERSIONS } from './version.ts';
import type { StompVersion } from './version.ts';

// Many runs on a busy machine take their time; how long is not what these tests are about.
vi.setConfig({ testTimeout: 60_000 });

type Written = { command: ClientCommand; headers: [string, string][]; body: Uint8Array };

// Characters that STOMP gives a meaning come often, all others now and then; lone surrogates have no UTF-8.
const character = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(':', '\\', '\n', '\r', 'n', 'c', 'r', ' ', 'é', '😀', '\ufeff', '\ufffd') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
);

function isWritable(text: string, version: StompVersion): boolean {
  const unwritable = { '1.0': ['\0', '\r', '\n'], '1.1': ['\0', '\r'], '1.2': ['\0'] }[version];
  return !unwritable.some((one) => text.includes(one));
}

function framesIn(version: StompVersion): fc.Arbitrary<Written> {
  return fc.constantFrom(...CLIENT_COMMANDS).chain((command) => {
    const escapes = isUnescaped(command) ? '1.0' : version;
    const value = fc.string({ unit: character, maxLength: 20 }).filter((text) => isWritable(text, escapes));
    const name = value.filter((text) => text !== '' && !(escapes === '1.0' && text.includes(':')));
    return fc.record({
      command: fc.constant(command),
      headers: fc.array(fc.tuple(name, value), { maxLength: 6 }),
      body: fc.uint8Array({ maxLength: 40 }),
    });
  });
}

const versions = fc.constantFrom(...STOMP_VERSIONS);
const sessions = versions.chain((version) =>
  fc.record({ version: fc.constant(version), frames: fc.array(framesIn(version), { minLength: 1, maxLength: 4 }) }),
);

function encode({ command, headers, body }: Written, version: StompVersion): Uint8Array {
  return encodeFrame(command, new FrameHeaders(headers.flat()), body, version);
}

function streamOf(frames: readonly Written[], version: StompVersion): Uint8Array {
  return concat(frames.flatMap((frame, index) => [encode(frame, version), bytesOf(['', '\n', '\r\n\n'][index % 3] ?? '')]));
}

/** Cuts bytes at the given places; a piece that is UTF-8 by itself comes as text where `asText` says so. */
function cut(bytes: Uint8Array, places: readonly number[], asText: readonly boolean[]): (string | Uint8Array)[] {
  const bounds = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return bounds.slice(1).map((end, index) => {
    const piece = bytes.slice(bounds[index], end);
    if (asText[index % asText.length] !== true) return piece;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(piece);
    } catch {
      return piece;
    }
  });
}

const places = fc.array(fc.nat(), { maxLength: 12 });
const asText = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });

// Bytes that come near a frame, so that faults lie deep in it and not in its first byte.
const token = fc.constantFrom(
  'SEND', 'CONNECT', 'MESSAGE', '\n', '\n\n', '\r', '\r\n', '\0', ':', 'a:b\n', 'content-length:', '3', '65536', '-1',
  '\\', '\\n', '\\r', 'é', 'xyz',
);
const nearFrames = fc.array(fc.oneof(token.map(bytesOf), fc.uint8Array({ maxLength: 3 })), { maxLength: 25 }).map(concat);
const inHeaders = nearFrames.map((rest) => concat([bytesOf('SEND\n'), rest]));
const nearSessions = fc.oneof(nearFrames, inHeaders, fc.uint8Array({ maxLength: 200 }));

const changes = fc.constantFrom('replace', 'insert', 'remove', 'truncate');
const mutated = fc
  .record({ session: sessions, place: fc.nat(), change: changes, byte: fc.nat(255) })
  .map(({ session, place, change, byte }) => {
    const bytes = [...streamOf(session.frames, session.version)];
    const at = place % bytes.length;
    if (change === 'truncate') bytes.length = at;
    else bytes.splice(at, change === 'insert' ? 0 : 1, ...(change === 'remove' ? [] : [byte]));
    return { version: session.version, bytes: Uint8Array.from(bytes) };
  });

function expectSame(options: Parameters<typeof decode>[0], bytes: Uint8Array, at: number[], text: boolean[]): Decoded {
  const whole = decode(options, bytes);
  expect(decode(options, ...cut(bytes, at, text))).toEqual(whole);
  return whole;
}

describe('properties', () => {
  it.each(STOMP_VERSIONS)('[ENC-8] what is encoded for %s is decoded to the same frame', (version) => {
    fc.assert(
      fc.property(framesIn(version), (frame) => {
        const { frames, error } = decode({ from: 'client', version }, encode(frame, version));
        const length: [string, string][] = frame.body.length > 0 ? [['content-length', String(frame.body.length)]] : [];
        const headers = [...frame.headers.filter(([name]) => name !== 'content-length'), ...length];
        expect({ frames, error }).toEqual({
          frames: [{ command: frame.command, headers, body: latin1(frame.body) }],
          error: undefined,
        });
      }),
      { numRuns: 500 },
    );
  });

  it('[FRAME-2] however a stream is cut, as text or bytes, the frames are the same', () => {
    fc.assert(
      fc.property(sessions, places, asText, ({ version, frames }, at, text) => {
        const whole = expectSame({ from: 'client', version }, streamOf(frames, version), at, text);
        expect(whole.error).toBeUndefined();
        expect(whole.frames).toHaveLength(frames.length);
      }),
      { numRuns: 400 },
    );
  });

  it('[FRAME-10] whatever comes, only a FrameError is thrown, and the same wherever it is cut', () => {
    fc.assert(
      fc.property(nearSessions, versions, places, asText, (bytes, version, at, text) => {
        expectSame({ from: 'client', version }, bytes, at, text);
        expectSame({ from: 'client', version, limits: { frameBytes: 30 } }, bytes, at, text);
        expectSame({ from: 'client', version, limits: { frameBytes: 40, headers: 2, headerBytes: 12 } }, bytes, at, text);
      }),
      { numRuns: 1500 },
    );
  });

  it('[FRAME-10] a valid stream with one fault ends in a FrameError or in frames, the same wherever it is cut', () => {
    fc.assert(
      fc.property(mutated, places, asText, ({ version, bytes }, at, text) => {
        expectSame({ from: 'client', version }, bytes, at, text);
      }),
      { numRuns: 1000 },
    );
  });

  it('[FRAME-9] a stream of text that is cut between any two UTF-16 units gives the same frames', () => {
    const text = fc.string({ unit: character, maxLength: 20 }).filter((value) => isWritable(value, '1.2'));
    fc.assert(
      fc.property(text, text, places, (value, body, at) => {
        const stream = new TextDecoder('utf-8', { ignoreBOM: true }).decode(encodeFrame('SEND', { a: value }, body, '1.2'));
        const bounds = [0, ...at.map((place) => place % (stream.length + 1)).toSorted((a, b) => a - b), stream.length];
        const pieces = bounds.slice(1).map((end, index) => stream.slice(bounds[index], end));
        const options = { from: 'client', version: '1.2' } as const;
        expect(decode(options, ...pieces)).toEqual(decode(options, stream));
      }),
    );
  });
});
