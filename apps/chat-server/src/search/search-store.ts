import type { ChatEntry } from '@chat/protocol';
import type { Pool } from 'pg';
import { toChatMessage } from '../conversations/log-entry.ts';
import { integerArray, textArray } from '../conversations/postgres-arrays.ts';
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

type FoundRow = { conversation_no: number; seq: number; sent_at: number };

/** Finds messages in the conversations that somebody is in. Rejects with `StoreUnavailable` while the database is away. */
export class SearchStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** As they were stored, newest first; who shows them applies what was changed since. */
  async find(userNo: number, { q, conversationId, from, since, until, limit, before }: SearchQuery): Promise<SearchPage> {
    const words = wordsOf(q);
    const mine = await query<{ conversation_no: number; read_from: number }>(this.#pool, sql.READABLE, [userNo, conversationId ?? null]);
    if (mine.length === 0 || words.length === 0) return { messages: [], next: undefined };
    const found = await query<FoundRow>(this.#pool, sql.FOUND, [
      integerArray(mine.map((row) => row.conversation_no)),
      integerArray(mine.map((row) => row.read_from)),
      integerArray([...new Set(words.flatMap(pairsOf))]),
      textArray(words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)),
      from ?? null,
      since ?? null,
      until ?? null,
      before?.sentAt ?? null,
      before?.conversationNo ?? null,
      before?.seq ?? null,
      limit,
    ]);
    const last = found.length < limit ? undefined : found.at(-1);
    return {
      messages: await this.#entries(found),
      next: last && { sentAt: last.sent_at, conversationNo: last.conversation_no, seq: last.seq },
    };
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

/** Words that are long enough to be looked for. */
export function isSearchable(q: string): boolean {
  const words = wordsOf(q);
  return words.length > 0 && words.length <= 8 && words.some((word) => [...word].length >= 2);
}

