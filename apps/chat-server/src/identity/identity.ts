import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { ChatError, isUserId, type RegisterBody, type SignedIn, type Profile, type ProfileChange, type User } from '@chat/protocol';
import type { IdentitySettings } from '../config/settings.ts';
import { AccessTokens } from './access-tokens.ts';
import { DatabaseClock } from './database-clock.ts';
import { EndedSignIns, type EndedListener } from './ended-sign-ins.ts';
import { Housekeeping } from './housekeeping.ts';
import type { IdentityLog } from './identity-log.ts';
import { Passwords } from './passwords.ts';
import { allSignInsOf, type Principal } from './principal.ts';
import { idTaken, SignIns, type OpenSignIn } from './sign-ins.ts';
import { displayableName, typedUserId, Users, type StoredUser } from './users.ts';

export type IdentityParts = {
  readonly pool: Pool;
  readonly secret: Uint8Array;
  readonly settings: Omit<IdentitySettings, 'jwtSecret'>;
  readonly log: IdentityLog;
  readonly passwords?: Passwords;
};

type Opened = { readonly clock: DatabaseClock; readonly tokens: AccessTokens; readonly ended: EndedSignIns };

/** A session without a token cannot renew one, so it simply begins anew once a day. */
const PASSWORD_SESSION_MS = 86_400_000;

/** Who people are: accounts, sign-ins, tokens. PostgreSQL holds all of it; every server gives the same answers. */
export class Identity {
  readonly #settings: IdentityParts['settings'];
  readonly #passwords: Passwords;
  readonly #users: Users;
  readonly #signIns: SignIns;
  readonly #clock: DatabaseClock;
  readonly #tokens: AccessTokens;
  readonly #ended: EndedSignIns;
  readonly #housekeeping: Housekeeping;

  private constructor(parts: IdentityParts, opened: Opened) {
    this.#settings = parts.settings;
    this.#passwords = parts.passwords ?? new Passwords();
    this.#users = new Users(parts.pool);
    this.#signIns = new SignIns(parts.pool, parts.settings.refreshTokenSeconds);
    this.#clock = opened.clock;
    this.#tokens = opened.tokens;
    this.#ended = opened.ended;
    this.#housekeeping = new Housekeeping(this.#clock, this.#signIns, parts.log);
  }

  /** Needs the database: measures its clock. Throws ChatError `unavailable`. */
  static async open(parts: IdentityParts): Promise<Identity> {
    const clock = new DatabaseClock(parts.pool);
    await clock.measure();
    const tokens = await AccessTokens.open(parts.secret, parts.settings, clock);
    const ended = await EndedSignIns.open(parts.pool, parts.log);
    return new Identity(parts, { clock, tokens, ended });
  }

  /** The database's clock, epoch milliseconds. */
  now(): number {
    return this.#clock.now();
  }

  /** One query; three when a user of another issuer first comes. Throws ChatError `unauthorized`, `unavailable`. */
  async authenticate(accessToken: string): Promise<Principal> {
    const token = await this.#tokens.verify(accessToken);
    const { userId, signIn, device, expiresAt } = token;
    if (this.hasEnded({ signIn, userId })) throw signedOut();
    const user =
      token.origin === 'here'
        ? await this.#signIns.liveUser(signIn)
        : await this.#userOfToken(userId, signIn, token.name);
    if (user?.id !== userId) throw signedOut();
    return { userNo: user.userNo, userId, displayName: user.displayName, signIn, device, expiresAt };
  }

