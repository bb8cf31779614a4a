import type { ChatJoinBody } from '@chat/protocol';
import { clientKey, entryId } from '../conversations/log-entry.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import { refusalError } from '../conversations/refusals.ts';
import type { Changed, Memberships } from '../rooms/memberships.ts';
import { storeAway } from '../rooms/room-rules.ts';
import { MEMBERSHIP_TOKENS, takeTokens, type Rates } from '../rooms/rooms.ts';
import type { Caller, Outcome } from './command-table.ts';

export type MembershipCommandParts = { readonly memberships: Memberships; readonly rates: Rates };

/**
 * Joins or leaves by oneself. The RECEIPT names the JOIN or LEAVE that holds now, whether this SEND made it or an
 * earlier one did. What the same session sends next comes after it.
 */
export async function changeOwnMembership(
  change: 'join' | 'leave',
  { memberships, rates }: MembershipCommandParts,
  { roomId, clientId }: ChatJoinBody,
  caller: Caller,
  outcome: Outcome,
): Promise<void> {
  const user = caller.principal;
  takeTokens(rates, user, MEMBERSHIP_TOKENS);
  const key = clientId === undefined ? undefined : clientKey(clientId);
  try {
    outcome.done(receiptHeaders(await memberships.change({ roomId, user, by: user, change, key })));
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    if (error.outcomeKnown) outcome.refused(storeAway());
    else outcome.unknown();
  }
}

function receiptHeaders({ entry }: Changed): Readonly<Record<string, string>> {
  if (entry === undefined) throw refusalError('not-found');
  const { conversationId, conversationNo, seq, sentAt } = entry;
  return { 'conversation-id': conversationId, seq: String(seq), id: entryId(sentAt, conversationNo, seq) };
}
