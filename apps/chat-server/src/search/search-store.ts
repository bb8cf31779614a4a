import type { ChatEntry } from '@chat/protocol';
import type { Pool } from 'pg';
import { toChatMessage } from '../conversations/log-entry.ts';
import { integerArray, textArray } from '../conversations/postgres-arrays.ts';
import { storeError } from '../conversations/postgres-errors.ts';
import { query, storedEntry, type EntryRow } from '../history/entry-row.ts';
import { pairsOf, wordsOf } from './search-text.ts';
import * as sql from './search-statements.ts';

export type SearchQuery = {
  readonly q: string;
  readonly conversationId?: string;
  readonly from?: string;
  /** Epoch ms; `since` is inclusive, `until` is not. */
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
  readonly before?: SearchPosition;
};

/** Where a page ended: two messages may have been sent at the same time. */
export type SearchPosition = { readonly sentAt: number; readonly conversationNo: number; readonly seq: number };

export type SearchPage = { readonly messages: readonly ChatEntry[]; readonly next: SearchPosition | undefined };

type Readable = { conversation_no: number; read_from: number };
type FoundRow = { conversation_no: number; seq: number; sent_at: number };
/** Without a place: too many of this conversation match. */
type FoundOrMany = FoundRow | { conversation_no: number; seq: null };
/** What both statements take after the conversations. */
type Wanted = readonly (string | number | null)[];

/** With more matches than this in a conversation, all its messages are gone through from the newest one. */
const MANY = 500;
/** The newest messages of each conversation and of all together that are looked at first. */
const NEWEST_OF_EACH = 1_000;
const NEWEST_OF_ALL = 5_000;

/** Finds messages in the conversations that somebody is in. Rejects with `StoreUnavailable` while the database is away. */
export class SearchStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** As they were stored, newest first; who shows them applies what was changed since. */
  async find(userNo: number, { q, conversationId, from, since, until, limit, before }: SearchQuery): Promise<SearchPage> {
    const words = wordsOf(q);
    const mine = await query<Readable>(this.#pool, sql.READABLE, [userNo, conversationId ?? null]);
    if (mine.length === 0 || words.length === 0) return { messages: [], next: undefined };
    const wanted: Wanted = [
      integerArray([...new Set(words.flatMap(pairsOf))]),
      textArray(words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)),
      from ?? null,
      since ?? null,
      until ?? null,
      before?.sentAt ?? null,
      before?.conversationNo ?? null,
      before?.seq ?? null,
      limit,
    ];
    const found = await this.#find(mine, wanted, limit);
    const last = found.length < limit ? undefined : found.at(-1);
    return {
      messages: await this.#entries(found),
      next: last && { sentAt: last.sent_at, conversationNo: last.conversation_no, seq: last.seq },
    };
  }

  /**
   * Common words are among the newest messages; for rarer ones there is the index of pairs, which takes the longer the
   * commoner a pair is in all conversations; words common in a conversation long ago are gone through to.
   */
  async #find(mine: readonly Readable[], wanted: Wanted, limit: number): Promise<readonly FoundRow[]> {
    const looked = Math.max(limit, Math.min(NEWEST_OF_EACH, Math.ceil(NEWEST_OF_ALL / mine.length)));
    const newest = await this.#fromNewest([...conversations(mine), ...wanted, looked]);
    const counts = new Map<number, number>();
    for (const row of newest) counts.set(row.conversation_no, (counts.get(row.conversation_no) ?? 0) + 1);
    const open = mine.filter((row) => (counts.get(row.conversation_no) ?? 0) < limit);
    if (open.length === 0) return newestOf(newest, limit);
    const answer = await this.#planned<FoundOrMany>(sql.FOUND_BY_PAIRS, [...conversations(open), ...wanted, MANY, looked]);
    const few = answer.filter((row) => row.seq !== null);
    const many = new Set(answer.filter((row) => row.seq === null).map((row) => row.conversation_no));
    const dense = mine.filter((row) => many.has(row.conversation_no));
    const rest = dense.length === 0 ? [] : await this.#fromNewest([...conversations(dense), ...wanted, null]);
    return newestOf([...newest, ...few, ...rest], limit);
  }

  /** Without a name the statement is planned anew: how rare the words are decides how they are best found. */
  async #planned<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>({ text, values })).rows;
    } catch (error) {
      throw storeError(error, true);
    }
  }

  async #fromNewest(values: unknown[]): Promise<FoundRow[]> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw storeError(error, true);
    });
    try {
      await client.query(sql.FROM_NEWEST_SETTINGS);
      const { rows } = await client.query<FoundRow>({ text: sql.FOUND_FROM_NEWEST, values });
      await client.query('commit');
      client.release();
      return rows;
    } catch (error) {
      client.release(true); // with its settings
      throw storeError(error, true);
    }
  }

  async #entries(found: readonly FoundRow[]): Promise<ChatEntry[]> {
    const rows = await query<EntryRow & { id: string }>(this.#pool, sql.ENTRIES, [
      integerArray(found.map((row) => row.conversation_no)),
      integerArray(found.map((row) => row.seq)),
    ]);
    return rows.map((row) => {
      const conversation = { conversationId: row.id, conversationNo: row.conversation_no };
      return toChatMessage(storedEntry(row, conversation)) as ChatEntry; // the statement answers CHAT entries only
    });
  }
}

function conversations(mine: readonly Readable[]): [string, string] {
  return [integerArray(mine.map((row) => row.conversation_no)), integerArray(mine.map((row) => row.read_from))];
}

/** Each message once, though it was found in more than one way. */
function newestOf(found: readonly FoundRow[], limit: number): FoundRow[] {
  const each = new Map(found.map((row) => [`${row.conversation_no} ${row.seq}`, row]));
  return [...each.values()].sort((a, b) => b.sent_at - a.sent_at || b.conversation_no - a.conversation_no || b.seq - a.seq).slice(0, limit);
}

/** Words that are long enough to be looked for. */
export function isSearchable(q: string): boolean {
  const words = wordsOf(q);
  return words.length > 0 && words.length <= 8 && words.some((word) => [...word].length >= 2);
}

