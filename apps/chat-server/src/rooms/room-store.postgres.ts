import type { ChangeRoomBody, Room, RoomBan, RoomInvite, RoomMember } from '@chat/protocol';
import type { Pool, QueryResultRow } from 'pg';
import type { UserRef } from '../conversations/message-store.port.ts';
import { storeError } from '../conversations/postgres-errors.ts';
import { nameOf } from '../conversations/statements.ts';
import { searchName } from '../identity/users.ts';
import { banOf, foundInviteOf, inviteOf, memberOf, viewOf } from './room-rows.ts';
import * as sql from './room-statements.ts';
import type {
  BanPlace,
  FoundInvite,
  MemberPlace,
  NewInvite,
  Page,
  PageOf,
  RoomPlace,
  RoomStore,
  RoomView,
} from './room-store.port.ts';

/** Usable invites of one room: more than anybody keeps apart. */
const INVITES_AT_MOST = 200;
/** Sorts after every character of an id or name, in UTF-8 as in any order by code points. */
const LAST_CHARACTER = '\u{10ffff}';

/** Rooms in PostgreSQL. */
export class PostgresRoomStore implements RoomStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async view(roomId: string, userNo: number): Promise<RoomView | undefined> {
    const [row] = await this.#query<sql.RoomRow>(sql.VIEW, [userNo, roomId]);
    return row && viewOf(row);
  }

  listPublic(userNo: number, text: string | undefined, page: PageOf<RoomPlace>): Promise<Page<Room, RoomPlace>> {
    return this.#list(sql.LIST_PUBLIC, userNo, text, page);
  }

  listOwn(userNo: number, text: string | undefined, page: PageOf<RoomPlace>): Promise<Page<Room, RoomPlace>> {
    return this.#list(sql.LIST_OWN, userNo, text, page);
  }

  async #list(statement: string, userNo: number, text: string | undefined, page: PageOf<RoomPlace>): Promise<Page<Room, RoomPlace>> {
    const { after, limit } = page;
    const wanted = text === undefined ? null : searchName(text);
    const rows = await this.#query<sql.RoomRow>(statement, [userNo, wanted, after?.name ?? null, after?.conversationNo ?? null, limit + 1]);
    return pageOf(rows, limit, (row) => viewOf(row).room, (row) => ({ name: row.search_name, conversationNo: row.conversation_no }));
  }

  async members(conversationNo: number, text: string | undefined, page: PageOf<MemberPlace>): Promise<Page<RoomMember, MemberPlace>> {
    const { after, limit } = page;
    const values = [conversationNo, after?.role ?? null, after?.userNo ?? null, limit + 1];
    const rows =
      text === undefined
        ? await this.#query<sql.MemberRow>(sql.MEMBERS_PAGE, values)
        : await this.#query<sql.MemberRow>(sql.MEMBERS_FOUND, [...values, searchName(text), searchName(text) + LAST_CHARACTER]);
    return pageOf(rows, limit, memberOf, (row) => ({ role: row.role, userNo: row.user_no }));
  }

  async member(conversationNo: number, userId: string): Promise<RoomMember | undefined> {
    const [row] = await this.#query<sql.MemberRow>(sql.MEMBER, [conversationNo, userId]);
    return row && memberOf(row);
  }

  async user(userId: string): Promise<UserRef | undefined> {
    const [row] = await this.#query<{ user_no: number; id: string }>(sql.FIND_USER, [userId]);
    return row && { userNo: row.user_no, userId: row.id };
  }

  async update(conversationNo: number, fields: ChangeRoomBody): Promise<void> {
    const { name, topic, picture, retentionDays, retentionEntries } = fields;
    await this.#query(sql.UPDATE, [
      conversationNo,
      name ?? null,
      name === undefined ? null : searchName(name),
      topic ?? null,
      ...wanted(picture),
      ...wanted(retentionDays),
      ...wanted(retentionEntries),
    ]);
  }

  async mute(userNo: number, conversationNo: number, until: number | undefined): Promise<void> {
    if (until === undefined) await this.#query(sql.UNMUTE, [userNo, conversationNo]);
    else await this.#query(sql.MUTE, [userNo, conversationNo, until]);
  }

  async bans(conversationNo: number, page: PageOf<BanPlace>): Promise<Page<RoomBan, BanPlace>> {
    const { after, limit } = page;
    const rows = await this.#query<sql.BanRow>(sql.BANS_PAGE, [conversationNo, after?.at ?? null, after?.userNo ?? null, limit + 1]);
    return pageOf(rows, limit, banOf, (row) => ({ at: row.at, userNo: row.user_no }));
  }

  async ban(conversationNo: number, userNo: number): Promise<RoomBan | undefined> {
    const [row] = await this.#query<sql.BanRow>(sql.BAN, [conversationNo, userNo]);
    return row && banOf(row);
  }

  async unban(conversationNo: number, userNo: number): Promise<boolean> {
    return (await this.#query(sql.UNBAN, [conversationNo, userNo])).length > 0;
  }

  async invites(conversationNo: number, madeBy: number | undefined): Promise<readonly RoomInvite[]> {
    return (await this.#query<sql.InviteRow>(sql.INVITES, [conversationNo, madeBy ?? null])).map(inviteOf);
  }

  async invite(tokenHash: Buffer): Promise<FoundInvite | undefined> {
    const [row] = await this.#query<sql.FoundInviteRow>(sql.FIND_INVITE, [tokenHash]);
    return row && foundInviteOf(row);
  }

  async addInvite(conversationNo: number, madeBy: number, invite: NewInvite): Promise<RoomInvite | undefined> {
    await this.#query(sql.REMOVE_USELESS_INVITES, [conversationNo]);
    const { tokenHash, expiresInMs, uses, label } = invite;
    const values = [tokenHash, conversationNo, madeBy, expiresInMs, uses ?? null, label ?? null, INVITES_AT_MOST];
    const [row] = await this.#query<sql.InviteRow>(sql.ADD_INVITE, values);
    return row && inviteOf(row);
  }

  async removeInvite(conversationNo: number, tokenHash: Buffer, madeBy: number | undefined): Promise<boolean> {
    return (await this.#query(sql.REMOVE_INVITE, [conversationNo, tokenHash, madeBy ?? null])).length > 0;
  }

  async #query<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>({ name: nameOf(text), text, values })).rows;
    } catch (error) {
      throw storeError(error, true);
    }
  }
}

/** For `case when <given> then <value>`: missing leaves the column as it is, null empties it. */
function wanted<Value>(value: Value | null | undefined): [boolean, Value | null] {
  return [value !== undefined, value ?? null];
}

/** One row more than asked for was read: it tells whether there is a next page. */
function pageOf<Row, Item, Place>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
  placeOf: (row: Row) => Place,
): Page<Item, Place> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), next: rows.length > limit && last !== undefined ? placeOf(last) : undefined };
}
