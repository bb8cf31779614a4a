import type { Pool, QueryResultRow } from 'pg';
import { entryTypeOf, type Conversation, type EntryDetails, type StoredEntry } from '../conversations/log-entry.ts';
import { storeError } from '../conversations/postgres-errors.ts';
import { nameOf } from '../conversations/statements.ts';

/** An entry as the statements of history answer it. */
export type EntryRow = {
  conversation_no: number;
  seq: number;
  sent_at: number;
  type: number;
  from: string;
  key: string;
  message: string | null;
  details: EntryDetails | null;
};

export function storedEntry(row: EntryRow, { conversationId }: Conversation): StoredEntry {
  const { conversation_no: conversationNo, seq, sent_at: sentAt, from, key, message, details } = row;
  return { conversationId, conversationNo, seq, sentAt, type: entryTypeOf(row.type), from, key, message, details };
}

/** Runs a prepared statement. Rejects with `StoreUnavailable` while the database cannot answer. */
export async function query<Row extends QueryResultRow>(pool: Pool, text: string, values: unknown[]): Promise<Row[]> {
  try {
    return (await pool.query<Row>({ name: nameOf(text), text, values })).rows;
  } catch (error) {
    throw storeError(error, true);
  }
}
