import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnreadableEnvelope } from './bus.port.ts';
import { decodeEnvelope, encodeEnvelope, encodeRecord, ENVELOPE_VERSION, type BusRecord } from './envelope.ts';

const seq = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const number = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,30}[a-z0-9]$/);
const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const conversationId = fc.tuple(id, id).map(([a, b]) => `direct:${a}:${b}`);

const record: fc.Arbitrary<BusRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('entry' as const),
    entry: fc.record({ type: fc.constantFrom('CHAT' as const, 'LEAVE' as const), conversationNo: number, seq, conversationId, id, from: id, body }),
  }),
  fc.record({ kind: fc.constant('reached' as const), conversationNo: number, seq, conversationId }),
  fc.record({
    kind: fc.constant('signal' as const),
    signal: fc.record({ kind: fc.constantFrom('typing' as const, 'read' as const, 'delivered' as const), version: seq, conversationId, from: id, body }),
  }),
  fc.record({ kind: fc.constant('presence' as const), userIds: fc.array(id, { maxLength: 20 }) }),
);

describe('envelopes', () => {
  test('what is encoded is decoded again', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        expect(decodeEnvelope(encodeEnvelope(records.map(encodeRecord)))).toEqual(records);
      }),
    );
  });

  test('another version is unreadable', () => {
    expect(() => decodeEnvelope(Buffer.from([ENVELOPE_VERSION + 1]))).toThrow(UnreadableEnvelope);
    expect(() => decodeEnvelope(Buffer.alloc(0))).toThrow(UnreadableEnvelope);
  });

  test('cut or changed bytes are unreadable or decode to something, and never throw anything else', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(255), fc.nat(), (records, at, value, cut) => {
        const bytes = encodeEnvelope(records.map(encodeRecord));
        bytes[at % bytes.length] = value;
        try {
          decodeEnvelope(bytes.subarray(0, bytes.length - (cut % 8)));
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableEnvelope);
        }
      }),
    );
  });

  test('a kind of record that is not known is passed over, for servers of the next version', () => {
    const known = encodeRecord({ kind: 'presence', userIds: ['anna'] });
    const unknown = Buffer.from([99, 3, 0, 0, 0, 1, 2, 3]);
    expect(decodeEnvelope(encodeEnvelope([unknown, known]))).toEqual([{ kind: 'presence', userIds: ['anna'] }]);
  });
});
