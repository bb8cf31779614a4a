import type { Conversation } from '../conversations/log-entry.ts';
import type { Bus } from './bus.port.ts';
import { encodeEnvelope, encodeRecord, type BusRecord } from './envelope.ts';

/** Envelopes on the way at once. While all are, records gather: batches grow with load by themselves. */
const WINDOW = 32;
/** An envelope's size at which it is closed, well below what a broker dislikes. */
const ENVELOPE_BYTES = 256 * 1024;
/** Bytes that wait for the window. Past it entries shrink to 'reached', which is one number for each conversation. */
const WAITING_BYTES = 16 * 1024 * 1024;
const RETRY_MS = 250;
const REACHED_PER_ENVELOPE = 1_000;

type Batch = { readonly targets: readonly string[]; records: Buffer[]; bytes: number; readonly reached: Map<string, Reached> };
type Reached = Conversation & { readonly seq: number };

export type PublisherCounts = { envelopes: number; records: number; failed: number; reachedAnnounced: number };

/**
 * Tells other servers, in micro-batches: what gathers in one turn of the event loop, or while the window is full, goes
 * into one envelope for each set of targets. An envelope that was not confirmed is not repeated: what it carried
 * shrinks to 'conversation C reached N' for each of its targets, repeated until confirmed, and the target reads the
 * log. So its memory is bounded by `WAITING_BYTES` and one number for each conversation and target.
 */
export class Publisher {
  readonly #bus: Bus;
  readonly #isAlive: (serverId: string) => boolean;
  /** Servers that were there and ended. One that has never been heard of may have started a moment ago. */
  readonly #ended = new Set<string>();
  readonly #batches = new Map<string, Batch>();
  readonly #reached = new Map<string, Map<string, Reached>>();
  readonly counts: PublisherCounts = { envelopes: 0, records: 0, failed: 0, reachedAnnounced: 0 };
  #waitingBytes = 0;
  #inFlight = 0;
  #scheduled = false;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(bus: Bus, isAlive: (serverId: string) => boolean) {
    this.#bus = bus;
    this.#isAlive = isAlive;
  }

  /** Sends a record to these servers. Entries arrive or are announced; anything else is lost with its envelope. */
  send(targets: readonly string[], record: BusRecord): void {
    if (targets.length === 0 || this.#closed) return;
    const key = targets.length === 1 ? (targets[0] ?? '') : [...targets].sort().join(' ');
    if (!this.#bus.available || this.#waitingBytes > WAITING_BYTES) {
      if (record.kind === 'entry') this.announce(targets, { ...record.entry, seq: record.entry.seq });
      return;
    }
    let batch = this.#batches.get(key);
    if (batch === undefined) {
      batch = { targets: key.split(' '), records: [], bytes: 0, reached: new Map() };
      this.#batches.set(key, batch);
    }
    const bytes = encodeRecord(record);
    batch.records.push(bytes);
    batch.bytes += bytes.length;
    this.#waitingBytes += bytes.length;
    // A repeat may come behind newer entries.
    if (record.kind === 'entry') raise(batch.reached, record.entry);
    this.#schedule();
  }

  /** Tells these servers, for sure and once they can be told, how far a conversation's log reaches. */
  announce(targets: readonly string[], { conversationId, conversationNo, seq }: Reached): void {
    for (const target of targets) {
      let reached = this.#reached.get(target);
      if (reached === undefined) {
        reached = new Map();
        this.#reached.set(target, reached);
      }
      raise(reached, { conversationId, conversationNo, seq });
    }
    this.#schedule();
  }

  onServersEnded(serverIds: readonly string[]): void {
    for (const serverId of serverIds) this.#ended.add(serverId);
  }

  /** Sends what waits, as far as the bus takes it; then nothing more. */
  async close(): Promise<void> {
    for (let i = 0; i < 40 && (this.#batches.size > 0 || this.#inFlight > 0) && this.#bus.available; i++) {
      this.#flush();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#closed) return;
    for (const [key, batch] of this.#batches) {
      if (this.#inFlight >= WINDOW) return;
      this.#batches.delete(key);
      this.#waitingBytes -= batch.bytes;
      for (const records of split(batch)) this.#publish(batch.targets, records, batch.reached);
    }
    if (this.#retry === undefined) this.#flushReached();
  }

  #flushReached(): void {
    for (const [target, reached] of this.#reached) {
      if (this.#inFlight >= WINDOW) return;
      this.#reached.delete(target);
      // Whoever comes after it catches up from the log when it starts.
      if (this.#isGone(target)) continue;
      const all = [...reached.values()];
      for (let i = 0; i < all.length; i += REACHED_PER_ENVELOPE) {
        const part = all.slice(i, i + REACHED_PER_ENVELOPE);
        this.counts.reachedAnnounced += part.length;
        const records = part.map((one) => encodeRecord({ kind: 'reached', ...one }));
        this.#publish([target], records, new Map(part.map((one) => [one.conversationId, one])));
      }
    }
  }

  #isGone(serverId: string): boolean {
    if (this.#isAlive(serverId)) this.#ended.delete(serverId);
    return this.#ended.has(serverId);
  }

  #publish(targets: readonly string[], records: readonly Buffer[], reached: ReadonlyMap<string, Reached>): void {
    this.#inFlight++;
    this.counts.envelopes++;
    this.counts.records += records.length;
    this.#bus.publish(targets, encodeEnvelope(records)).then(
      () => this.#settled(),
      () => {
        this.counts.failed++;
        for (const one of reached.values()) this.announce(targets, one);
        this.#retryLater();
        this.#settled();
      },
    );
  }

  #settled(): void {
    this.#inFlight--;
    if (this.#batches.size > 0 || this.#reached.size > 0) this.#schedule();
  }

  /** After a failure announcements wait a little, so that a broker that is away is not asked in a loop. */
  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#schedule();
    }, RETRY_MS);
  }
}

function raise(furthest: Map<string, Reached>, reached: Reached): void {
  const known = furthest.get(reached.conversationId);
  if (known === undefined || known.seq < reached.seq) furthest.set(reached.conversationId, reached);
}

function* split(batch: Batch): Iterable<readonly Buffer[]> {
  if (batch.bytes <= ENVELOPE_BYTES) {
    yield batch.records;
    return;
  }
  let part: Buffer[] = [];
  let bytes = 0;
  for (const record of batch.records) {
    if (bytes + record.length > ENVELOPE_BYTES && part.length > 0) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += record.length;
  }
  if (part.length > 0) yield part;
}
