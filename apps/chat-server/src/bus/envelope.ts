import { entryTypeOf, ENTRY_TYPE_NUMBER, type LogEntry } from '../conversations/log-entry.ts';
import type { Signal, SignalKind } from '../delivery/signal.ts';
import { UnreadableEnvelope } from './bus.port.ts';

/**
 * What servers tell each other, a batch at a time. Bodies travel as the bytes that go to the sockets: the receiving
 * server parses no JSON.
 *
 *     envelope = version (1 byte) record*
 *     record   = kind (1 byte) length (4 bytes, of the rest) fields
 *
 * Numbers are little-endian; a text is its length (2 bytes) and its UTF-8 bytes; a seq is a double.
 */
export type BusRecord =
  | { readonly kind: 'entry'; readonly entry: LogEntry }
  | { readonly kind: 'reached'; readonly conversationId: string; readonly conversationNo: number; readonly seq: number }
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'presence'; readonly userIds: readonly string[] };

export const ENVELOPE_VERSION = 1;
/** By the number that stands in the record. */
const SIGNAL_KINDS: readonly SignalKind[] = ['typing', 'read', 'delivered', 'own-read', 'not-read'];
const KIND = { entry: 1, reached: 2, signal: 3, presence: 4 } as const;

export function encodeRecord(record: BusRecord): Buffer {
  switch (record.kind) {
    case 'entry':
      return encodeEntry(record.entry);
    case 'reached':
      return new Writer(KIND.reached, 12 + textSize(record.conversationId))
        .u32(record.conversationNo)
        .f64(record.seq)
        .text(record.conversationId)
        .done();
    case 'signal':
      return encodeSignal(record.signal);
    case 'presence': {
      const writer = new Writer(KIND.presence, 2 + record.userIds.reduce((sum, id) => sum + textSize(id), 0));
      writer.u16(record.userIds.length);
      for (const id of record.userIds) writer.text(id);
      return writer.done();
    }
  }
}

function encodeEntry(entry: LogEntry): Buffer {
  const size = 13 + textSize(entry.conversationId) + textSize(entry.id) + textSize(entry.from) + entry.body.length;
  return new Writer(KIND.entry, size)
    .u8(ENTRY_TYPE_NUMBER[entry.type])
    .u32(entry.conversationNo)
    .f64(entry.seq)
    .text(entry.conversationId)
    .text(entry.id)
    .text(entry.from)
    .bytes(entry.body)
    .done();
}

function encodeSignal(signal: Signal): Buffer {
  const size = 9 + textSize(signal.conversationId) + textSize(signal.from) + signal.body.length;
  return new Writer(KIND.signal, size)
    .u8(SIGNAL_KINDS.indexOf(signal.kind))
    .f64(signal.version)
    .text(signal.conversationId)
    .text(signal.from)
    .bytes(signal.body)
    .done();
}

export function encodeEnvelope(records: readonly Buffer[]): Buffer {
  return Buffer.concat([VERSION_BYTE, ...records]);
}

const VERSION_BYTE = Buffer.from([ENVELOPE_VERSION]);

/** Throws `UnreadableEnvelope` unless every byte makes sense. Kinds of record that are not known are passed over. */
export function decodeEnvelope(bytes: Uint8Array): BusRecord[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] !== ENVELOPE_VERSION) throw new UnreadableEnvelope(`An envelope of version ${buffer[0] ?? 'none'}.`);
  const records: BusRecord[] = [];
  try {
    for (let at = 1; at < buffer.length; ) {
      const end = at + 5 + buffer.readUInt32LE(at + 1);
      if (end > buffer.length) throw new RangeError('a record is longer than its envelope');
      const record = decodeRecord(buffer.readUInt8(at), new Reader(buffer.subarray(at + 5, end)));
      if (record !== undefined) records.push(record);
      at = end;
    }
  } catch (error) {
    throw new UnreadableEnvelope(`An envelope that cannot be decoded: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return records;
}

function decodeRecord(kind: number, reader: Reader): BusRecord | undefined {
  switch (kind) {
    case KIND.entry:
      return { kind: 'entry', entry: decodeEntry(reader) };
    case KIND.reached: {
      const conversationNo = reader.u32();
      const seq = reader.f64();
      return { kind: 'reached', conversationNo, seq, conversationId: reader.text() };
    }
    case KIND.signal: {
      const signalKind = SIGNAL_KINDS[reader.u8()];
      if (signalKind === undefined) return undefined;
      const version = reader.f64();
      const conversationId = reader.text();
      return { kind: 'signal', signal: { kind: signalKind, version, conversationId, from: reader.text(), body: reader.rest() } };
    }
    case KIND.presence: {
      const count = reader.u16();
      return { kind: 'presence', userIds: Array.from({ length: count }, () => reader.text()) };
    }
    default:
      return undefined;
  }
}

function decodeEntry(reader: Reader): LogEntry {
  const type = entryTypeOf(reader.u8());
  const conversationNo = reader.u32();
  const seq = reader.f64();
  const conversationId = reader.text();
  const id = reader.text();
  return { type, conversationNo, seq, conversationId, id, from: reader.text(), body: reader.rest() };
}

// Every text in a record is an id of ours and so ASCII, which makes its length its size.
function textSize(text: string): number {
  return 2 + text.length;
}

class Writer {
  readonly #buffer: Buffer;
  #at = 5;

  constructor(kind: number, size: number) {
    this.#buffer = Buffer.allocUnsafe(5 + size);
    this.#buffer.writeUInt8(kind, 0);
    this.#buffer.writeUInt32LE(size, 1);
  }

  u8(value: number): this {
    this.#at = this.#buffer.writeUInt8(value, this.#at);
    return this;
  }

  u16(value: number): this {
    this.#at = this.#buffer.writeUInt16LE(value, this.#at);
    return this;
  }

  u32(value: number): this {
    this.#at = this.#buffer.writeUInt32LE(value, this.#at);
    return this;
  }

  f64(value: number): this {
    this.#at = this.#buffer.writeDoubleLE(value, this.#at);
    return this;
  }

  text(value: string): this {
    this.u16(value.length);
    this.#at += this.#buffer.write(value, this.#at, 'latin1');
    return this;
  }

  bytes(value: Buffer): this {
    this.#at += value.copy(this.#buffer, this.#at);
    return this;
  }

  done(): Buffer {
    if (this.#at !== this.#buffer.length) throw new Error('A record was not filled: its size was counted wrongly.');
    return this.#buffer;
  }
}

class Reader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  u8(): number {
    return this.#buffer.readUInt8(this.#move(1));
  }

  u16(): number {
    return this.#buffer.readUInt16LE(this.#move(2));
  }

  u32(): number {
    return this.#buffer.readUInt32LE(this.#move(4));
  }

  f64(): number {
    return this.#buffer.readDoubleLE(this.#move(8));
  }

  text(): string {
    const length = this.u16();
    const start = this.#move(length);
    if (this.#at > this.#buffer.length) throw new RangeError('a text is longer than its record');
    return this.#buffer.toString('latin1', start, this.#at);
  }

  rest(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  #move(size: number): number {
    const start = this.#at;
    this.#at += size;
    return start;
  }
}
