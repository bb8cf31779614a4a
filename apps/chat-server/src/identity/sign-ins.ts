import type { Pool, PoolClient } from 'pg';
import { ChatError } from '@chat/protocol';
import { newRefreshToken, newSignInId, refreshTokenHash } from './refresh-token.ts';
import { inTransaction, runQuery } from './store-query.ts';
import { searchName, type StoredUser } from './users.ts';

/** A sign-in that goes on: whose, its `sid`, and the refresh token to hand out. */
export type OpenSignIn = { readonly user: StoredUser; readonly signIn: string; readonly refreshToken: string };

type NewAccount = { readonly id: string; readonly displayName: string; readonly passwordHash: string };

/** Two tabs may use the same refresh token at once; whoever uses it later than this has stolen it or was stolen from. */
const SECOND_USE_WITHIN_MS = 10_000;
const KEPT_AFTER_EXPIRY_MS = 86_400_000;

/** Sign-ins and their families of refresh tokens, in PostgreSQL. Times are the database's. */
export class SignIns {
  readonly #pool: Pool;
  readonly #lifeMs: number;

  constructor(pool: Pool, refreshTokenSeconds: number) {
    this.#pool = pool;
    this.#lifeMs = refreshTokenSeconds * 1000;
  }

  async begin(user: StoredUser): Promise<OpenSignIn> {
    const signIn = newSignInId();
    const { token, hash } = newRefreshToken();
    await runQuery(this.#pool, {
      text: `with begun as (
               insert into sign_ins (sid, user_no, expires_at) values ($1, $2, now_ms() + $3) returning sid)
             insert into refresh_tokens (hash, sid) select $4, sid from begun`,
      values: [signIn, user.userNo, this.#lifeMs, hash],
    });
    return { user, signIn, refreshToken: token };
  }

  /** Makes a user and the first sign-in, both or neither. Throws ChatError `conflict` for an id that is taken. */
  async beginWithNewUser(account: NewAccount): Promise<OpenSignIn> {
    const { id, displayName, passwordHash } = account;
    const signIn = newSignInId();
    const { token, hash } = newRefreshToken();
    const { rows } = await runQuery<{ user_no: number }>(this.#pool, {
      text: `with made as (
               insert into users (id, display_name, search_name, password_hash) values ($1, $2, $3, $4)
               on conflict (id) do nothing returning user_no),
             begun as (
               insert into sign_ins (sid, user_no, expires_at) select $5, user_no, now_ms() + $6 from made returning sid),
             first_token as (
               insert into refresh_tokens (hash, sid) select $7, sid from begun)
             select user_no from made`,
      values: [id, displayName, searchName(displayName), passwordHash, signIn, this.#lifeMs, hash],
    });
    const [row] = rows;
    if (row === undefined) throw idTaken();
    return { user: { userNo: row.user_no, id, displayName }, signIn, refreshToken: token };
  }

