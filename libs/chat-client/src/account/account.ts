import type { LoginBody, RegisterBody, SignedIn } from '@chat/protocol';
import type { Http } from '../api/http.ts';
import { RequestError } from '../api/request-error.ts';
import type { SignedOutReason } from '../connection/connection-state.ts';
import type { Clock } from '../platform/clock.ts';
import { Events } from '../platform/events.ts';
import type { Locks } from '../platform/locks.ts';
import type { SignIn, SignInStore } from './sign-in-store.ts';

export type AccountEvents = {
  /** Someone signed in, here or in another tab, or the name changed. */
  signedIn: SignIn;
  /** Another access token took the place of the last, renewed here or in another tab. */
  renewed: SignIn;
  signedOut: SignedOutReason;
};

export type AccountParts = {
  readonly http: Http;
  readonly store: SignInStore;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly onFault: (fault: unknown) => void;
};

/** The part of its life after which an access token is renewed: early enough for a tab whose timers are throttled. */
const RENEW_AFTER = 0.8;

const RENEWAL_LOCK = 'chat.sign-in';

/** Who is signed in on this device, and the keeper of the tokens: a refresh token works once, in one tab. */
export class Account {
  readonly events: Events<AccountEvents>;
  readonly #parts: AccountParts;
  #current: SignIn | undefined;

  constructor(parts: AccountParts) {
    this.#parts = parts;
    this.events = new Events(parts.onFault);
    this.#current = parts.store.read();
    parts.store.onOutsideChange(() => this.#adopt(parts.store.read(), 'elsewhere'));
  }

  get current(): SignIn | undefined {
    return this.#current;
  }

  /** Makes an account and signs in with it. Throws `conflict` where the id is taken. */
  async register(body: RegisterBody): Promise<SignIn> {
    return this.#signInBy('/api/auth/register', body);
  }

  /** Throws `unauthorized` where id and password don't belong together. */
  async signIn(body: LoginBody): Promise<SignIn> {
    return this.#signInBy('/api/auth/login', body);
  }

  /** Ends the sign-in here and on the server, and with it every connection that it opened. */
  async signOut(): Promise<void> {
    const signIn = this.#current;
    if (!signIn) return;
    this.#store(undefined, 'chosen');
    await this.#parts.http
      .request('/api/auth/logout', { method: 'POST', accessToken: signIn.accessToken })
      .catch((fault: unknown) => {
        // Signed out on this device all the same. A token that has run out needs no logout.
        if (!(fault instanceof RequestError)) throw fault;
      });
  }

  /** Forgets a sign-in that the server no longer takes. */
  forget(reason: SignedOutReason): void {
    this.#store(undefined, reason);
  }

  /** A token that still holds. Throws `unauthorized` where nobody is signed in, `unreachable` where it can't be renewed. */
  async accessToken(): Promise<string> {
    const signIn = this.#current;
    if (!signIn) throw new RequestError('unauthorized', 'Nobody is signed in.', 401);
    if (this.#isFresh(signIn)) return signIn.accessToken;
    try {
      return await this.renew(signIn.accessToken);
    } catch (fault) {
      const stillHolds = this.#current !== undefined && this.#parts.clock.now() < signIn.expiresAt;
      if (stillHolds) return signIn.accessToken;
      throw fault;
    }
  }

  /** A token other than `stale`: the one that another tab got meanwhile, or a new one. Signs out where the server refuses. */
  async renew(stale: string): Promise<string> {
    return this.#parts.locks.run(RENEWAL_LOCK, async () => {
      const signIn = this.#parts.store.read();
      if (!signIn) {
        this.#adopt(undefined, 'elsewhere');
        throw new RequestError('unauthorized', 'Nobody is signed in.', 401);
      }
      if (signIn.accessToken !== stale && this.#isFresh(signIn)) {
        this.#adopt(signIn, 'elsewhere');
        return signIn.accessToken;
      }
      return this.#refresh(signIn);
    });
  }

  async #refresh(signIn: SignIn): Promise<string> {
    try {
      const answer = await this.#parts.http.request('/api/auth/refresh', {
        method: 'POST',
        body: { refreshToken: signIn.refreshToken },
      });
      const renewed = this.#signInOf(answer);
      this.#store(renewed, 'ended');
      return renewed.accessToken;
    } catch (fault) {
      if (fault instanceof RequestError && fault.status === 401) this.#store(undefined, 'ended');
      throw fault;
    }
  }

  async #signInBy(path: string, body: RegisterBody | LoginBody): Promise<SignIn> {
    const signIn = this.#signInOf(await this.#parts.http.request(path, { method: 'POST', body }));
    this.#store(signIn, 'chosen');
    return signIn;
  }

  #signInOf(answer: unknown): SignIn {
    const { user, accessToken, refreshToken, expiresIn } = answer as SignedIn; // what the contract says these calls answer
    const now = this.#parts.clock.now();
    const lifeMs = expiresIn * 1_000;
    return { user, accessToken, refreshToken, renewAt: now + lifeMs * RENEW_AFTER, expiresAt: now + lifeMs };
  }

  #isFresh(signIn: SignIn): boolean {
    return this.#parts.clock.now() < signIn.renewAt;
  }

  #store(signIn: SignIn | undefined, reason: SignedOutReason): void {
    this.#parts.store.write(signIn);
    this.#adopt(signIn, reason);
  }

  #adopt(signIn: SignIn | undefined, reason: SignedOutReason): void {
    const before = this.#current;
    this.#current = signIn;
    if (!signIn) {
      if (before) this.events.emit('signedOut', reason);
    } else if (before?.user.id !== signIn.user.id) {
      this.events.emit('signedIn', signIn);
    } else if (before.accessToken !== signIn.accessToken) {
      this.events.emit('renewed', signIn);
    }
  }
}
