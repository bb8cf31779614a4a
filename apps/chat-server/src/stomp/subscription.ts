import { MessageTemplate, type ErrorBody, type StompVersion } from '@chat/protocol';
import type { LogEntry } from '../conversations/log-entry.ts';
import type { FeedSink, TruncatedRange } from '../delivery/feed.ts';
import type { Signal } from '../delivery/signal.ts';
import { OutboundFrame, type Connection } from './connection.port.ts';
import type { DeliveryProof } from './delivery-proof.ts';
import type { MessageFrames } from './message-frames.ts';

export type SubscriptionParts = {
  readonly id: string;
  readonly destination: string;
  readonly version: StompVersion;
  readonly connection: Connection;
  readonly frames: MessageFrames;
};

/** One SUBSCRIBE that lives: makes MESSAGE frames for its session. */
export class Subscription {
  readonly id: string;
  readonly destination: string;
  /** What makes two subscriptions' frames the same bytes. */
  readonly #form: string;
  readonly #template: MessageTemplate;
  readonly #connection: Connection;
  readonly #frames: MessageFrames;
  /** Ends what feeds it. */
  stop: () => void = () => undefined;

  constructor(parts: SubscriptionParts) {
    this.id = parts.id;
    this.destination = parts.destination;
    this.#form = `${parts.version} ${parts.destination} ${parts.id}`;
    this.#template = new MessageTemplate({
      subscription: parts.id,
      destination: parts.destination,
      withAck: false,
      version: parts.version,
      // From the pool: the frame is copied into the socket's message at once.
      allocate: (length) => Buffer.allocUnsafe(length),
    });
    this.#connection = parts.connection;
    this.#frames = parts.frames;
  }

  sendEntry(entry: LogEntry): void {
    this.#connection.send(this.#frames.frame(entry, this.#form, this.#template));
  }

  /** Something that is no entry; `id` is unique within the connection. */
  sendBody(id: string, body: Uint8Array): void {
    this.#connection.send(new OutboundFrame(this.#template.frame(id, body)));
  }

  sendError(id: string, error: ErrorBody): void {
    this.sendBody(id, Buffer.from(JSON.stringify(error)));
  }
}

/** The session of a feed. */
export interface FedSession {
  /** A message id for what is no entry. */
  nextId(): string;
  drained(): Promise<void>;
  failed(error: unknown): void;
}

export type MessagesSinkParts = {
  readonly subscription: Subscription;
  readonly proof: DeliveryProof;
  readonly userId: string;
  readonly session: FedSession;
  readonly onLive: () => void;
};

/** A subscription to `/user/queue/messages`, fed by the user's conversations. */
export class MessagesSink implements FeedSink {
  readonly #subscription: Subscription;
  readonly #proof: DeliveryProof;
  readonly #userId: string;
  readonly #session: FedSession;
  #onLive: (() => void) | undefined;

  constructor({ subscription, proof, userId, session, onLive }: MessagesSinkParts) {
    this.#subscription = subscription;
    this.#proof = proof;
    this.#userId = userId;
    this.#session = session;
    this.#onLive = onLive;
  }

  onEntry(entry: LogEntry): void {
    this.#subscription.sendEntry(entry);
    this.#proof.onEntry(entry, entry.from !== this.#userId);
  }

  onSignal(signal: Signal): void {
    this.#subscription.sendBody(this.#session.nextId(), signal.body);
    if (signal.kind !== 'typing') this.#proof.onSignal(signal);
  }

  onSynced(cursors: Record<string, number>, truncated: readonly TruncatedRange[]): void {
    const message = { type: 'SYNCED', cursors, ...(truncated.length === 0 ? {} : { truncated }) };
    this.#subscription.sendBody(this.#session.nextId(), Buffer.from(JSON.stringify(message)));
  }

  onLive(): void {
    this.#onLive?.();
    this.#onLive = undefined;
  }

  drained(): Promise<void> {
    return this.#session.drained();
  }

  onFailed(error: unknown): void {
    this.#session.failed(error);
  }
}