  async #userOfToken(userId: string, signIn: string, name: string | undefined): Promise<StoredUser | undefined> {
    let user = await this.#signIns.userOfToken(userId, signIn);
    if (user === undefined) {
      await this.#users.ensure(userId, name);
      user = await this.#signIns.userOfToken(userId, signIn);
    }
    return user?.ended === false ? user : undefined;
  }

  /** For CONNECT with login and password. Throws ChatError `unauthorized`, `rate-limited`, `unavailable`. */
  async authenticateByPassword(id: string, password: string): Promise<Principal> {
    const user = await this.#userWithPassword(id, password);
    return {
      userNo: user.userNo,
      userId: user.id,
      displayName: user.displayName,
      signIn: `pw_${randomBytes(16).toString('base64url')}`,
      device: undefined,
      expiresAt: this.now() + PASSWORD_SESSION_MS,
    };
  }

  /** Calls back within about a second for sign-ins that ended on any server. An outage of PostgreSQL only delays it. */
  watchEndedSignIns(onEnded: EndedListener): { stop(): void } {
    return this.#ended.watch(onEnded);
  }

  /** Whether the watch saw this sign-in end in the last minutes. Ask it once a new session can be found by its sign-in. */
  hasEnded({ signIn, userId }: Pick<Principal, 'signIn' | 'userId'>): boolean {
    return this.#ended.has(signIn) || this.#ended.has(allSignInsOf(userId));
  }

  /** Throws ChatError `conflict` for a taken id, `forbidden` where registration is closed. */
  async register(body: RegisterBody): Promise<SignedIn> {
    if (this.#settings.registration === 'closed')
      throw new ChatError('forbidden', 'This server takes no registrations.');
    const id = typedUserId(body.id);
    if (!isUserId(id))
      throw new ChatError('bad-request', 'id must be 2 to 64 of a-z 0-9 . _ -, its first and last a letter or digit.');
    const displayName = displayableName(body.displayName ?? id);
    // Spares the costly hash; the insert below decides.
    if (await this.#users.find(id)) throw idTaken();
    const passwordHash = await this.#passwords.hash(body.password);
    return this.#signedIn(await this.#signIns.beginWithNewUser({ id, displayName, passwordHash }));
  }

  /** Throws ChatError `unauthorized`: the same for an unknown id and a wrong password, after the same work. */
  async login(id: string, password: string): Promise<SignedIn> {
    return this.#signedIn(await this.#signIns.begin(await this.#userWithPassword(id, password)));
  }

  async refresh(refreshToken: string): Promise<SignedIn> {
    return this.#signedIn(await this.#signIns.refresh(refreshToken));
  }

  /** Ends the sign-in: its tokens are refused from now on, and every server hears of it. */
  async logout(principal: Principal): Promise<void> {
    const { signIn, userNo, expiresAt } = principal;
    if (signIn.startsWith('si_')) await this.#signIns.end(signIn);
    else await this.#signIns.endToken(signIn, userNo, expiresAt);
  }

  async user(id: string): Promise<User | undefined> {
    return this.#users.find(typedUserId(id));
  }

  async findUsers(text: string): Promise<User[]> {
    if (this.#settings.userSearch === 'prefix') return this.#users.findByPrefix(text.trim());
    const user = await this.user(text);
    return user === undefined || user.deleted === true ? [] : [user];
  }

  /** Throws ChatError `unauthorized` as `login` does. Whoever has no password here has none to know. */
  async confirmPassword({ userId }: Principal, password: string | undefined): Promise<void> {
    const user = await this.#users.findWithPassword(userId);
    if (user?.passwordHash === null) return;
    await this.#userWithPassword(userId, password ?? '');
  }

  profile(principal: Principal): Promise<Profile> {
    return this.#users.profile(principal.userNo);
  }

  changeProfile(principal: Principal, change: ProfileChange): Promise<Profile> {
    return this.#users.changeProfile(principal.userNo, change);
  }

  /** Ends watches and timers. */
  close(): void {
    this.#ended.close();
    this.#housekeeping.close();
  }

  async #userWithPassword(id: string, password: string): Promise<StoredUser> {
    const user = await this.#users.findWithPassword(typedUserId(id));
    const matches = await this.#passwords.matches(password, user?.passwordHash);
    if (!user || !matches) throw new ChatError('unauthorized', 'The id or the password is wrong.');
    return user;
  }

  async #signedIn({ user, signIn, refreshToken }: OpenSignIn): Promise<SignedIn> {
    return {
      user: { id: user.id, displayName: user.displayName },
      accessToken: await this.#tokens.sign(user, signIn),
      refreshToken,
      expiresIn: this.#settings.accessTokenSeconds,
    };
  }
}

function signedOut(): ChatError {
  return new ChatError('unauthorized', 'This sign-in has ended: sign in again.');
}
