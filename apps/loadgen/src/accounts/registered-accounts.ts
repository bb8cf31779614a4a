import { randomBytes } from 'node:crypto';
import { LoadRunError } from '../load-run-error.ts';
import type { Accounts } from './accounts.ts';

// Hashing a password keeps a server's core busy for tens of milliseconds.
const AT_ONCE = 4;
const RENEW_BEFORE_MS = 60_000;
const ATTEMPTS = 20;

type SignIn = { readonly accessToken: string; readonly refreshToken: string; readonly expiresAt: number };

/** People who register over HTTP when they are first needed, and renew their tokens when these are about to end. */
export class RegisteredAccounts implements Accounts {
  readonly #base: string;
  readonly #signIns = new Map<string, SignIn>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param webSocketUrl a server's; the API is beside it */
  constructor(webSocketUrl: string) {
    this.#base = new URL('/api/auth/', webSocketUrl.replace(/^ws/, 'http')).href;
  }

  async accessToken(userId: string): Promise<string> {
    const known = this.#signIns.get(userId);
    if (known && known.expiresAt - Date.now() > RENEW_BEFORE_MS) return known.accessToken;
    const signIn = await this.#inTurn(() => known
      ? this.#post('refresh', { refreshToken: known.refreshToken })
      : this.#post('register', { id: userId, password: randomBytes(12).toString('base64url') }));
    this.#signIns.set(userId, signIn);
    return signIn.accessToken;
  }

  async #post(path: string, body: Readonly<Record<string, string>>): Promise<SignIn> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#fetch(this.#base + path, body);
      const answer: unknown = await response.json().catch(() => undefined);
      if (response.ok) return signInOf(answer);
      const mayHelp = response.status === 429 || response.status === 503;
      if (!mayHelp || attempt === ATTEMPTS) {
        const message = typeof answer === 'object' && answer !== null && 'message' in answer ? String(answer.message) : '';
        throw new LoadRunError('refused', `POST ${this.#base}${path} gave ${response.status} ${message}; set JWT_SECRET to the servers' secret to do without registration`);
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200 * attempt));
    }
  }

  async #fetch(url: string, body: Readonly<Record<string, string>>): Promise<Response> {
    try {
      return await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new LoadRunError('unreachable', `POST ${url} failed (${cause}): start a server there, or name a running one with --url`);
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}

function signInOf(answer: unknown): SignIn {
  const { accessToken, refreshToken, expiresIn } = (answer ?? {}) as Readonly<Record<string, unknown>>; // checked below
  if (typeof accessToken !== 'string' || typeof refreshToken !== 'string' || typeof expiresIn !== 'number') {
    throw new LoadRunError('refused', 'the server signed a user in without tokens: it is no chat server of this kind');
  }
  return { accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1_000 };
}
