/**
 * Decoding and encoding, ours beside @stomp/stompjs: `node libs/protocol/src/stomp/stomp.bench.ts` at the root.
 * Rounds of the two take turns, so that a busy machine slows both, and the median of each counts.
 */
import { FrameImpl, Parser } from '@stomp/stompjs';

import { encodeFrame, FrameDecoder, MessageTemplate } from './index.ts';

type Contest = { readonly name: string; readonly ours: () => void; readonly theirs: () => void };

const ROUNDS = 15;
const ROUND_MS = 60;
const utf8 = new TextEncoder();

const headers = {
  subscription: 'sub-0',
  destination: '/user/queue/messages',
  'content-type': 'application/json',
  'message-id': '01JDGZ9M3V6W5T4R2Q1P0N8XYZ/sub-0',
  ack: '01JDGZ9M3V6W5T4R2Q1P0N8XYZ/sub-0',
};
const sendHeaders = { destination: '/app/chat.send', 'content-type': 'application/json', receipt: 'r-4711' };
const short = { type: 'CHAT', seq: 42, from: 'user1', to: 'user2', message: 'Hello there' };
const shortBody = utf8.encode(JSON.stringify(short));
const longBody = utf8.encode(JSON.stringify({ type: 'CHAT', seq: 42, message: 'All work and no play '.repeat(200) }));
let seen = 0;

function decodeOurs(from: 'client' | 'server', chunks: readonly Uint8Array[]): () => void {
  const decoder = new FrameDecoder({ from, version: '1.2' });
  return () => {
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
        seen += frame.body.length + (frame.headers.get('destination')?.length ?? 0);
      }
    }
  };
}

function decodeTheirs(chunks: readonly Uint8Array[]): () => void {
  const parser = new Parser(
    (raw) => {
      const frame = FrameImpl.fromRawFrame(raw, true);
      seen += frame.binaryBody.length + (frame.headers['destination']?.length ?? 0);
    },
    () => seen++,
  );
  // Its type asks for an ArrayBuffer, but it takes whatever a Uint8Array can be made from.
  return () => chunks.forEach((chunk) => parser.parseChunk(chunk as unknown as ArrayBuffer));
}

function decoding(name: string, from: 'client' | 'server', chunks: readonly Uint8Array[]): Contest {
  return { name: `decode ${name}`, ours: decodeOurs(from, chunks), theirs: decodeTheirs(chunks) };
}

function encodeTheirs(command: string, body: Uint8Array, fields: Record<string, string>): () => void {
  return () => {
    const frame = FrameImpl.marshall({ command, headers: fields, binaryBody: body, escapeHeaderValues: true });
    seen += typeof frame === 'string' ? frame.length : frame.byteLength;
  };
}

function contests(): Contest[] {
  const send = encodeFrame('SEND', sendHeaders, shortBody, '1.2');
  const message = encodeFrame('MESSAGE', headers, shortBody, '1.2');
  const long = encodeFrame('MESSAGE', headers, longBody, '1.2');
  const many = new Uint8Array(send.length * 32).map((_, index) => send[index % send.length] ?? 0);
  const template = new MessageTemplate({ ...headers, withAck: true, version: '1.2' });
  const entryId = '01JDGZ9M3V6W5T4R2Q1P0N8XYZ';
  const allocate = (length: number) => Buffer.allocUnsafe(length);
  const pooled = new MessageTemplate({ ...headers, withAck: true, version: '1.2', allocate });
  const from = (source: MessageTemplate, body: Uint8Array) => () => void (seen += source.frame(entryId, body).length);
  const theirsShort = encodeTheirs('MESSAGE', shortBody, headers);
  const theirsLong = encodeTheirs('MESSAGE', longBody, headers);
  return [
    decoding('SEND', 'client', [send]),
    decoding('SEND in a Buffer', 'client', [Buffer.from(send)]),
    decoding('32 SENDs in one chunk', 'client', [many]),
    decoding('SEND cut in two', 'client', [send.subarray(0, 70), send.subarray(70)]),
    decoding('MESSAGE', 'server', [message]),
    decoding('MESSAGE of 4 KiB', 'server', [long]),
    decoding('MESSAGE of 4 KiB, byte by byte', 'server', Array.from(long, (byte) => new Uint8Array([byte]))),
    {
      name: 'encode MESSAGE, any headers',
      ours: () => void (seen += encodeFrame('MESSAGE', headers, shortBody, '1.2').length),
      theirs: theirsShort,
    },
    { name: 'encode MESSAGE by template', ours: from(template, shortBody), theirs: theirsShort },
    { name: 'the same in pooled memory', ours: from(pooled, shortBody), theirs: theirsShort },
    { name: 'encode 4 KiB by template', ours: from(template, longBody), theirs: theirsLong },
  ];
}

/** Nanoseconds for one call, over a round. */
function time(run: () => void): number {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < ROUND_MS) {
    for (let repeat = 0; repeat < 20; repeat++) run();
    calls += 20;
  }
  return ((performance.now() - start) * 1e6) / calls;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

for (const { name, ours, theirs } of contests()) {
  const rounds = Array.from({ length: ROUNDS }, () => [time(ours), time(theirs)] as const);
  const our = median(rounds.map(([first]) => first));
  const their = median(rounds.map(([, second]) => second));
  const ratio = (their / our).toFixed(1).padStart(6);
  const [ourNs, theirNs] = [our, their].map((value) => value.toFixed(0).padStart(8));
  console.log(`${name.padEnd(36)} ours ${ourNs} ns   stompjs ${theirNs} ns   ratio ${ratio}`);
}
if (seen === 0) throw new Error('the benchmark has decoded and encoded nothing');
