import { MessageTemplate, type ChatError, type ErrorBody } from '@chat/protocol';
import type { LogEntry } from '../conversations/log-entry.ts';
import type { AckWindow, Acknowledged, SignalNumbers } from './ack-window.ts';
import type { FeedSink, TruncatedRange } from '../delivery/feed.ts';
import type { Signal } from '../delivery/signal.ts';
import { OutboundFrame } from './connection.port.ts';
import type { DeliveryProof } from './delivery-proof.ts';
import type { MessageFrames } from './message-frames.ts';
import type { Outbox } from './outbox.ts';
import type { RoomTopicSink } from './room-topics.ts';

export type SubscriptionParts = {
  readonly id: string;
  readonly destination: string;
  readonly outbox: Outbox;
  readonly frames: MessageFrames;
  /** The SUBSCRIBE's, if it asked for one. */
  readonly receipt: string | undefined;
  /** Where each entry has to be acknowledged. */
  readonly window: AckWindow | undefined;
};

/** One SUBSCRIBE that lives: makes MESSAGE frames for its session. */
export class Subscription {
  readonly id: string;
  readonly destination: string;
  readonly window: AckWindow | undefined;
  /** What makes two subscriptions' frames the same bytes. */
  readonly #form: string;
  readonly #template: MessageTemplate;
  readonly #outbox: Outbox;
  readonly #frames: MessageFrames;
  #receipt: string | undefined;
  /** Ends what feeds it. */
  stop: () => void = () => undefined;
  /** What acknowledging proves, where that is anything. `onStored` is called once that is stored, or with why it cannot be. */
  onAcknowledged: ((move: Acknowledged, onStored: (error?: ChatError) => void) => void) | undefined;

  constructor(parts: SubscriptionParts) {
    this.id = parts.id;
    this.destination = parts.destination;
    this.window = parts.window;
    const withAck = parts.window !== undefined;
    this.#form = `${parts.outbox.version} ${withAck ? 'ack' : 'auto'} ${parts.destination} ${parts.id}`;
    this.#template = new MessageTemplate({
      subscription: parts.id,
      destination: parts.destination,
      withAck,
      version: parts.outbox.version,
      // From the pool: the frame is copied into the socket's message at once.
      allocate: (length) => Buffer.allocUnsafe(length),
    });
    this.#outbox = parts.outbox;
    this.#frames = parts.frames;
    this.#receipt = parts.receipt;
  }

  /** Its SUBSCRIBE is done: it is live, or ended before it was. */
  done(): void {
    const receipt = this.#receipt;
    this.#receipt = undefined;
    if (receipt !== undefined) this.#outbox.receipt(receipt);
  }

  /** Entries that it may be sent now. */
  get room(): number {
    return this.window?.room ?? Infinity;
  }

  whenRoom(callback: () => void): void {
    this.window?.whenRoom(callback);
  }

  sendEntry(entry: LogEntry): void {
    this.#outbox.send(this.#frames.frame(entry, this.#form, this.#template));
  }

  /** The answer to a repeat. */
  sendAgain(entry: LogEntry): void {
    this.sendEntry(entry);
    this.window?.onSentAgain(entry);
  }

  /** Something that is no entry; `id` is unique within the connection. */
  sendBody(id: string, body: Uint8Array): void {
    this.#outbox.send(new OutboundFrame(this.#template.frame(id, body)));
  }

  sendError(id: string, error: ErrorBody): void {
    this.sendBody(id, Buffer.from(JSON.stringify(error)));
  }
}

/** The session of a feed. */
export interface FedSession {
  readonly signals: SignalNumbers;
  drained(): Promise<void>;
  failed(error: unknown): void;
}

export type MessagesSinkParts = {
  readonly subscription: Subscription;
  readonly proof: DeliveryProof;
  readonly userId: string;
  readonly session: FedSession;
  /** Each time it goes live, as each sync has it do anew. */
  readonly onLive: () => void;
  readonly onSynced: () => void;
};

/** A subscription to `/user/queue/messages`, fed by the user's conversations. */
export class MessagesSink implements FeedSink {
  readonly #subscription: Subscription;
  readonly #proof: DeliveryProof;
  readonly #userId: string;
  readonly #session: FedSession;
  readonly #onSynced: () => void;
  readonly #onLive: () => void;

  constructor({ subscription, proof, userId, session, onLive, onSynced }: MessagesSinkParts) {
    this.#subscription = subscription;
    this.#proof = proof;
    this.#userId = userId;
    this.#session = session;
    this.#onLive = onLive;
    this.#onSynced = onSynced;
  }

  get room(): number {
    return this.#subscription.room;
  }

  whenRoom(callback: () => void): void {
    this.#subscription.whenRoom(callback);
  }

  /** Where entries are acknowledged that is their proof. Of signals it is the pong in any case. */
  onEntry(entry: LogEntry): void {
    this.#subscription.sendEntry(entry);
    const { window } = this.#subscription;
    const foreign = entry.from !== this.#userId;
    if (window === undefined) this.#proof.onEntry(entry, foreign);
    else window.onSent(entry, foreign);
  }

  onSignal(signal: Signal): void {
    this.#subscription.sendBody(this.#session.signals.next(), signal.body);
    if (signal.kind !== 'typing') this.#proof.onSignal(signal);
  }

  onSynced(cursors: Record<string, number>, truncated: readonly TruncatedRange[]): void {
    const message = { type: 'SYNCED', cursors, ...(truncated.length === 0 ? {} : { truncated }) };
    this.#subscription.sendBody(this.#session.signals.next(), Buffer.from(JSON.stringify(message)));
    this.#onSynced();
  }

  onLive(): void {
    this.#onLive();
  }

  drained(): Promise<void> {
    return this.#session.drained();
  }

  onFailed(error: unknown): void {
    this.#session.failed(error);
  }
}

export type RoomSinkParts = {
  readonly subscription: Subscription;
  readonly session: FedSession;
  readonly onLive: () => void;
  readonly onRefused: (error: ChatError) => void;
  readonly onEnded: () => void;
};

/** A subscription to `/topic/rooms.<roomId>`. It proves nothing: only `/user/queue/messages` does. */
export class RoomSink implements RoomTopicSink {
  readonly #parts: RoomSinkParts;

  constructor(parts: RoomSinkParts) {
    this.#parts = parts;
  }

  get room(): number {
    return this.#parts.subscription.room;
  }

  whenRoom(callback: () => void): void {
    this.#parts.subscription.whenRoom(callback);
  }

  onEntry(entry: LogEntry): void {
    const { subscription } = this.#parts;
    subscription.sendEntry(entry);
    subscription.window?.onSent(entry, false);
  }

  onSignal(signal: Signal): void {
    this.#parts.subscription.sendBody(this.#parts.session.signals.next(), signal.body);
  }

  onLive(): void {
    this.#parts.onLive();
  }

  onRefused(error: ChatError): void {
    this.#parts.onRefused(error);
  }

  onEnded(): void {
    this.#parts.onEnded();
  }

  drained(): Promise<void> {
    return this.#parts.session.drained();
  }

  onFailed(error: unknown): void {
    this.#parts.session.failed(error);
  }
}
