import { ChatError, type ChatEntry } from '@chat/protocol';
import type { Pool, PoolClient } from 'pg';
import { toChatMessage, type Conversation } from '../conversations/log-entry.ts';
import { storeError } from '../conversations/postgres-errors.ts';
import { query, storedEntry, type EntryRow } from './entry-row.ts';
import type { History } from './history.ts';
import * as sql from './history-statements.ts';

/** Pinned messages of one conversation. */
const PINS_PER_CONVERSATION = 50;

export type Pin = { readonly message: ChatEntry; readonly by: string; readonly pinnedAt: number };

/**
 * Messages that a conversation keeps in view. Not in the log: who opens the conversation asks for them. Everything
 * rejects with `StoreUnavailable` while the database cannot answer.
 */
export class Pins {
  readonly #pool: Pool;
  readonly #history: History;

  constructor(pool: Pool, history: History) {
    this.#pool = pool;
    this.#history = history;
  }

  /** The last pinned first, in their present form. Nothing up to `readFrom`. */
  async list(conversation: Conversation, readFrom: number, userNo: number): Promise<readonly Pin[]> {
    type PinRow = EntryRow & { by: string; at: number };
    const rows = await query<PinRow>(this.#pool, sql.PINS, [conversation.conversationNo, readFrom]);
    const pinned = rows.map((row) => toChatMessage(storedEntry(row, conversation)) as ChatEntry); // only messages get pinned
    const messages = await this.#history.present(userNo, pinned);
    return rows.flatMap((row, i) => {
      const message = messages[i];
      return message === undefined ? [] : [{ message, by: row.by, pinnedAt: row.at }];
    });
  }

  /** Pins it, if it is not. Throws `ChatError` conflict past the bound. */
  async add(conversation: Conversation, seq: number, userNo: number): Promise<void> {
    const { conversationNo } = conversation;
    const pinned = await this.#locked(conversationNo, async (client) => {
      const inserted = await client.query(sql.PIN, [conversationNo, seq, userNo, PINS_PER_CONVERSATION]);
      if (inserted.rowCount === 1) return true;
      return (await client.query(sql.IS_PINNED, [conversationNo, seq])).rowCount === 1;
    });
    if (!pinned) throw new ChatError('conflict', `A conversation has at most ${PINS_PER_CONVERSATION} pinned messages.`);
  }

  async remove(conversation: Conversation, seq: number): Promise<void> {
    await query(this.#pool, sql.UNPIN, [conversation.conversationNo, seq]);
  }

  async #locked<Answer>(conversationNo: number, work: (client: PoolClient) => Promise<Answer>): Promise<Answer> {
    let client: PoolClient | undefined;
    let broken: Error | undefined;
    try {
      client = await this.#pool.connect();
      await client.query('begin');
      await client.query(sql.LOCK_CONVERSATION, [conversationNo]);
      const answer = await work(client);
      await client.query('commit');
      return answer;
    } catch (error) {
      // Whatever it was, a connection in the middle of a transaction is of no more use.
      broken = error instanceof Error ? error : new Error(String(error));
      throw storeError(error, client !== undefined);
    } finally {
      client?.release(broken);
    }
  }
}
