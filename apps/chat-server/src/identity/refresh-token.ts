import { createHash, randomBytes } from 'node:crypto';

/** A new refresh token: 256 random bits, and what of it the database keeps. */
export function newRefreshToken(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: refreshTokenHash(token) };
}

/** SHA-256 is enough: there is nothing to guess in 256 random bits. */
export function refreshTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** A new sign-in's id, which tells it from those that other issuers make up. */
export function newSignInId(): string {
  return `si_${randomBytes(16).toString('base64url')}`;
}
