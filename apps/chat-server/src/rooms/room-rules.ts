import { ChatError, type RoomRole } from '@chat/protocol';
import { ROLE_NUMBER } from '../conversations/membership-store.port.ts';
import { refusalError } from '../conversations/refusals.ts';
import type { RoomView } from './room-store.port.ts';

// Who may see and change what a room is. Each throws the refusal: not-found for what one may not know of. Who may come
// and go, and who gets which role, is decided where that is stored, under the room's lock (`MembershipStore`).

/** A room as somebody may see it who is in it, or because it is public. */
export function known(view: RoomView | undefined): RoomView {
  const hidden = view?.room.visibility === 'private' && view.room.me.role === undefined;
  if (view === undefined || hidden) throw refusalError('not-found');
  return view;
}

/** The same, for somebody who is at least that in it. */
export function knownTo(role: RoomRole, view: RoomView | undefined): RoomView {
  const seen = known(view);
  const own = seen.room.me.role;
  if (own === undefined) throw refusalError('not-member');
  if (ROLE_NUMBER[own] < ROLE_NUMBER[role]) throw refusalError('not-allowed');
  return seen;
}

export function roleOfNumber(number: number): RoomRole {
  if (number === ROLE_NUMBER.owner) return 'owner';
  return number === ROLE_NUMBER.moderator ? 'moderator' : 'member';
}

export function noSuchUser(userId: string): ChatError {
  return new ChatError('not-found', `There is no user ${userId}.`);
}

export function noSuchMember(userId: string): ChatError {
  return new ChatError('not-found', `${userId} is not a member of the room.`);
}

export function noBan(userId: string): ChatError {
  return new ChatError('not-found', `${userId} is not banned from the room.`);
}

export function storeAway(): ChatError {
  return new ChatError('unavailable', 'The store does not answer right now. Try again.', 1_000);
}
