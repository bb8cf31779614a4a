import pg from 'pg';
import { ChatError } from '@chat/protocol';

/**
 * SQL states that say that PostgreSQL cannot serve now: connection lost, rolled back for another, out of resources,
 * shutting down or statement cancelled, its disk failing; and read-only after a failover. All others are faults of ours.
 */
const AWAY = /^(08|40|53|57|58)|^25006$|^55P03$/;

/** A ChatError `unavailable` if the error means that the store is away, with it as `cause`; otherwise the error itself. */
export function storeUnavailable(error: unknown): unknown {
  return isStoreAway(error) ? unavailable(error) : error;
}

export function isStoreAway(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return AWAY.test(error.code ?? '');
  if (!(error instanceof Error) || error instanceof ChatError) return false;
  // What pg throws of its own (connection ended, time-outs) and what the socket throws has no class to be known by.
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError);
}

function unavailable(cause: unknown): ChatError {
  const error = new ChatError('unavailable', 'The store cannot be reached at the moment: try again shortly.', 2_000);
  error.cause = cause;
  return error;
}
