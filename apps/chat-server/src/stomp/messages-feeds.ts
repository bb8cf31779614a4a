import type { LogEntry } from '../conversations/log-entry.ts';
import { Feed, type FeedStart } from '../delivery/feed.ts';
import type { Principal } from '../identity/principal.ts';
import { DeliveryProof } from './delivery-proof.ts';
import type { SessionServices } from './session-services.ts';
import { MessagesSink, type FedSession, type Subscription } from './subscription.ts';

/** A subscription with `resume: sync` starts by itself if no sync comes in this time. */
const SYNC_WITHIN_MS = 10_000;
/** A session goes live without being registered if that takes longer; registering late brings a catch-up. */
const REGISTER_WITHIN_MS = 1_000;

export type MessagesFeedsParts = {
  readonly user: Principal;
  readonly deviceName: string;
  readonly services: SessionServices;
  readonly session: FedSession;
  /** Resolves once other servers route to this one for the user. */
  readonly registered: Promise<void>;
};

type Fed = { readonly subscription: Subscription; readonly feed: Feed; waiting: NodeJS.Timeout | undefined };

/** The subscriptions of one session to `/user/queue/messages`, and what is proven to have arrived over them. */
export class MessagesFeeds {
  readonly #parts: MessagesFeedsParts;
  readonly #proof = new DeliveryProof();
  readonly #fed = new Map<Subscription, Fed>();
  #deviceNo: Promise<number> | undefined;
  #knownDeviceNo = 0;

  constructor(parts: MessagesFeedsParts) {
    this.#parts = parts;
    // Rejects when this server ends; a session without subscriptions does not wait for it.
    parts.registered.catch(() => undefined);
  }

  add(subscription: Subscription, resumeBySync: boolean, onLive: () => void): void {
    const { services, user, session } = this.#parts;
    const localUser = services.gates.user(user.userNo, user.userId);
    const sink = new MessagesSink({
      subscription,
      proof: this.#proof,
      userId: user.userId,
      session,
      onLive: resumeBySync ? () => undefined : onLive,
    });
    const source = {
      positions: async () => services.reads.positions(user.userNo, await this.#device()),
      cursorSignals: (conversations: Parameters<typeof services.reads.cursorSignals>[1]) =>
        services.reads.cursorSignals(user.userNo, conversations),
    };
    const feed = new Feed(localUser, source, services.log, services.gates, services.counts, sink);
    const fed: Fed = { subscription, feed, waiting: undefined };
    this.#fed.set(subscription, fed);
    localUser.feeds.add(feed);
    subscription.stop = () => {
      clearTimeout(fed.waiting);
      feed.close();
      localUser.feeds.delete(feed);
      services.gates.release(localUser);
      this.#fed.delete(subscription);
    };
    if (resumeBySync) {
      fed.waiting = setTimeout(() => this.#start(fed, { kind: 'device' }), SYNC_WITHIN_MS);
      onLive();
    } else {
      this.#start(fed, { kind: 'device' });
    }
  }

  /** False if there is no subscription that could resume. */
  sync(start: FeedStart): boolean {
    for (const fed of this.#fed.values()) this.#start(fed, start);
    return this.#fed.size > 0;
  }

  /** What has not passed the gate yet is about to come by itself, in its place. */
  sendAgain(entry: LogEntry): void {
    const passed = entry.seq <= this.#parts.services.gates.positionOf(entry.conversationId);
    for (const { subscription, feed } of this.#fed.values()) {
      if (passed || !feed.live) subscription.sendEntry(entry);
    }
  }

  get wantsPing(): boolean {
    return this.#proof.wantsPing;
  }

  onPing(): void {
    this.#proof.onPing();
  }

  onPong(): void {
    const { userNo, userId } = this.#parts.user;
    const device = { userNo, userId, deviceNo: this.#knownDeviceNo };
    for (const { conversation, seq, version, foreign } of this.#proof.onPong()) {
      this.#parts.services.cursors.delivered(device, conversation, seq, version, foreign);
    }
  }

  /** Registered first, then read ([R1]): the read sees what no look-up brought here. */
  #start(fed: Fed, start: FeedStart): void {
    clearTimeout(fed.waiting);
    fed.waiting = undefined;
    void within(this.#parts.registered, REGISTER_WITHIN_MS).then(() => {
      if (this.#fed.has(fed.subscription)) fed.feed.open(start);
    });
  }

  async #device(): Promise<number> {
    const { services, user, deviceName } = this.#parts;
    this.#deviceNo ??= services.reads.openDevice(user.userNo, deviceName);
    this.#knownDeviceNo = await this.#deviceNo;
    return this.#knownDeviceNo;
  }
}

function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([promise.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}
