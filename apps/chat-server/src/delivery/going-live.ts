import type { LogEntry } from '../conversations/log-entry.ts';
import type { ConversationPosition } from '../conversations/message-store.port.ts';
import { isRoom } from './conversation-kind.ts';
import type { Gates } from './gates.ts';
import type { LocalUser } from './local-user.ts';

/** What a feed has when it wants to go live. */
export type GoingLive = {
  readonly user: LocalUser;
  readonly gates: Gates;
  readonly rows: readonly ConversationPosition[];
  readonly owed: ReadonlyMap<string, number>;
  /** The last seq handed over of each conversation. */
  readonly reached: ReadonlyMap<string, number>;
  readonly held: readonly LogEntry[];
};

/**
 * Whether what was handed over and what is held meet, in every conversation, what has passed the gates here. If not, the
 * feed reads on; a `hole` in between is a defect.
 */
export function meetsTheGates(feed: GoingLive): 'whole' | 'behind' | 'hole' {
  for (const [id, seq] of feed.owed) if ((feed.reached.get(id) ?? 0) < seq) return 'behind';
  const reached = new Map(feed.reached);
  const memberOf = new Set(feed.rows.filter((row) => row.leftSeq === null && isRoom(row.conversationId)).map((row) => row.conversationId));
  for (const entry of feed.held) {
    const { conversationId, seq } = entry;
    const position = reached.get(conversationId) ?? 0;
    if (seq <= position) continue;
    const joins = entry.type === 'JOIN' && entry.from === feed.user.userId;
    if (seq !== position + 1) {
      if (!joins) return 'hole';
      // Between one's own LEAVE and JOIN a jump is right ([S3]); if the LEAVE is missing, it came too early to be held.
      if (memberOf.has(conversationId)) return 'behind';
    }
    reached.set(conversationId, seq);
    if (joins) memberOf.add(conversationId);
    else if (entry.type === 'LEAVE' && entry.from === feed.user.userId) memberOf.delete(conversationId);
  }
  return meets(feed, reached, memberOf) ? 'whole' : 'behind';
}

function meets({ user, gates }: GoingLive, reached: ReadonlyMap<string, number>, memberOf: ReadonlySet<string>): boolean {
  for (const gate of user.gates) {
    if (gate.position > (reached.get(gate.conversation.conversationId) ?? 0)) return false;
  }
  for (const conversationId of memberOf) {
    const gate = gates.rooms.gateOf(conversationId);
    if (gate === undefined || !user.gates.has(gate)) return false;
  }
  return true;
}
