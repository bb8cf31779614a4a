import type { Account } from '../account/account.ts';
import { RequestError } from '../api/request-error.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Network } from '../platform/network.ts';
import { afterClose } from './after-close.ts';
import type { BackOff } from './back-off.ts';
import type { ConnectionState, SignedOutReason } from './connection-state.ts';
import type { StompConnection, StompHeaders, Transport } from './transport.port.ts';

/** What the connector reports. `opened` and `lost` alternate. */
export interface ConnectorListener {
  stateChanged(state: ConnectionState): void;
  opened(connection: StompConnection, headers: StompHeaders): void;
  lost(): void;
  message(subscription: string, headers: StompHeaders, body: string): void;
  receipt(receiptId: string, headers: StompHeaders): void;
  error(message: string): void;
}

export type ConnectorParts = {
  readonly transport: Transport;
  readonly account: Account;
  readonly device: string;
  readonly backOff: BackOff;
  readonly random: () => number;
  readonly clock: Clock;
  readonly network: Network;
};

/** A connection that has not come to CONNECTED within this time is given up. */
const CONNECT_WITHIN_MS = 10_000;
/** Spread of those who come back at once: all clients of a draining server do. */
const AT_ONCE_WITHIN_MS = 250;
/** After 1013 the back-off goes on as if so many tries had failed already. */
const OVERLOADED_FAILURES = 3;

/** Keeps one connection up: opens it, and when it is lost decides by the close code when and whether to come back. */
export class Connector {
  readonly #parts: ConnectorParts;
  readonly #listener: ConnectorListener;
  #state: ConnectionState = { status: 'offline' };
  #connection: StompConnection | undefined;
  #open = false;
  #cancelTimer: CancelTimer = () => undefined;
  /** Tells the answers of an attempt that was given up from those of the present one. */
  #attempt = 0;
  #renewed = false;
  #cameAtOnce = false;
  #unwatchNetwork: (() => void) | undefined;

  constructor(parts: ConnectorParts, listener: ConnectorListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  start(): void {
    if (this.#state.status === 'connecting' || this.#state.status === 'online') return;
    this.#unwatchNetwork ??= this.#parts.network.onChange(() => this.#networkChanged());
    this.#parts.backOff.reset();
    this.#try();
  }

  stop(): void {
    this.#unwatchNetwork?.();
    this.#unwatchNetwork = undefined;
    this.#drop('close');
    this.#enter({ status: 'offline' });
  }

  /** Ends the connection and the attempts at one: nobody is signed in any more. */
  signedOut(reason: SignedOutReason): void {
    this.#drop('close');
    this.#enter({ status: 'signed-out', reason });
  }

  /** Tries now what is only due later. */
  retryNow(): void {
    if (!this.#unwatchNetwork) return; // stopped
    if (this.#state.status === 'waiting' || this.#state.status === 'offline') this.#try();
  }

  /** The connection has proven to work: the next loss starts with short delays again. */
  proven(): void {
    this.#parts.backOff.reset();
    this.#renewed = false;
    this.#cameAtOnce = false;
  }

  /** Gives up a connection that doesn't answer any more. */
  giveUp(): void {
    if (!this.#open) return;
    this.#drop('abort');
    this.#wait(this.#parts.backOff.next());
  }

  #try(): void {
    this.#cancelTimer();
    this.#enter({ status: 'connecting' });
    const attempt = ++this.#attempt;
    this.#parts.account.accessToken().then(
      (token) => {
        if (attempt === this.#attempt) this.#openWith(token);
      },
      (fault: unknown) => {
        if (attempt === this.#attempt) this.#failed(fault);
      },
    );
  }

  #openWith(token: string): void {
    const attempt = this.#attempt;
    const isPresent = (): boolean => attempt === this.#attempt;
    this.#cancelTimer = this.#parts.clock.after(CONNECT_WITHIN_MS, () => {
      this.#drop('abort');
      this.#wait(this.#parts.backOff.next());
    });
    this.#connection = this.#parts.transport.open(
      { Authorization: `Bearer ${token}`, device: this.#parts.device },
      {
        connected: (headers) => isPresent() && this.#connected(headers),
        message: (subscription, headers, body) => isPresent() && this.#listener.message(subscription, headers, body),
        receipt: (receiptId, headers) => isPresent() && this.#listener.receipt(receiptId, headers),
        error: (message) => isPresent() && this.#listener.error(message),
        closed: (code) => isPresent() && this.#closed(code, token),
      },
    );
  }

  #connected(headers: StompHeaders): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#cancelTimer();
    this.#open = true;
    this.#enter({ status: 'online', server: headers['server'] ?? '' });
    this.#listener.opened(connection, headers);
  }

  #closed(code: number, token: string): void {
    this.#drop('abort');
    switch (afterClose(code)) {
      case 'stop':
        return this.#enter({ status: 'replaced' });
      case 'renew-token':
        return this.#renew(token);
      case 'at-once':
        // Once: a server that sends everybody away again and again gets the usual back-off.
        if (this.#cameAtOnce) return this.#wait(this.#parts.backOff.next());
        this.#cameAtOnce = true;
        return this.#wait(Math.round(this.#parts.random() * AT_ONCE_WITHIN_MS));
      case 'back-off-further':
        return this.#wait(this.#parts.backOff.next(OVERLOADED_FAILURES));
      case 'back-off':
        return this.#wait(this.#parts.backOff.next());
    }
  }

  #renew(refused: string): void {
    // A second refusal, of a token just made, will not be mended by a third.
    if (this.#renewed) return this.#parts.account.forget('ended');
    this.#renewed = true;
    this.#enter({ status: 'connecting' });
    const attempt = ++this.#attempt;
    this.#parts.account.renew(refused).then(
      () => {
        if (attempt === this.#attempt) this.#try();
      },
      (fault: unknown) => {
        if (attempt === this.#attempt) this.#failed(fault);
      },
    );
  }

  /** No token to connect with. Where the sign-in ended, the account has said so already. */
  #failed(fault: unknown): void {
    const signedOut = fault instanceof RequestError && fault.status === 401;
    if (signedOut) this.#enter({ status: 'signed-out', reason: 'ended' });
    else this.#wait(this.#parts.backOff.next());
  }

  #wait(ms: number): void {
    const nextTryAt = this.#parts.clock.now() + ms;
    // The device may be wrong about its network, so the tries go on.
    this.#enter(this.#parts.network.isOnline() ? { status: 'waiting', nextTryAt } : { status: 'offline' });
    this.#cancelTimer = this.#parts.clock.after(ms, () => this.#try());
  }

  #drop(how: 'close' | 'abort'): void {
    this.#attempt++;
    this.#cancelTimer();
    const connection = this.#connection;
    const wasOpen = this.#open;
    this.#connection = undefined;
    this.#open = false;
    if (how === 'close') connection?.close();
    else connection?.abort();
    if (wasOpen) this.#listener.lost();
  }

  #networkChanged(): void {
    if (this.#parts.network.isOnline()) this.retryNow();
    else if (this.#state.status === 'waiting') this.#enter({ status: 'offline' });
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#listener.stateChanged(state);
  }
}
