import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { bytesOf, decode } from './frame-decoder.harness.ts';
import { encodeFrame } from './frame-encoder.ts';
import { MessageTemplate } from './message-template.ts';
import { STOMP_VERSIONS } from './version.ts';

// Many runs on a busy machine take their time; how long is not what these tests are about.
vi.setConfig({ testTimeout: 60_000 });

const subscribed = { subscription: 'sub-0', destination: '/user/queue/messages' };

describe('MessageTemplate', () => {
  it('[MSG-1] a frame names its subscription, destination and message-id, and in 1.2 with acknowledging ack', () => {
    const template = new MessageTemplate({ ...subscribed, withAck: true, version: '1.2' });
    expect(new TextDecoder().decode(template.frame('01AB', bytesOf('{"é":1}')))).toBe(
      'MESSAGE\nsubscription:sub-0\ndestination:/user/queue/messages\ncontent-type:application/json\n' +
        'message-id:01AB/sub-0\nack:01AB/sub-0\ncontent-length:8\n\n{"é":1}\0',
    );
    expect(template.messageId('01AB')).toBe('01AB/sub-0');
  });

  it('[MSG-1] there is no ack before 1.2, nor where nothing is acknowledged', () => {
    const cases = [
      { version: '1.0', withAck: true }, { version: '1.1', withAck: true }, { version: '1.2', withAck: false },
    ] as const;
    for (const options of cases) {
      const frame = new MessageTemplate({ ...subscribed, ...options }).frame('01AB', bytesOf('x'));
      const { frames } = decode({ from: 'server', version: options.version }, frame);
      expect(frames[0]?.headers.map(([name]) => name)).toEqual([
        'subscription', 'destination', 'content-type', 'message-id', 'content-length',
      ]);
    }
  });

  it('[MSG-2] a frame has the bytes that encodeFrame writes, for every id, body and version', () => {
    const unit = fc.constantFrom('a', '7', '/', ':', '\\', '\n', '\r', '\0', 'é', '😀', ' ');
    const text = fc.string({ unit, maxLength: 12 });
    const version = fc.constantFrom(...STOMP_VERSIONS);
    const texts = { subscription: text, destination: text, contentType: text };
    const options = fc.record({ ...texts, withAck: fc.boolean(), version });
    fc.assert(
      fc.property(options, text, fc.uint8Array({ maxLength: 300 }), (chosen, entryId, body) => {
        const template = new MessageTemplate(chosen);
        const messageId = template.messageId(entryId);
        const headers = {
          subscription: chosen.subscription,
          destination: chosen.destination,
          'content-type': chosen.contentType,
          'message-id': messageId,
          ack: chosen.withAck && chosen.version === '1.2' ? messageId : undefined,
        };
        expect(template.frame(entryId, body)).toEqual(encodeFrame('MESSAGE', headers, body, chosen.version));
      }),
      { numRuns: 300 },
    );
  });

  it('[MSG-3] memory that it is given need not be empty, and may be larger memory’s part', () => {
    const memory = new Uint8Array(1000).fill(0x78);
    const allocate = (length: number) => memory.subarray(100, 100 + length);
    const options = { ...subscribed, withAck: true, version: '1.2' } as const;
    const frame = new MessageTemplate({ ...options, allocate }).frame('01AB', bytesOf('{}'));
    expect(frame).toEqual(new MessageTemplate(options).frame('01AB', bytesOf('{}')));
    expect(frame.buffer).toBe(memory.buffer);
  });
});
