import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { appendChecked } from './append-checked.ts';
import { appendNew } from './append-statement.ts';
import type { Appended, NewEntry, Refused } from './message-store.port.ts';
import { DIVISION_BY_ZERO, storeError, UNIQUE_VIOLATION } from './postgres-errors.ts';

/** Stores a batch. See `MessageStore.append` for what is promised. */
export async function append(pool: Pool, batch: readonly NewEntry[]): Promise<readonly (Appended | Refused)[]> {
  const client = await connect(pool);
  let broken: Error | undefined;
  try {
    return await appendNew(client, batch).catch((error: unknown) => {
      if (!wantsChecking(error)) throw error;
      return appendChecked(client, batch);
    });
  } catch (error) {
    // After an answer of the database the connection is as good as before; after anything else nobody knows.
    if (!(error instanceof DatabaseError)) broken = error instanceof Error ? error : new Error(String(error));
    throw storeError(error, true);
  } finally {
    client.release(broken);
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw storeError(error, false);
  }
}

/** The batch holds a repeat, or somebody has left one of its rooms since its senders were seen there. */
function wantsChecking(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === UNIQUE_VIOLATION || error.code === DIVISION_BY_ZERO);
}
