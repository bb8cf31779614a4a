import type { Pool, PoolClient } from 'pg';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import { integerArray, textArray } from '../conversations/postgres-arrays.ts';
import { storeError } from '../conversations/postgres-errors.ts';
import { folded, pairsOf } from './search-text.ts';
import * as sql from './search-statements.ts';

const ENTRIES_AT_A_TIME = 500;
/** After each piece it rests so many times as long as that took: search may never slow chatting. */
const REST = 3;
const SOON_MS = 500;
const SWEEP_MS = 10 * 60_000;
const SWEPT_AT_A_TIME = 1_000;

export type SearchIndexerParts = { readonly pool: Pool; readonly onDefect: (error: unknown) => void };

type NewsRow = {
  seq: number;
  type: number;
  sender_no: number;
  sent_at: number;
  message: string | null;
  target: number | null;
  deleted: boolean;
};

/**
 * Takes what was said over into what is searched, a moment later: of the conversations that were written to through this
 * server, and now and then of all that were left behind. Bounded by one number for each conversation.
 */
export class SearchIndexer {
  readonly #parts: SearchIndexerParts;
  readonly #waiting = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(parts: SearchIndexerParts) {
    this.#parts = parts;
  }

  /** Conversations that wait to be taken over. */
  get waiting(): number {
    return this.#waiting.size;
  }

  start(): void {
    void this.#sweepAll();
    this.#sweep = setInterval(() => void this.#sweepAll(), SWEEP_MS);
    this.#sweep.unref();
  }

  /** Something was appended to these conversations. */
  note(conversations: readonly { readonly conversationNo: number }[]): void {
    for (const { conversationNo } of conversations) this.#waiting.add(conversationNo);
    this.#plan(SOON_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#sweep);
    await this.#running;
  }

  #plan(ms: number): void {
    if (this.#stopped || this.#timer !== undefined || this.#running !== undefined || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#running = this.#runAll().finally(() => {
        this.#running = undefined;
        this.#plan(SOON_MS);
      });
    }, ms);
    this.#timer.unref();
  }

  async #runAll(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const conversationNo of waiting) {
      if (this.#stopped) return; // the next start sweeps
      if (!(await this.#takeOver(conversationNo))) this.#waiting.add(conversationNo);
    }
  }

  /** False while the store is away, or another server is at this conversation: it may have begun before the newest entry. */
  async #takeOver(conversationNo: number): Promise<boolean> {
    try {
      for (let more = true; more && !this.#stopped; ) {
        const began = performance.now();
        const taken = await this.#takePiece(conversationNo);
        if (taken === undefined) return false;
        more = taken === ENTRIES_AT_A_TIME;
        await new Promise((resolve) => setTimeout(resolve, REST * (performance.now() - began)));
      }
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailable) return false;
      this.#parts.onDefect(error); // not again: what cannot be read once cannot be read twice
      return true;
    }
  }

  async #takePiece(conversationNo: number): Promise<number | undefined> {
    const client = await this.#connect();
    try {
      await client.query('begin');
      const taken = await takePiece(client, conversationNo);
      await client.query('commit');
      client.release();
      return taken;
    } catch (error) {
      client.release(true); // which rolls back
      throw storeError(error, false);
    }
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#parts.pool.connect();
    } catch (error) {
      throw storeError(error, true);
    }
  }

  async #sweepAll(): Promise<void> {
    try {
      const { rows } = await this.#parts.pool.query<{ conversation_no: number }>(sql.BEHIND, [SWEPT_AT_A_TIME]);
      this.note(rows.map((row) => ({ conversationNo: row.conversation_no })));
      if (rows.length === SWEPT_AT_A_TIME && !this.#stopped) setTimeout(() => void this.#sweepAll(), SWEEP_MS / 20).unref();
    } catch (error) {
      const problem = storeError(error, true);
      if (!(problem instanceof StoreUnavailable)) this.#parts.onDefect(problem);
    }
  }
}

/** How many entries were taken; `undefined` if another server is at it. */
async function takePiece(client: PoolClient, conversationNo: number): Promise<number | undefined> {
  let progress = await client.query<{ seq: number }>(sql.LOCK_PROGRESS, [conversationNo]);
  if (progress.rowCount === 0) {
    await client.query(sql.MAKE_PROGRESS, [conversationNo]);
    progress = await client.query<{ seq: number }>(sql.LOCK_PROGRESS, [conversationNo]);
  }
  const after = progress.rows[0]?.seq;
  if (after === undefined) return undefined;
  const { rows } = await client.query<NewsRow>(sql.NEWS, [conversationNo, after, ENTRIES_AT_A_TIME]);
  const last = rows.at(-1);
  if (last === undefined) return 0;
  const { said, edited, deleted } = sorted(rows);
  await client.query(sql.PUT_TEXTS, [
    conversationNo,
    integerArray(said.map((row) => row.seq)),
    integerArray(said.map((row) => row.sender_no)),
    integerArray(said.map((row) => row.sent_at)),
    textArray(said.map((row) => row.text)),
    textArray(said.map((row) => integerArray(pairsOf(row.text)))),
  ]);
  const edits = [...edited];
  if (edits.length > 0) {
    await client.query(sql.CHANGE_TEXTS, [
      conversationNo,
      integerArray(edits.map(([target]) => target)),
      textArray(edits.map(([, text]) => text)),
      textArray(edits.map(([, text]) => integerArray(pairsOf(text)))),
    ]);
  }
  if (deleted.length > 0) await client.query(sql.REMOVE_TEXTS, [conversationNo, integerArray(deleted)]);
  await client.query(sql.MOVE_PROGRESS, [conversationNo, last.seq]);
  return rows.length;
}

/** What was said, the last edit of each message, and what was deleted. What was said and edited in one piece is both. */
function sorted(rows: readonly NewsRow[]) {
  const said: { seq: number; sender_no: number; sent_at: number; text: string }[] = [];
  const edited = new Map<number, string>();
  const deleted: number[] = [];
  for (const row of rows) {
    if (row.deleted) continue;
    if (row.type === CHAT) said.push({ ...row, text: folded(row.message ?? '') });
    else if (row.type === EDIT && row.target !== null) edited.set(row.target, folded(row.message ?? ''));
    else if (row.type === DELETE && row.target !== null) deleted.push(row.target);
  }
  return { said, edited, deleted };
}

const CHAT = 1;
const EDIT = 4;
const DELETE = 5;
