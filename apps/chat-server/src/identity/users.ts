import type { Pool } from 'pg';
import { ChatError, isUserId, type Profile, type ProfileChange, type User } from '@chat/protocol';
import { runQuery } from './store-query.ts';

export type StoredUser = { readonly userNo: number; readonly id: string; readonly displayName: string };
type UserRow = { user_no: number; id: string; display_name: string };
type FoundRow = UserRow & { deleted: boolean };

const FOUND_AT_MOST = 20;
const NAME_CODE_POINTS = 64;

/** Who there is. */
export class Users {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Deleted ones too: their ids are taken. */
  async find(id: string): Promise<User | undefined> {
    if (!isUserId(id)) return undefined;
    const { rows } = await runQuery<FoundRow>(this.#pool, {
      name: 'user',
      text: 'select user_no, id, display_name, deleted_at is not null as deleted from users where id = $1',
      values: [id],
    });
    const [row] = rows;
    return row && { ...publicUser(row), ...(row.deleted && { deleted: true }) };
  }

  /** For signing in: `undefined` for no such user, `passwordHash` null for one who signs in elsewhere. */
  async findWithPassword(id: string): Promise<(StoredUser & { readonly passwordHash: string | null }) | undefined> {
    // Any text comes in here; what is no id is in no table, and NUL would fail the query.
    if (!isUserId(id)) return undefined;
    const { rows } = await runQuery<UserRow & { password_hash: string | null }>(this.#pool, {
      text: 'select user_no, id, display_name, password_hash from users where id = $1 and deleted_at is null',
      values: [id],
    });
    return rows[0] && { ...storedUser(rows[0]), passwordHash: rows[0].password_hash };
  }

  /** Users whose id or name begins with the text, by id; 20 at most. Small and capital letters count as the same. */
  async findByPrefix(text: string): Promise<User[]> {
    const prefix = searchName(text);
    if (prefix === '') return [];
    // U+10FFFF sorts after every character of a name, in UTF-8 as in any order by code points.
    const { rows } = await runQuery<UserRow>(this.#pool, {
      name: 'users-by-prefix',
      text: `(select user_no, id, display_name from users where id between $1 and $2 and deleted_at is null order by id limit ${FOUND_AT_MOST})
             union
             (select user_no, id, display_name from users where search_name between $1 and $2 and deleted_at is null
              order by search_name limit ${FOUND_AT_MOST})
             order by id limit ${FOUND_AT_MOST}`,
      values: [prefix, `${prefix}\u{10ffff}`],
    });
    return rows.map(publicUser);
  }

  async profile(userNo: number): Promise<Profile> {
    return this.changeProfile(userNo, {});
  }

  /** What is missing stays. */
  async changeProfile(userNo: number, { displayName, readReceipts }: ProfileChange): Promise<Profile> {
    const name = displayName === undefined ? undefined : displayableName(displayName);
    const { rows } = await runQuery<UserRow & { read_receipts: boolean }>(this.#pool, {
      text:
        name === undefined && readReceipts === undefined
          ? 'select user_no, id, display_name, read_receipts from users where user_no = $1 and deleted_at is null'
          : `update users set display_name = coalesce($2, display_name), search_name = coalesce($3, search_name),
               read_receipts = coalesce($4, read_receipts)
             where user_no = $1 and deleted_at is null returning user_no, id, display_name, read_receipts`,
      values:
        name === undefined && readReceipts === undefined
          ? [userNo]
          : [userNo, name ?? null, name === undefined ? null : searchName(name), readReceipts ?? null],
    });
    const [row] = rows;
    if (row === undefined) throw new ChatError('not-found', 'This user is not there any more.');
    return { ...publicUser(row), readReceipts: row.read_receipts };
  }

  /** Makes the user of a token made elsewhere, unless somebody just did. A name that cannot be kept becomes the id. */
  async ensure(id: string, tokenName: string | undefined): Promise<void> {
    const name = fittedName(tokenName) ?? id;
    await runQuery(this.#pool, {
      text: 'insert into users (id, display_name, search_name) values ($1, $2, $3) on conflict (id) do nothing',
      values: [id, name, searchName(name)],
    });
  }
}

/** What a person types as an id: keyboards begin with a capital and end with a space. */
export function typedUserId(text: string): string {
  return text.trim().toLowerCase();
}

/** Any text is a name as it is, but PostgreSQL keeps no NUL and UTF-8 no half of a surrogate pair. */
export function displayableName(name: string): string {
  if (name.includes('\0') || !name.isWellFormed()) {
    throw new ChatError('bad-request', 'displayName must not contain NUL or half a surrogate pair.');
  }
  return name;
}

export function searchName(name: string): string {
  return name.replaceAll('\0', '').toWellFormed().normalize('NFC').toLowerCase();
}

function fittedName(name: string | undefined): string | undefined {
  const fitted = [...(name ?? '').replaceAll('\0', '').toWellFormed()].slice(0, NAME_CODE_POINTS).join('');
  return fitted === '' ? undefined : fitted;
}

function publicUser(row: UserRow): User {
  return { id: row.id, displayName: row.display_name };
}

function storedUser(row: UserRow): StoredUser {
  return { userNo: row.user_no, id: row.id, displayName: row.display_name };
}
