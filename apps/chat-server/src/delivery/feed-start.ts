import type { ConversationPosition } from '../conversations/message-store.port.ts';

/** From where a feed starts in each conversation. */
export type FeedStart =
  | { readonly kind: 'device' }
  /** From where it had to stop; `owesSynced`: in the midst of a sync, of which this was left out. */
  | { readonly kind: 'resume'; readonly positions: ReadonlyMap<string, number>; readonly owesSynced: readonly TruncatedRange[] | undefined }
  | { readonly kind: 'sync'; readonly cursors: ReadonlyMap<string, number>; readonly fresh: boolean; readonly limit: number | undefined };

export type TruncatedRange = { readonly conversationId: string; readonly from: number; readonly to: number };

/** The last entry of a membership: the user's own LEAVE, or where the log ends ([S3]). */
export function endOf(row: ConversationPosition): number {
  return row.leftSeq ?? row.lastSeq;
}

/** After which seq to begin in a membership; notes what a limit leaves out. */
export function startOf(row: ConversationPosition, start: FeedStart, truncated: TruncatedRange[]): number {
  const end = endOf(row);
  if (start.kind === 'device') return within(row, row.deliveredSeq);
  // Of a room that the user has left nothing is read again, unless the device says that it has not got that far.
  const unnamed = row.leftSeq === null ? row.joinedSeq : row.deliveredSeq;
  if (start.kind === 'resume') {
    const reached = within(row, start.positions.get(row.conversationId) ?? unnamed);
    const leftOut = start.owesSynced?.find((range) => range.conversationId === row.conversationId && range.from === reached + 1);
    return leftOut === undefined ? reached : within(row, leftOut.to);
  }
  if (start.fresh) return end;
  const from = within(row, start.cursors.get(row.conversationId) ?? unnamed);
  if (start.limit === undefined || end - from <= start.limit) return from;
  const limited = end - start.limit;
  truncated.push({ conversationId: row.conversationId, from: from + 1, to: limited });
  return limited;
}

/** That seq, as far as it lies within the membership. */
export function within(row: ConversationPosition, seq: number): number {
  return Math.min(Math.max(seq, row.joinedSeq), endOf(row));
}

/**
 * Where each conversation stands when the replay of memberships stops in the one at `current`, after that seq. Somebody
 * may have been in a room more than once: the first membership that is not handed over says where it goes on.
 */
export function reachedSoFar(
  rows: readonly ConversationPosition[],
  starts: readonly number[],
  current: number,
  stopped: number,
): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  const open = new Set<string>();
  for (const [i, row] of rows.entries()) {
    const end = endOf(row);
    const at = i < current ? end : i === current ? stopped : (starts[i] ?? end);
    if (!open.has(row.conversationId)) reached.set(row.conversationId, at);
    if (at < end) open.add(row.conversationId);
  }
  return reached;
}