  /**
   * Uses a refresh token. The first time and within 10 s of it there is another one of the same family; later the family
   * ends, because somebody has a copy. Throws ChatError `unauthorized`.
   */
  async refresh(refreshToken: string): Promise<OpenSignIn> {
    const hash = refreshTokenHash(refreshToken);
    const { token, hash: nextHash } = newRefreshToken();
    const refreshed = await inTransaction(this.#pool, async (client) => {
      const presented = await lockPresented(client, hash);
      if (presented === undefined) return undefined;
      if (presented.used_at !== null && presented.now - presented.used_at > SECOND_USE_WITHIN_MS) {
        await endSignIn(client, presented.sid);
        return undefined;
      }
      await this.#rotate(client, presented.sid, hash, nextHash);
      return presented;
    });
    if (refreshed === undefined)
      throw new ChatError('unauthorized', 'The refresh token is not valid any more: sign in again.');
    const user = { userNo: refreshed.user_no, id: refreshed.id, displayName: refreshed.display_name };
    return { user, signIn: refreshed.sid, refreshToken: token };
  }

  async #rotate(client: PoolClient, sid: string, usedHash: Buffer, nextHash: Buffer): Promise<void> {
    await runQuery(client, {
      text: `with used as (update refresh_tokens set used_at = coalesce(used_at, now_ms()) where hash = $1),
                  moved_on as (update sign_ins set expires_at = now_ms() + $2 where sid = $3)
             insert into refresh_tokens (hash, sid) values ($4, $3)`,
      values: [usedHash, this.#lifeMs, sid, nextHash],
    });
  }

  /** The user of a sign-in, `undefined` once it has ended. */
  async liveUser(signIn: string): Promise<StoredUser | undefined> {
    const { rows } = await runQuery<{ user_no: number; id: string; display_name: string }>(this.#pool, {
      name: 'live-sign-in',
      text: `select u.user_no, u.id, u.display_name from sign_ins s join users u using (user_no)
             where s.sid = $1 and s.ended_at is null and u.deleted_at is null`,
      values: [signIn],
    });
    const [row] = rows;
    return row && { userNo: row.user_no, id: row.id, displayName: row.display_name };
  }

  /** The user of a token made elsewhere, and whether the token was signed out here, or its user is deleted. `undefined` for no such user yet. */
  async userOfToken(userId: string, signIn: string): Promise<(StoredUser & { readonly ended: boolean }) | undefined> {
    const { rows } = await runQuery<{ user_no: number; id: string; display_name: string; ended: boolean }>(this.#pool, {
      name: 'user-of-token',
      text: `select user_no, id, display_name,
                    deleted_at is not null or exists (select from sign_ins where sid = $2 and ended_at is not null) as ended
             from users where id = $1`,
      values: [userId, signIn],
    });
    const [row] = rows;
    return row && { userNo: row.user_no, id: row.id, displayName: row.display_name, ended: row.ended };
  }

  async end(signIn: string): Promise<void> {
    await endSignIn(this.#pool, signIn);
  }

  /** Remembers that a token made elsewhere was signed out, for as long as it would have lived. */
  async endToken(signIn: string, userNo: number, expiresAt: number): Promise<void> {
    await runQuery(this.#pool, {
      text: `insert into sign_ins (sid, user_no, expires_at, ended_at, ended_in)
             values ($1, $2, $3, now_ms(), pg_current_xact_id()) on conflict (sid) do nothing`,
      values: [signIn, userNo, expiresAt],
    });
  }

  /** Deletes some sign-ins that nobody can use any more; says how many, so that one can go on until there are none. */
  async deleteOld(atMost: number): Promise<number> {
    const { rowCount } = await runQuery(this.#pool, {
      text: `delete from sign_ins where sid in (
               select sid from sign_ins where expires_at < now_ms() - $1
               order by expires_at limit $2 for update skip locked)`,
      values: [KEPT_AFTER_EXPIRY_MS, atMost],
    });
    return rowCount ?? 0;
  }
}

export function idTaken(): ChatError {
  return new ChatError('conflict', 'This id is taken: choose another one.');
}

type Presented = {
  sid: string;
  used_at: number | null;
  now: number;
  user_no: number;
  id: string;
  display_name: string;
};

/** Locks the family, so that uses of one token come one after the other and never beside its end. */
async function lockPresented(client: PoolClient, hash: Buffer): Promise<Presented | undefined> {
  const { rows } = await runQuery<Presented>(client, {
    text: `select t.sid, t.used_at, now_ms() as now, u.user_no, u.id, u.display_name
           from refresh_tokens t join sign_ins s using (sid) join users u using (user_no)
           where t.hash = $1 and s.ended_at is null and s.expires_at > now_ms() and u.deleted_at is null for update of t, s`,
    values: [hash],
  });
  return rows[0];
}

async function endSignIn(client: Pool | PoolClient, signIn: string): Promise<void> {
  await runQuery(client, {
    text: 'update sign_ins set ended_at = now_ms(), ended_in = pg_current_xact_id() where sid = $1 and ended_at is null',
    values: [signIn],
  });
}
