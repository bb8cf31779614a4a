import { parseSubscribeDestination, type ChatError, type ErrorBody, type Frame } from '@chat/protocol';
import type { Principal } from '../identity/principal.ts';
import { AckWindow } from './ack-window.ts';
import { ackModeOf, afterOf, destinationOf, ProtocolFault, receiptOf } from './frame-headers.ts';
import type { MessagesFeeds } from './messages-feeds.ts';
import type { Outbox } from './outbox.ts';
import type { SendRequest } from './send-outcome.ts';
import type { SessionServices } from './session-services.ts';
import { RoomSink, Subscription, type FedSession } from './subscription.ts';
import type { TokenBucket } from './token-bucket.ts';

export type SubscriptionsParts = {
  readonly services: SessionServices;
  readonly outbox: Outbox;
  readonly feeds: MessagesFeeds;
  readonly session: FedSession;
  /** Each SUBSCRIBE takes one: all but those to errors read from the store. */
  readonly rate: TokenBucket;
  readonly principal: () => Principal;
  readonly refuse: (error: ChatError, request: SendRequest) => void;
};

type Target = NonNullable<ReturnType<typeof parseSubscribeDestination>>;

/** SUBSCRIBE and UNSUBSCRIBE of one session, and the subscriptions that live. */
export class Subscriptions {
  readonly #parts: SubscriptionsParts;
  readonly #byId = new Map<string, Subscription>();

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
  }

  subscribe(frame: Frame): void {
    const destination = destinationOf(frame);
    const id = this.#idOf(frame, destination);
    const ack = ackModeOf(frame);
    const target = parseSubscribeDestination(destination);
    if (target === undefined) throw new ProtocolFault('There is nothing to subscribe to at this destination.');
    const after = target.kind === 'room' ? afterOf(frame) : undefined;
    this.#parts.rate.take();

    const { outbox, services } = this.#parts;
    const window = ack === undefined ? undefined : new AckWindow(ack, services.limits.unacknowledgedEntries, this.#parts.session.signals);
    const subscription = new Subscription({ id, destination, outbox, frames: services.frames, receipt: receiptOf(frame), window });
    this.#byId.set(id, subscription);
    this.#feed(subscription, target, frame, after);
  }

  /** One that there is not has ended already: the server may have ended or refused it, and clients end theirs by habit. */
  unsubscribe(frame: Frame): void {
    const id = frame.headers.get('id') ?? (this.#parts.outbox.version === '1.0' ? frame.headers.get('destination') : undefined);
    if (id === undefined) throw new ProtocolFault('UNSUBSCRIBE without an id.');
    const subscription = this.#byId.get(id);
    this.#byId.delete(id);
    subscription?.stop();
    subscription?.done();
    const receipt = receiptOf(frame);
    if (receipt !== undefined) this.#parts.outbox.receipt(receipt);
  }

  get(id: string): Subscription | undefined {
    return this.#byId.get(id);
  }

  /** Tells the subscriptions to errors; false if there is none. */
  tellError(error: ErrorBody): boolean {
    let told = false;
    for (const subscription of this.#byId.values()) {
      if (subscription.destination !== '/user/queue/errors') continue;
      subscription.sendError(this.#parts.session.signals.next(), error);
      told = true;
    }
    return told;
  }

  stopAll(): void {
    for (const subscription of this.#byId.values()) subscription.stop();
    this.#byId.clear();
  }

  #idOf(frame: Frame, destination: string): string {
    const { outbox, services } = this.#parts;
    const id = frame.headers.get('id') ?? (outbox.version === '1.0' ? destination : undefined);
    if (id === undefined) throw new ProtocolFault('SUBSCRIBE without an id.');
    if (this.#byId.has(id)) throw new ProtocolFault('A second SUBSCRIBE with the same id.');
    const limit = services.limits.subscriptionsPerSession;
    if (this.#byId.size >= limit) throw new ProtocolFault(`More than ${limit} subscriptions.`);
    return id;
  }

  #feed(subscription: Subscription, target: Target, frame: Frame, after: number | undefined): void {
    const { feeds, services, principal } = this.#parts;
    const live = (): void => subscription.done();
    switch (target.kind) {
      case 'messages':
        feeds.add(subscription, frame.headers.get('resume') === 'sync', live);
        return;
      case 'room':
        this.#openRoom(subscription, target.roomId, after, receiptOf(frame));
        return;
      case 'presence': {
        const watch = services.presence.watch(principal(), (body, messageId) => subscription.sendBody(messageId, body));
        subscription.stop = () => watch.stop();
        live();
        return;
      }
      case 'errors':
        live();
    }
  }

  #openRoom(subscription: Subscription, roomId: string, after: number | undefined, receipt: string | undefined): void {
    const { services, session, principal, refuse } = this.#parts;
    const drop = (): void => void this.#byId.delete(subscription.id);
    const sink = new RoomSink({
      subscription,
      session,
      onLive: () => subscription.done(),
      onRefused: (error) => {
        drop();
        refuse(error, { destination: subscription.destination, receipt, clientId: undefined });
      },
      onEnded: () => {
        drop();
        subscription.done();
      },
    });
    const topic = services.roomTopics.open(principal(), roomId, after, sink);
    subscription.stop = () => topic.close();
  }
}
