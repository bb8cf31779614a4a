import { ROLE_NUMBER, type MembershipChange, type MembershipRefusal } from './membership-store.port.ts';

/** What is known of a room under its lock, and of the two whom a change is about. */
export type Standing = {
  readonly public: boolean;
  readonly archived: boolean;
  readonly members: number;
  /** `null`: `by` is no member. */
  readonly byRole: number | null;
  /** `null`: `user` is no member. */
  readonly role: number | null;
  /** Is a member or was one. */
  readonly known: boolean;
  readonly banned: boolean;
};

/** What somebody outside is told: of a private room, nothing. */
export function outside(room: { readonly public: boolean }): MembershipRefusal {
  return room.public ? 'not-member' : 'not-found';
}

/** Why somebody who is not in the room may not come in. `invited`: a good invite was shown. */
export function refusedJoin(change: MembershipChange, standing: Standing, invited: boolean): MembershipRefusal | undefined {
  const right = change.by.userNo === change.user.userNo ? refusedOwnJoin(standing, invited) : refusedBringing(standing);
  if (right !== undefined) return right;
  if (standing.archived) return 'archived';
  return standing.banned ? 'banned' : undefined;
}

function refusedOwnJoin(standing: Standing, invited: boolean): MembershipRefusal | undefined {
  return standing.public || invited ? undefined : 'not-found';
}

function refusedBringing(standing: Standing): MembershipRefusal | undefined {
  if (standing.byRole === null) return outside(standing);
  return standing.public || standing.byRole >= ROLE_NUMBER.moderator ? undefined : 'not-allowed';
}

/** Why somebody may not go, or be made to go. An owner goes last, but may leave an archived room for good. */
export function refusedLeave(change: MembershipChange, standing: Standing): MembershipRefusal | undefined {
  if (change.by.userNo === change.user.userNo) {
    if (!standing.known) return outside(standing);
    if (standing.role !== ROLE_NUMBER.owner || standing.members <= 1) return undefined;
    const leavesArchive = change.change === 'leave' && change.forGood === true && standing.archived;
    return leavesArchive ? undefined : 'owner-stays';
  }
  if (standing.byRole === null) return outside(standing);
  if (standing.byRole < ROLE_NUMBER.moderator) return 'not-allowed';
  return standing.role !== null && standing.role >= standing.byRole ? 'not-allowed' : undefined;
}
