import type { Pool, PoolClient } from 'pg';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import { storeError } from '../conversations/postgres-errors.ts';
import * as sql from './retention-statements.ts';

const SWEEP_MS = 3_600_000;
/** A server that has just started has more urgent things to do. */
const FIRST_SWEEP_MS = 60_000;
const CONVERSATIONS_AT_A_TIME = 500;
const ENTRIES_AT_A_TIME = 1_000;
/** After each piece it rests so many times as long as that took: deleting may never slow chatting. */
const REST = 3;
/** What is younger stays whatever retention says: a device that was away for the night sends its outbox again. */
const YOUNGEST_MS = 86_400_000;
/** Shorter than the time after which PostgreSQL looks for deadlocks: it is deleting that gives way, and comes again. */
const LOCK_MS = 200;

export type RetentionParts = {
  readonly pool: Pool;
  /** What every conversation keeps at most: days, and newest entries. 0: no bound. */
  readonly keep: { readonly days: number; readonly entries: number };
  readonly onDefect: (error: unknown) => void;
  /** For tests. */
  readonly youngestMs?: number;
};

type Row = { conversation_no: number; kept_from: number; days: number | null; entries: number | null; wanted: boolean };

/** Deletes the oldest entries of the conversations that are not kept for ever: once an hour, one server at a time. */
export class Retention {
  readonly #parts: RetentionParts;
  readonly #youngestMs: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #deleted = 0;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#youngestMs = parts.youngestMs ?? YOUNGEST_MS;
  }

  /** Entries deleted by this server. */
  get deleted(): number {
    return this.#deleted;
  }

  start(): void {
    this.#plan(FIRST_SWEEP_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #plan(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#trySweep().finally(() => {
        if (!this.#stopped) this.#plan(SWEEP_MS);
      });
    }, ms);
    this.#timer.unref();
  }

  async #trySweep(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      // Later. Whatever has been deleted is deleted, and nothing else.
      if (!(error instanceof StoreUnavailable)) this.#parts.onDefect(error);
    }
  }

  /** Goes through all conversations once. Ends early if another server is at it. Rejects with `StoreUnavailable`. */
  async sweep(): Promise<void> {
    for (let after = 0; !this.#stopped; ) {
      const began = performance.now();
      const rows = await this.#next(after);
      await rest(began);
      for (const row of rows) {
        if (row.wanted && !(await this.#shorten(row))) return;
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < CONVERSATIONS_AT_A_TIME) return;
      after = last.conversation_no;
    }
  }

  async #next(after: number): Promise<readonly Row[]> {
    const { days, entries } = this.#parts.keep;
    try {
      return (await this.#parts.pool.query<Row>(sql.NEXT, [after, days, entries, CONVERSATIONS_AT_A_TIME, this.#youngestMs])).rows;
    } catch (error) {
      throw storeError(error, true);
    }
  }

  /** False if another server is at it. */
  async #shorten(row: Row): Promise<boolean> {
    while (!this.#stopped) {
      const began = performance.now();
      const piece = await this.#deletePiece(row);
      if (piece === 'not alone') return false;
      await rest(began);
      if (piece < ENTRIES_AT_A_TIME) return true;
    }
    return false;
  }

  /**
   * The beginning moves by itself first: nobody who appends waits for the deleting, and readers know where to begin
   * before anything is gone. What a crash left in between goes with the next piece.
   */
  async #deletePiece({ conversation_no: conversationNo, kept_from: keptFrom, days, entries }: Row): Promise<number | 'not alone'> {
    const client = await this.#connect();
    try {
      const values = [conversationNo, days, entries, this.#youngestMs, ENTRIES_AT_A_TIME];
      const { rows } = await client.query<{ kept_from: number }>(sql.MOVE_BEGINNING, values);
      const deleted = await deleteBefore(client, conversationNo, rows[0]?.kept_from ?? keptFrom);
      client.release();
      if (deleted !== 'not alone') this.#deleted += deleted;
      return deleted;
    } catch (error) {
      client.release(true); // which rolls back
      throw storeError(error, true);
    }
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#parts.pool.connect();
    } catch (error) {
      throw storeError(error, true);
    }
  }
}

function rest(began: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, REST * (performance.now() - began)));
}

/** How many entries went. */
async function deleteBefore(client: PoolClient, conversationNo: number, keptFrom: number): Promise<number | 'not alone'> {
  if (keptFrom <= 1) return 0;
  await client.query(`begin; set local lock_timeout = ${LOCK_MS}`);
  const { rows } = await client.query<{ alone: boolean }>(sql.ONLY_ONE);
  if (rows[0]?.alone !== true) {
    await client.query('rollback');
    return 'not alone';
  }
  await client.query(sql.HOLD_SEARCH, [conversationNo, keptFrom]);
  let entries = 0;
  for (const [i, statement] of sql.DELETE_BEFORE.entries()) {
    const { rowCount } = await client.query(statement, [conversationNo, keptFrom]);
    if (i === 0) entries = rowCount ?? 0;
  }
  await client.query('commit');
  return entries;
}
