import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { storeUnavailable } from './store-unavailable.ts';

export type StoreQuery = {
  /** Names a prepared statement: given to what runs often. */
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
};

/** Runs one statement; throws ChatError `unavailable` if the store is away. */
export async function runQuery<Row extends QueryResultRow>(
  client: Pool | PoolClient,
  query: StoreQuery,
): Promise<QueryResult<Row>> {
  try {
    return await client.query<Row>({ ...query, values: [...query.values] });
  } catch (error) {
    throw storeUnavailable(error);
  }
}

/** Runs the work in one transaction; what it throws undoes all of it. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw storeUnavailable(error);
  });
  try {
    await runQuery(client, { text: 'begin', values: [] });
    const result = await work(client);
    await runQuery(client, { text: 'commit', values: [] });
    client.release();
    return result;
  } catch (error) {
    // Ending the connection is the rollback that works whatever state it is in.
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}
