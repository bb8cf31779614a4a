import { ChatError } from '@chat/protocol';
import type { Outcome } from '../commands/command-table.ts';
import type { LogEntry } from '../conversations/log-entry.ts';
import type { DeviceRef } from '../delivery/cursor-book.ts';
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

const FROM_DEVICE: FeedStart = { kind: 'device' };

type Fed = {
  readonly subscription: Subscription;
  readonly feed: Feed;
  waiting: NodeJS.Timeout | undefined;
  start: FeedStart;
  /** Syncs that want to know when this subscription is synced, or ends. */
  readonly syncs: PendingSync[];
};

/** The subscriptions of one session to `/user/queue/messages`, and what is proven to have arrived over them. */
export class MessagesFeeds {
  readonly #parts: MessagesFeedsParts;
  readonly #proof = new DeliveryProof();
  readonly #fed = new Map<Subscription, Fed>();
  #deviceNo: Promise<number> | undefined;
  #knownDeviceNo = 0;
  #late = false;

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
      // An earlier sync whose place a later one took is done with it.
      onSynced: () => tellSyncs(fed, (sync) => sync.onSynced()),
    });
    const source = {
      positions: async () => services.reads.positions(user.userNo, await this.#device()),
      cursorSignals: (conversations: Parameters<typeof services.reads.cursorSignals>[1]) =>
        services.reads.cursorSignals(user.userNo, conversations),
    };
    const feed = new Feed(localUser, source, services.log, services.gates, services.counts, sink);
    const fed: Fed = { subscription, feed, waiting: undefined, start: FROM_DEVICE, syncs: [] };
    this.#fed.set(subscription, fed);
    localUser.feeds.add(feed);
    subscription.onAcknowledged = (move, onStored) => {
      services.cursors.delivered(this.#deviceRef(), move.conversation, move.seq, 0, move.foreign, onStored);
    };
    subscription.stop = () => {
      for (const { conversation, seq } of subscription.window?.unproven() ?? []) {
        services.redeliveries.note(this.#deviceRef(), conversation, seq);
      }
      clearTimeout(fed.waiting);
      feed.close();
      localUser.feeds.delete(feed);
      services.gates.release(localUser);
      this.#fed.delete(subscription);
      tellSyncs(fed, (sync) => sync.onSubscriptionEnded());
    };
    if (resumeBySync) {
      fed.waiting = setTimeout(() => this.#start(fed, FROM_DEVICE), SYNC_WITHIN_MS);
      onLive();
    } else {
      this.#start(fed, FROM_DEVICE);
    }
  }

  /** False if there is no subscription that could resume. `outcome` is done when SYNCED has been sent to each of them. */
  sync(start: FeedStart, outcome: Outcome): boolean {
    if (this.#fed.size === 0) return false;
    const sync = new PendingSync(this.#fed.size, outcome);
    for (const fed of this.#fed.values()) {
      fed.syncs.push(sync);
      this.#start(fed, start);
    }
    return true;
  }

  /** What has not passed the gate yet is about to come by itself, in its place. */
  sendAgain(entry: LogEntry): void {
    const passed = entry.seq <= this.#parts.services.gates.positionOf(entry.conversationId);
    for (const { subscription, feed } of this.#fed.values()) {
      if (passed || !feed.live) subscription.sendAgain(entry);
    }
  }

  get wantsPing(): boolean {
    return this.#proof.wantsPing;
  }

  onPing(): void {
    this.#proof.onPing();
  }

  onPong(): void {
    const device = this.#deviceRef();
    for (const { conversation, seq, version, foreign } of this.#proof.onPong()) {
      this.#parts.services.cursors.delivered(device, conversation, seq, version, foreign);
    }
  }

  /** Registered first, then read ([R1]): the read sees what no look-up brought here. */
  #start(fed: Fed, start: FeedStart): void {
    clearTimeout(fed.waiting);
    fed.waiting = undefined;
    fed.start = start;
    void within(this.#parts.registered, REGISTER_WITHIN_MS).then((inTime) => {
      if (!inTime) this.#catchUpOnceRegistered();
      // A later start takes this one's place, also before it has begun.
      if (this.#fed.has(fed.subscription) && fed.start === start) fed.feed.open(start);
    });
  }

  /** Between its read and its registration nobody knew that the session is here. */
  #catchUpOnceRegistered(): void {
    if (this.#late) return;
    this.#late = true;
    // Rejected, the server is ending.
    this.#parts.registered.then(this.#parts.services.catchUp, () => undefined);
  }

  /** Known once there is anything to prove: what is delivered has been read from there on. */
  #deviceRef(): DeviceRef {
    const { userNo, userId } = this.#parts.user;
    return { userNo, userId, deviceNo: this.#knownDeviceNo };
  }

  async #device(): Promise<number> {
    const { services, user, deviceName } = this.#parts;
    this.#deviceNo ??= services.reads.openDevice(user.userNo, deviceName);
    this.#knownDeviceNo = await this.#deviceNo;
    return this.#knownDeviceNo;
  }
}

/** A sync whose SYNCED has not been sent to all subscriptions yet. */
class PendingSync {
  readonly #outcome: Outcome;
  #left: number;
  #synced = false;

  constructor(subscriptions: number, outcome: Outcome) {
    this.#left = subscriptions;
    this.#outcome = outcome;
  }

  onSynced(): void {
    this.#synced = true;
    this.#settle();
  }

  onSubscriptionEnded(): void {
    this.#settle();
  }

  #settle(): void {
    if (--this.#left > 0) return;
    if (this.#synced) this.#outcome.done();
    else this.#outcome.refused(new ChatError('bad-request', 'The subscription ended before the sync was done.'));
  }
}

function tellSyncs(fed: Fed, tell: (sync: PendingSync) => void): void {
  for (const sync of fed.syncs.splice(0)) tell(sync);
}

/** Whether it settles in time. */
function within(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = promise.then(() => true, () => true);
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}
