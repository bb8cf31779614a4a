import { ChatError, CloseCode, type ErrorBody, type Frame } from '@chat/protocol';
import type { Caller, Outcome } from '../commands/command-table.ts';
import type { LogEntry } from '../conversations/log-entry.ts';
import type { FeedStart } from '../delivery/feed.ts';
import type { Principal } from '../identity/principal.ts';
import { SignalNumbers } from './ack-window.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { ProtocolFault, receiptOf } from './frame-headers.ts';
import type { Accepted } from './handshake.ts';
import { MessagesFeeds } from './messages-feeds.ts';
import type { Outbox } from './outbox.ts';
import { Sends } from './sends.ts';
import type { SendAnswers, SendRequest } from './send-outcome.ts';
import type { SessionServices } from './session-services.ts';
import { Subscriptions } from './subscriptions.ts';
import type { FedSession } from './subscription.ts';
import { TransactionCommit } from './transaction-commit.ts';
import { Transactions } from './transactions.ts';
import { TokenBucket } from './token-bucket.ts';

/** The session around it, as what happens after CONNECT sees it. */
export interface SessionFrame {
  /** Ends it with a close code and no ERROR. */
  end(code: CloseCode, reason: string): void;
  /** Ends it with ERROR. */
  fail(message: string, code: CloseCode, receipt?: string): void;
  failed(error: unknown): void;
  disconnect(receipt: string | undefined): void;
  /** The user's session goes on under another sign-in. */
  onSignIn(from: string, to: string): void;
  /** A SEND has its outcome. */
  onSettled(): void;
}

export type ConnectedSessionParts = {
  readonly accepted: Accepted;
  readonly services: SessionServices;
  readonly outbox: Outbox;
  readonly session: SessionFrame;
};

/** A session after CONNECT: what its frames do, and what commands and their outcomes ask of it. */
export class ConnectedSession implements Caller, SendAnswers {
  readonly feeds: MessagesFeeds;
  readonly sendEveryMs: number;
  readonly #services: SessionServices;
  readonly #outbox: Outbox;
  readonly #session: SessionFrame;
  readonly #rate: TokenBucket;
  readonly #subscriptions: Subscriptions;
  readonly #sends: Sends;
  readonly #acknowledgements: Acknowledgements;
  readonly #transactions: Transactions;
  #principal: Principal;
  #unsettled = 0;

  constructor({ accepted, services, outbox, session }: ConnectedSessionParts) {
    this.#services = services;
    this.#outbox = outbox;
    this.#session = session;
    this.#principal = accepted.principal;
    this.sendEveryMs = accepted.sendEveryMs;
    this.#rate = new TokenBucket(services.subscribeRate);
    const fed: FedSession = {
      signals: new SignalNumbers(),
      drained: () => outbox.drained(),
      failed: (error) => session.failed(error),
    };
    this.feeds = new MessagesFeeds({
      user: accepted.principal,
      deviceName: accepted.deviceName,
      services,
      session: fed,
      registered: services.presence.arrived(accepted.principal),
    });
    this.#subscriptions = new Subscriptions({
      services,
      outbox,
      feeds: this.feeds,
      session: fed,
      rate: this.#rate,
      principal: () => this.#principal,
      refuse: (error, request) => this.refuse(error, request),
    });
    this.#acknowledgements = new Acknowledgements({
      outbox,
      answers: this,
      subscription: (id) => this.#subscriptions.get(id),
    });
    this.#sends = new Sends({ commands: services.commands, caller: this, answers: this });
    this.#transactions = new Transactions(services.limits);
  }

  handle(frame: Frame): void | Promise<void> {
    switch (frame.command) {
      case 'SEND':
        return frame.headers.has('transaction') ? this.#transactions.keep(frame) : this.#sends.send(frame);
      case 'SUBSCRIBE':
        return this.#subscriptions.subscribe(frame);
      case 'UNSUBSCRIBE':
        return this.#subscriptions.unsubscribe(frame);
      case 'ACK':
      case 'NACK':
        return this.#acknowledge(frame);
      case 'BEGIN':
        this.#transactions.begin(frame);
        return this.#done(frame);
      case 'COMMIT':
        return this.#commit(frame);
      case 'ABORT':
        this.#transactions.end(frame);
        return this.#done(frame);
      case 'DISCONNECT':
        return this.#session.disconnect(receiptOf(frame));
      case 'CONNECT':
      case 'STOMP':
        throw new ProtocolFault('A second CONNECT.');
      default:
        throw new ProtocolFault(`${frame.command} is not for clients to send.`);
    }
  }

  #acknowledge(frame: Frame): void {
    if (!frame.headers.has('transaction')) return this.#acknowledgements.handle(frame);
    this.#acknowledgements.check(frame);
    this.#transactions.keep(frame);
  }

  #commit(frame: Frame): Promise<void> {
    const kept = this.#transactions.end(frame);
    const { commands, submission } = this.#services;
    const parts = { commands, submission, caller: this, answers: this, acknowledgements: this.#acknowledgements };
    return new TransactionCommit(parts).commit(frame, kept);
  }

  #done(frame: Frame): void {
    const receipt = receiptOf(frame);
    if (receipt !== undefined) this.#outbox.receipt(receipt);
  }

  /** SENDs without their outcome. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** The connection has ended. */
  onClosed(): void {
    this.#subscriptions.stopAll();
    this.#services.presence.left(this.#principal);
  }

  // What commands ask.

  get principal(): Principal {
    return this.#principal;
  }

  sync(start: FeedStart, outcome: Outcome): void {
    this.#rate.take();
    if (!this.feeds.sync(start, outcome)) {
      throw new ChatError('bad-request', 'chat.sync needs a subscription to /user/queue/messages.');
    }
  }

  renew(principal: Principal): void {
    if (principal.userId !== this.#principal.userId) {
      throw new ChatError('unauthorized', 'The new token belongs to another user.');
    }
    this.#session.onSignIn(this.#principal.signIn, principal.signIn);
    this.#principal = principal;
    this.endIfSignedOut();
  }

  /** Signed out while the token was being looked at: the news has passed this session by. */
  endIfSignedOut(): void {
    if (this.#services.authenticator.hasEnded(this.#principal)) this.#session.end(CloseCode.unauthorized, 'Signed out.');
  }

  // What the outcomes of SENDs ask.

  receipt(receiptId: string, headers?: Readonly<Record<string, string>>): void {
    this.#outbox.receipt(receiptId, headers);
  }

  sendAgain(entry: LogEntry): void {
    this.feeds.sendAgain(entry);
  }

  refuse(error: ChatError, request: SendRequest): void {
    const { destination, clientId, receipt } = request;
    const { code, message, retryAfterMs } = error;
    const body: ErrorBody = { code, message, destination, clientId, receipt, retryAfterMs };
    if (this.#subscriptions.tellError(body)) return;
    const overloaded = code === 'rate-limited' || code === 'unavailable';
    this.#session.fail(message, overloaded ? CloseCode.overloaded : CloseCode.protocolError, receipt);
  }

  end(code: CloseCode, reason: string): void {
    this.#session.end(code, reason);
  }

  started(): void {
    this.#unsettled++;
  }

  settled(): void {
    this.#unsettled--;
    this.#session.onSettled();
  }
}
