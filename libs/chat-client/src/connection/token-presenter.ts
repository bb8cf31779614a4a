import type { Account } from '../account/account.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { SendDestination } from '@chat/protocol';
import { Probe } from './probe.ts';
import type { StompConnection } from './transport.port.ts';

export type TokenPresenterParts = {
  readonly account: Account;
  readonly clock: Clock;
  /** The connection looks open and does not answer. */
  readonly onSilence: () => void;
  readonly onFault: (fault: unknown) => void;
};

/** Between tries to renew a token while the server's HTTP side cannot be reached and its socket can. */
const RENEW_AGAIN_MS = 30_000;

/** Keeps an open connection signed in: renews the token in time, and presents every new one, whichever tab got it. */
export class TokenPresenter {
  readonly #parts: TokenPresenterParts;
  readonly #probe: Probe;
  #connection: StompConnection | undefined;
  #cancelRenewal: CancelTimer = () => undefined;

  constructor(parts: TokenPresenterParts) {
    this.#parts = parts;
    this.#probe = new Probe(parts.clock, parts.onSilence);
  }

  opened(connection: StompConnection): void {
    this.#connection = connection;
    this.#scheduleRenewal();
  }

  lost(): void {
    this.#connection = undefined;
    this.#cancelRenewal();
    this.#probe.heard();
  }

  /** Something came from the server. */
  heard(): void {
    this.#probe.heard();
  }

  /** Another access token took the place of the last. */
  renewed(): void {
    const accessToken = this.#parts.account.current?.accessToken;
    if (!this.#connection || !accessToken) return;
    this.#connection.send(SendDestination.authRefresh, JSON.stringify({ accessToken }));
    this.#scheduleRenewal();
  }

  /** Makes sure that the connection still lives. */
  probe(): void {
    const accessToken = this.#parts.account.current?.accessToken;
    if (this.#connection && accessToken) this.#probe.ask(this.#connection, accessToken);
  }

  #scheduleRenewal(): void {
    const { account, clock } = this.#parts;
    this.#cancelRenewal();
    if (account.current) this.#cancelRenewal = clock.after(account.current.renewAt - clock.now(), () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { account, clock, onFault } = this.#parts;
    const { current } = account;
    try {
      if (current) await account.renew(current.accessToken);
    } catch (fault) {
      onFault(fault);
      if (this.#connection && account.current) this.#cancelRenewal = clock.after(RENEW_AGAIN_MS, () => void this.#renew());
    }
  }
}
