import { MENTION_ROOM, parseConversationId } from '@chat/protocol';
import type { Conversation } from '../conversations/log-entry.ts';
import type { ChangeTargets } from '../history/change-targets.ts';

/** More different ones in one text are text only. */
const MENTIONS = 50;

// What stands before the @ keeps addresses like a@b.example from being mentions. The end is greedy but for what ends a
// sentence, as an id ends with a letter or digit.
const MENTION = /(?<![a-z0-9._@-])@([a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9]))/gi;

/** What stands behind an @ in a text and may be somebody's id, in small letters. */
export function namedIn(text: string): readonly string[] {
  if (!text.includes('@')) return [];
  const named = new Set<string>();
  for (const [, id = ''] of text.matchAll(MENTION)) {
    named.add(id.toLowerCase());
    if (named.size === MENTIONS) break;
  }
  return [...named];
}

/**
 * Whom a text mentions: members of the conversation, and in rooms `@room`, in the order in which they are named. Ids of
 * nobody and of others are just text. Nothing is looked up for direct conversations.
 */
export async function mentionsOf(named: readonly string[], conversation: Conversation, targets: ChangeTargets): Promise<readonly string[]> {
  const parsed = parseConversationId(conversation.conversationId);
  if (parsed?.kind !== 'room') return named.filter((id) => id === parsed?.a || id === parsed?.b);
  const everybody = MENTION_ROOM.slice(1);
  const ids = named.filter((id) => id !== everybody);
  const members = ids.length === 0 ? new Set<string>() : await targets.membersAmong(conversation, ids);
  return named.flatMap((id) => (id === everybody ? [MENTION_ROOM] : members.has(id) ? [id] : []));
}
