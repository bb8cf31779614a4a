import { DatabaseError } from 'pg';
import { StoreUnavailable } from './message-store.port.ts';

/** SQLSTATE of the unique key (conversation, sender, key): the batch holds a repeat. */
export const UNIQUE_VIOLATION = '23505';

// Classes in which the database answered that it cannot do anything now, rather than that the statement is wrong:
// connection exceptions, transaction rollback (deadlock), insufficient resources (disk full), operator intervention
// (timeout, shutting down), system errors, lock timeouts.
const AWAY_CLASSES = new Set(['08', '40', '53', '57', '58', '55']);

/**
 * Sorts what pg throws. `sent` says whether the statement may have reached the database at all. An ERROR answer means
 * that the statement was rolled back; FATAL and a broken connection leave it open whether it had committed.
 */
export function storeError(error: unknown, sent: boolean): unknown {
  if (error instanceof DatabaseError) {
    const away = error.code !== undefined && AWAY_CLASSES.has(error.code.slice(0, 2));
    if (!away) return error;
    return new StoreUnavailable(error.message, !sent || error.severity === 'ERROR', error);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new StoreUnavailable(message, !sent, error);
}
