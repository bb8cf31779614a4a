import type { ErrorBody } from '@chat/protocol';
import { BackOff } from '../connection/back-off.ts';
import type { Cursors } from '../delivery/entry-order.ts';
import type { Clock } from '../platform/clock.ts';
import type { Locks } from '../platform/locks.ts';
import { randomId } from '../platform/random-id.ts';
import type { ClientStore, OutboxRecord } from '../store/client-store.port.ts';
import { itemOf, type OutboxItem } from './outbox-item.ts';
import { OutboxItems } from './outbox-items.ts';
import { Sending, type SendOutcome } from './sending.ts';

export type OutboxParts = {
  readonly userId: string;
  readonly store: ClientStore;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: () => number;
  /** Sends one message with its clientId as the receipt id. */
  readonly transmit: (record: OutboxRecord) => void;
  readonly onChange: (conversationId: string) => void;
  /** Sending stops until this moment (epoch ms), as the server asked for. */
  readonly onHeld: (until: number) => void;
  /** The store failed: messages are sent all the same, but would not survive a reload. */
  readonly onFault: (fault: unknown) => void;
};

export type NewMessage = { readonly conversationId: string; readonly message: string; readonly replyTo?: number };

/**
 * Repeats each message until the server has confirmed or refused it. The messages of one conversation go one after the
 * other, each after its predecessor's outcome, so that a refusal or a lost connection cannot change their order; under
 * a lock, so that of several tabs one sends.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #items: OutboxItems;
  readonly #sending: Sending;
  readonly #backOff: BackOff;
  readonly #flushing = new Set<string>();
  #online = false;
  #notBefore = 0;
  #lastCreatedAt = 0;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#items = new OutboxItems(parts.store, parts.onChange, parts.onFault);
    this.#sending = new Sending(parts.clock);
    this.#backOff = new BackOff({ baseMs: 1_000, random: parts.random });
    parts.store.onOutsideChange(() => void this.#items.reload());
  }

  /** What is on its way in a conversation, oldest first. */
  items(conversationId: string): readonly OutboxItem[] {
    return this.#items.of(conversationId);
  }

  /** When sending goes on after the server asked for patience (epoch ms); in the past otherwise. */
  get heldUntil(): number {
    return this.#notBefore;
  }

  async load(): Promise<void> {
    await this.#items.reload();
    this.#flushAll();
  }

  add(message: NewMessage): OutboxItem {
    // Rising even within one millisecond, or when the machine's clock is set back.
    this.#lastCreatedAt = Math.max(this.#parts.clock.now(), this.#lastCreatedAt + 1);
    const record: OutboxRecord = { ...message, clientId: randomId(), createdAt: this.#lastCreatedAt };
    void this.#items.put(record).then(() => this.#flush(record.conversationId));
    return itemOf(record);
  }

  /** Sends again what the server refused, as the same message: it cannot be stored twice. */
  retry(clientId: string): void {
    const item = this.#items.find(clientId);
    if (item?.state !== 'failed') return;
    const { clientId: id, conversationId, message, replyTo, createdAt } = item;
    void this.#items.put({ clientId: id, conversationId, message, createdAt, ...(replyTo === undefined ? {} : { replyTo }) })
      .then(() => this.#flush(conversationId));
  }

  /** Forgets a message that the server refused. One that may have been stored already cannot be taken back here. */
  discard(clientId: string): void {
    if (this.#items.find(clientId)?.state === 'failed') this.#items.remove(clientId);
  }

  connected(): void {
    this.#online = true;
    this.#flushAll();
  }

  disconnected(): void {
    this.#online = false;
    this.#sending.connectionLost();
  }

  /** RECEIPT: the entry is in the log. */
  receipt(clientId: string, seq: number): void {
    this.#items.stored(clientId, seq);
    this.#sending.stored(clientId, seq);
  }

  refused(clientId: string, error: ErrorBody): void {
    this.#sending.refused(clientId, error);
  }

  /** The entry itself has been delivered: it takes the item's place. */
  delivered(clientId: string, seq: number): void {
    this.#items.remove(clientId);
    this.#sending.stored(clientId, seq);
  }

  /** This client will be sent no entries up to `cursors` any more: what of it was stored is to be read as history. */
  passed(cursors: Cursors): void {
    for (const [conversationId, cursor] of Object.entries(cursors)) this.#items.passed(conversationId, cursor);
  }

  #flushAll(): void {
    for (const conversationId of this.#items.conversations()) void this.#flush(conversationId);
  }

  async #flush(conversationId: string): Promise<void> {
    if (!this.#online || this.#flushing.has(conversationId)) return;
    this.#flushing.add(conversationId);
    try {
      await this.#parts.locks.run(`chat.outbox:${this.#parts.userId}:${conversationId}`, () => this.#sendAll(conversationId));
    } catch (fault) {
      this.#parts.onFault(fault);
    } finally {
      this.#flushing.delete(conversationId);
    }
    // What was added while the last outcome was being written.
    if (this.#maySend() && this.#items.firstPending(conversationId)) void this.#flush(conversationId);
  }

  async #sendAll(conversationId: string): Promise<void> {
    await this.#items.reload(); // another tab may have sent some of them while this one waited for the lock
    while (this.#maySend()) {
      const next = this.#items.firstPending(conversationId);
      if (!next) return;
      const outcome = this.#sending.outcomeOf(next.clientId);
      this.#parts.transmit(next);
      this.#apply(next, await outcome);
    }
  }

  #apply(record: OutboxRecord, outcome: SendOutcome): void {
    switch (outcome.kind) {
      case 'stored':
        this.#backOff.reset();
        return;
      case 'refused':
        void this.#items.put({ ...record, failure: { code: outcome.code, message: outcome.message } });
        return;
      case 'later':
        if (outcome.afterMs) this.#parts.onHeld(this.#parts.clock.now() + outcome.afterMs);
        return this.#hold(outcome.afterMs ?? this.#backOff.next());
      case 'unknown':
        return; // `connected` starts again
    }
  }

  #hold(ms: number): void {
    this.#notBefore = Math.max(this.#notBefore, this.#parts.clock.now() + ms);
    this.#parts.clock.after(ms, () => this.#flushAll());
  }

  #maySend(): boolean {
    return this.#online && this.#parts.clock.now() >= this.#notBefore;
  }
}
