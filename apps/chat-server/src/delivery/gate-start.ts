import type { Conversation } from '../conversations/log-entry.ts';
import type { LocalUser } from './local-user.ts';
import type { RoomMembership, RoomSnapshot } from './room-reads.ts';

/** The last entry that counts as passed, and who has a place at the gate from there on. */
export type GateStart = { readonly position: number; readonly members: readonly LocalUser[] };

/**
 * Where the gate of a room has to start, and who is behind it there: at the lowest position that anyone here has ([G2]). A feed that
 * is live without having heard of a membership is before its JOIN; one that is opening takes its part from the log.
 * Nothing, if it concerns nobody here.
 */
export function startOf({ conversationId }: Conversation, { lastSeq, members }: RoomSnapshot, asked: readonly LocalUser[]): GateStart | undefined {
  const users = new Map(asked.map((user) => [user.userNo, user]));
  let position = lastSeq;
  let concerned = false;
  for (const membership of members) {
    for (const feed of users.get(membership.userNo)?.feeds ?? []) {
      if (!feed.begun) continue;
      const { joinedSeq, leftSeq = null } = membership;
      if (leftSeq === null) concerned = true;
      else if (!feed.live) feed.owe(conversationId, leftSeq);
      if (!feed.live || feed.handedOver(conversationId) >= (leftSeq ?? Infinity)) continue;
      concerned = true;
      position = Math.min(position, joinedSeq);
    }
  }
  if (!concerned) return undefined;
  const behind = members.filter((membership) => covers(membership, position)).flatMap(({ userNo }) => users.get(userNo) ?? []);
  return { position, members: behind };
}

function covers({ joinedSeq, leftSeq }: RoomMembership, position: number): boolean {
  return joinedSeq <= position && position < (leftSeq ?? Infinity);
}
