import type { Reaction, ReactionEntry } from '@chat/protocol';

/** The reactions of a message after one more REACTION entry: the same again changes nothing. */
export function withReaction(reactions: readonly Reaction[], { emoji, from, on }: ReactionEntry, self: string): Reaction[] {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (!known) return on ? [...reactions, { emoji, count: 1, mine: from === self, users: [from] }] : [...reactions];
  const isIn = known.users.includes(from) || (from === self && known.mine);
  if (isIn === on) return [...reactions];
  const users = on ? [...known.users, from] : known.users.filter((user) => user !== from);
  const changed = { ...known, users, count: known.count + (on ? 1 : -1), mine: from === self ? on : known.mine };
  return reactions.flatMap((reaction) => (reaction !== known ? [reaction] : changed.count > 0 ? [changed] : []));
}
