import { createHash } from 'node:crypto';
import { errors as joseErrors, jwtVerify, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { ChatError, isUserId } from '@chat/protocol';
import type { IdentitySettings } from '../config/settings.ts';
import type { DatabaseClock } from './database-clock.ts';

/** A verified token. What it says of its user still has to be looked up. */
export type VerifiedToken = {
  readonly origin: 'here' | 'elsewhere';
  readonly userId: string;
  /** Names the sign-in: our `sid`, or for a token made elsewhere a digest of what was signed. */
  readonly signIn: string;
  readonly device: string | undefined;
  /** The `name` claim. */
  readonly name: string | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
};

const ALGORITHM = 'HS256';
const TOKEN_TYPE = 'at+jwt';
/** Types of JWT that are access tokens. Other purposes signed with the same key (`logout+jwt`) are none. */
const ACCEPTED_TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt', 'application/at+jwt']);
const OUR_SIGN_IN = /^si_[A-Za-z0-9_-]{22}$/;
const DEVICE_NAME = /^[\x20-\x7e]{1,64}$/;
const MAX_LENGTH = 8_192;
const CLOCK_SKEW_SECONDS = 30;

type TokenSettings = Pick<IdentitySettings, 'audience' | 'issuer' | 'userClaim' | 'accessTokenSeconds'>;

/** Signs and verifies access tokens. The algorithm is HS256 whatever a token's header says. */
export class AccessTokens {
  readonly #key: CryptoKey;
  readonly #settings: TokenSettings;
  readonly #clock: DatabaseClock;

  private constructor(key: CryptoKey, settings: TokenSettings, clock: DatabaseClock) {
    this.#key = key;
    this.#settings = settings;
    this.#clock = clock;
  }

  static async open(secret: Uint8Array, settings: TokenSettings, clock: DatabaseClock): Promise<AccessTokens> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    // jose takes plain bytes too, and imports them anew for every token: half as fast.
    const key = await crypto.subtle.importKey('raw', Uint8Array.from(secret), algorithm, false, ['sign', 'verify']);
    return new AccessTokens(key, settings, clock);
  }

  async sign(user: { readonly id: string; readonly displayName: string }, signIn: string): Promise<string> {
    const { audience, issuer, accessTokenSeconds } = this.#settings;
    const issuedAt = Math.floor(this.#clock.now() / 1000);
    const token = new SignJWT({ name: user.displayName, sid: signIn })
      .setProtectedHeader({ alg: ALGORITHM, typ: TOKEN_TYPE })
      .setSubject(user.id)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + accessTokenSeconds);
    if (audience !== undefined) token.setAudience(audience);
    if (issuer !== undefined) token.setIssuer(issuer);
    return token.sign(this.#key);
  }

  /** Throws ChatError `unauthorized`, with words fit for the one who sent the token. */
  async verify(token: string): Promise<VerifiedToken> {
    if (token.length > MAX_LENGTH) throw notValid();
    const { payload, protectedHeader } = await this.#verifySignature(token);
    if (protectedHeader.typ !== undefined && !ACCEPTED_TYPES.has(protectedHeader.typ.toLowerCase())) throw notValid();
    const { exp, sid } = payload;
    // The skew allowed is for tokens that begin in the future. One that has run out has run out.
    if (exp === undefined || exp * 1000 <= this.#clock.now()) throw expired();

    const ours = typeof sid === 'string' && OUR_SIGN_IN.test(sid);
    const common = { name: typeof payload['name'] === 'string' ? payload['name'] : undefined, expiresAt: exp * 1000 };
    if (ours) return { ...common, origin: 'here', userId: userIdIn(payload, 'sub'), signIn: sid, device: sid };
    return {
      ...common,
      origin: 'elsewhere',
      userId: userIdIn(payload, this.#settings.userClaim),
      signIn: digestOfSigned(token),
      device: typeof sid === 'string' && DEVICE_NAME.test(sid) ? sid : undefined,
    };
  }

  async #verifySignature(token: string): ReturnType<typeof jwtVerify> {
    const { audience, issuer } = this.#settings;
    try {
      return await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        requiredClaims: ['exp'],
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: new Date(this.#clock.now()),
        audience,
        issuer,
      });
    } catch (error) {
      if (error instanceof joseErrors.JWTExpired) throw expired();
      if (error instanceof joseErrors.JOSEError) throw notValid();
      // jose reports some malformed tokens as a TypeError of its own.
      if (error instanceof TypeError) throw notValid();
      throw error;
    }
  }
}

function userIdIn(payload: JWTPayload, claim: string): string {
  const id = Object.hasOwn(payload, claim) ? payload[claim] : undefined;
  if (typeof id === 'string' && isUserId(id)) return id;
  throw new ChatError('unauthorized', `The access token names no valid user id in its claim '${claim}'.`);
}

/**
 * Tokens made elsewhere have no sign-in here, so one stands for itself. The digest is of what was signed: the signature
 * has spellings that differ in unused bits and verify alike.
 */
function digestOfSigned(token: string): string {
  const signed = token.slice(0, token.lastIndexOf('.'));
  return `jwt_${createHash('sha256').update(signed).digest().subarray(0, 16).toString('base64url')}`;
}

function notValid(): ChatError {
  return new ChatError('unauthorized', 'The access token is not valid.');
}

function expired(): ChatError {
  return new ChatError('unauthorized', 'The access token has expired.');
}
