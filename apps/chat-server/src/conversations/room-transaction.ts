import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { StoreUnavailable } from './message-store.port.ts';
import { storeError } from './postgres-errors.ts';
import { nameOf } from './statements.ts';

/** No statement of it runs or waits longer, and none is waited for. */
const STATEMENT_MS = 800;
/** Nothing is committed later than this after the beginning: a third of the lease has to hold the commit as well ([A6]). */
const COMMIT_WITHIN_MS = 1_000;

const BEGIN = `begin; set local statement_timeout = ${STATEMENT_MS}; set local lock_timeout = ${STATEMENT_MS};
set local idle_in_transaction_session_timeout = ${COMMIT_WITHIN_MS}`;

/** The statements of one transaction, one after the other. */
export interface Transaction {
  query<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
}

/** What `work` answers is committed, or with `keep` false undone. */
export type Work<Answer> = (transaction: Transaction) => Promise<{ readonly answer: Answer; readonly keep: boolean }>;

/** Rejects with `StoreUnavailable`; only where the commit was on its way is its outcome unknown. */
export async function inTransaction<Answer>(pool: Pool, work: Work<Answer>): Promise<Answer> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeError(error, false);
  });
  let committing = false;
  let broken: Error | undefined;
  try {
    const began = performance.now();
    await client.query(BEGIN);
    const { answer, keep } = await work(transactionOn(client));
    if (keep && performance.now() - began > COMMIT_WITHIN_MS) throw new StoreUnavailable('The transaction took too long.', true);
    committing = keep;
    await client.query(keep ? 'commit' : 'rollback');
    return answer;
  } catch (error) {
    broken = await undo(client);
    throw error instanceof StoreUnavailable ? error : storeError(error, committing);
  } finally {
    client.release(broken);
  }
}

function transactionOn(client: PoolClient): Transaction {
  return {
    query: async <Row extends QueryResultRow>(text: string, values: readonly unknown[]) =>
      (await client.query<Row>({ name: nameOf(text), text, values: [...values] })).rows,
  };
}

/** Answers with an error if the connection is not to be used again. */
async function undo(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
