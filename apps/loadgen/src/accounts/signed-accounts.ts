import { SignJWT } from 'jose';
import type { Accounts } from './accounts.ts';

/** People whose tokens are made here, with the servers' own secret; servers make such users on first use. */
export class SignedAccounts implements Accounts {
  readonly #secret: Uint8Array;
  readonly #lifetimeSeconds: number;

  constructor(secret: string, lifetimeSeconds: number) {
    this.#secret = new TextEncoder().encode(secret);
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  accessToken(userId: string): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ name: userId })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(userId)
      .setIssuedAt(now)
      .setExpirationTime(now + this.#lifetimeSeconds)
      .sign(this.#secret);
  }
}
