import { DatabaseError } from 'pg';
import { StoreUnavailable } from './message-store.port.ts';

/** SQLSTATE of the unique key (conversation, sender, key): the batch holds a repeat. */
export const UNIQUE_VIOLATION = '23505';
/** SQLSTATE by which the append statement says that a leave version is not the one known. */
export const DIVISION_BY_ZERO = '22012';

// What the database answered is judged by its SQLSTATE alone: a message and its severity come in the server's language.

/**
 * It cannot do anything now, rather than that the statement is wrong: connection exceptions, transaction rollback
 * (deadlock), insufficient resources (disk full), lock timeouts, operator intervention (timeout, shutting down), system
 * errors; a session ended by a timeout; and read-only, as a primary is that another has taken over from.
 */
const AWAY = /^(08|40|53|55|57|58)|^25(006|P03|P04)$/;
/** Of these, the session ended with the answer, and nobody knows whether the statement had been committed. */
const ENDS_SESSION = /^(08|57P|58)|^25P0[34]$|^40003$/;

/**
 * Sorts what pg throws. `sent` says whether the statement may have reached the database at all. An answer means that the
 * statement was rolled back; the end of the session and a broken connection leave it open whether it had committed.
 */
export function storeError(error: unknown, sent: boolean): unknown {
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    if (!AWAY.test(code)) return error;
    return new StoreUnavailable(error.message, !sent || !ENDS_SESSION.test(code), error);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new StoreUnavailable(message, !sent, error);
}
