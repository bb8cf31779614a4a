import type { Pool } from 'pg';
import { storeError } from '../conversations/postgres-errors.ts';

/** Whom people share a conversation with that is small enough for presence to be told in. */
export interface ContactStore {
  /** The contacts of each of these users; those without any may be missing. Throws `StoreUnavailable`. */
  contactsOf(userNos: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>>;
  /** The present members of those of these rooms that are small enough. Throws `StoreUnavailable`. */
  membersOf(roomIds: readonly string[]): Promise<readonly number[]>;
}

/** Nobody looks at more people than this at once; it bounds what one watcher costs. */
const CONTACTS = 2_000;

// Conversations are chosen first, by their size: a room of 10,000 must not be read to find that it is too large.
const CONTACTS_OF = {
  name: 'presence-contacts',
  text: `
select w.user_no, array_agg(u.id) as contacts
from unnest($1::int[]) as w (user_no)
cross join lateral (
  select distinct o.user_no
  from (
    select m.conversation_no from members m left join rooms r on r.conversation_no = m.conversation_no
    where m.user_no = w.user_no and m.left_seq is null
      and (r.conversation_no is null or (r.members <= $2 and r.archived_at is null))
    offset 0
  ) mine
  join members o on o.conversation_no = mine.conversation_no
  where o.left_seq is null and o.user_no <> w.user_no
  limit ${CONTACTS}
) other
join users u on u.user_no = other.user_no
group by w.user_no`,
};

const MEMBERS_OF = {
  name: 'presence-members',
  text: `
select distinct m.user_no
from rooms r join members m on m.conversation_no = r.conversation_no
where r.room_id = any ($1::text[]) and r.members <= $2 and m.left_seq is null`,
};

export class PostgresContactStore implements ContactStore {
  readonly #pool: Pool;
  readonly #roomMembers: number;

  /** Presence is told in rooms of up to `roomMembers` members. */
  constructor(pool: Pool, roomMembers: number) {
    this.#pool = pool;
    this.#roomMembers = roomMembers;
  }

  async contactsOf(userNos: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
    const rows = await this.#ask<{ user_no: number; contacts: string[] }>(CONTACTS_OF, userNos);
    return new Map(rows.map((row) => [row.user_no, row.contacts]));
  }

  async membersOf(roomIds: readonly string[]): Promise<readonly number[]> {
    const rows = await this.#ask<{ user_no: number }>(MEMBERS_OF, roomIds);
    return rows.map((row) => row.user_no);
  }

  async #ask<Row extends object>(query: { name: string; text: string }, ids: readonly (number | string)[]): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>({ ...query, values: [ids, this.#roomMembers] })).rows;
    } catch (error) {
      throw storeError(error, true);
    }
  }
}
