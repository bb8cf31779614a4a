import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { storeUnavailable } from './store-unavailable.ts';

export type StoreQuery = {
  /** Names a prepared statement: given to what runs often. */
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
};

/** Runs one statement; throws ChatError `unavailable` if the store is away. */
export async function runQuery<Row extends QueryResultRow>(client: Pool | PoolClient, query: StoreQuery): Promise<QueryResult<Row>> {
  try {
    return await client.query<Row>({ ...query, values: [...query.values] });
  } catch (error) {
    throw storeUnavailable(error);
  }
}

/** Runs the work in one transaction; what it throws undoes all of it. */
export async function inTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeUnavailable(error);
  });
  // Whether the connection is at a transaction's end, and so fit for the pool.
  let clean = false;
  try {
    await runQuery(client, { text: 'begin', values: [] });
    const result = await work(client);
    await runQuery(client, { text: 'commit', values: [] });
    clean = true;
    return result;
  } finally {
    // Ending the connection is the rollback that works whatever state it is in.
    client.release(!clean);
  }
}
