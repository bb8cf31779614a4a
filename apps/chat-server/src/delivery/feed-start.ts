import type { ConversationPosition } from '../conversations/message-store.port.ts';

/** From where a feed starts in each conversation. */
export type FeedStart =
  | { readonly kind: 'device' }
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
  if (start.fresh) return end;
  // Of a room that the user has left nothing is read again, unless the device says that it has not got that far.
  const unnamed = row.leftSeq === null ? row.joinedSeq : row.deliveredSeq;
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
