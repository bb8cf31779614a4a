import { BusUnavailable, type Bus, type BusListener } from './bus.port.ts';
import { assertServerId } from './server-id.ts';

export type MemoryBusOptions = {
  readonly serverId: string;
  /** Given where several servers live in one process; by default this server is alone. */
  readonly exchange?: MemoryExchange;
  /** Envelopes that wait for this server; at the bound publishers are refused. */
  readonly maxQueued?: number;
};

/** What the broker is to servers in different processes. */
export class MemoryExchange {
  readonly #members = new Map<string, MemoryBus>();

  /** A newer start of a server takes the place of the older one, as it does in the broker. */
  join(serverId: string, bus: MemoryBus): void {
    this.#members.set(serverId, bus);
  }

  leave(serverId: string, bus: MemoryBus): void {
    if (this.#members.get(serverId) === bus) this.#members.delete(serverId);
  }

  memberNamed(serverId: string): MemoryBus | undefined {
    return this.#members.get(serverId);
  }

  /** Cuts a server off until `heal`: what others send it is lost, as with a queue that is gone, and it cannot send. */
  partition(serverId: string): void {
    this.#members.get(serverId)?.onPartition();
  }

  heal(serverId: string): void {
    this.#members.get(serverId)?.onHeal();
  }
}

/** The bus of servers in one process. With one server nobody publishes; with several it keeps the same promises. */
export class MemoryBus implements Bus {
  readonly #serverId: string;
  readonly #exchange: MemoryExchange;
  readonly #maxQueued: number;
  /** Bounded by `maxQueued`; at the bound `publish` rejects. Emptied in the next turn of the event loop. */
  #queue: Uint8Array[] = [];
  #draining: NodeJS.Immediate | undefined;
  #listener: BusListener | undefined;
  #available = false;

  constructor(options: MemoryBusOptions) {
    assertServerId(options.serverId);
    this.#serverId = options.serverId;
    this.#exchange = options.exchange ?? new MemoryExchange();
    this.#maxQueued = options.maxQueued ?? 50_000;
  }

  get available(): boolean {
    return this.#available;
  }

  start(listener: BusListener): Promise<void> {
    this.#listener = listener;
    this.#exchange.join(this.#serverId, this);
    this.#setAvailable(true);
    return Promise.resolve();
  }

  /** Each server that has room gets it even if another has none, as with the broker. */
  publish(serverIds: readonly string[], envelope: Uint8Array): Promise<void> {
    if (!this.#available) return Promise.reject(new BusUnavailable('cut off'));
    const refused = serverIds.filter((serverId) => this.#exchange.memberNamed(serverId)?.offer(envelope) === false);
    return refused.length === 0 ? Promise.resolve() : Promise.reject(new BusUnavailable('a queue is at its bound'));
  }

  close(): Promise<void> {
    this.#exchange.leave(this.#serverId, this);
    this.#discardQueue();
    this.#setAvailable(false);
    this.#listener = undefined;
    return Promise.resolve();
  }

  /** False if there is no room for it. */
  offer(envelope: Uint8Array): boolean {
    if (!this.#available) return true;
    if (this.#queue.length >= this.#maxQueued) return false;
    this.#queue.push(envelope);
    this.#draining ??= setImmediate(() => this.#drain());
    return true;
  }

  onPartition(): void {
    this.#discardQueue();
    this.#setAvailable(false);
  }

  onHeal(): void {
    if (this.#available) return;
    this.#setAvailable(true);
    this.#listener?.onPossibleLoss('cut off for a while');
  }

  #drain(): void {
    this.#draining = undefined;
    const envelopes = this.#queue;
    this.#queue = [];
    for (const envelope of envelopes) this.#deliver(envelope);
  }

  #deliver(envelope: Uint8Array): void {
    try {
      this.#listener?.onEnvelope(envelope);
    } catch (error) {
      // One delivery is lost, never the server. There is no use for a dead letter: all senders are this very process.
      this.#listener?.onPossibleLoss(`unreadable envelope: ${String(error)}`);
    }
  }

  #discardQueue(): void {
    clearImmediate(this.#draining);
    this.#draining = undefined;
    this.#queue = [];
  }

  #setAvailable(available: boolean): void {
    if (available === this.#available) return;
    this.#available = available;
    this.#listener?.onAvailability(available);
  }
}
