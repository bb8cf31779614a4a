import type { ObservedLogs } from './observed-logs.ts';

/** Read cursors by user. */
export type ReadCursors = ReadonlyMap<string, number>;

/** CHAT entries by others above one's own cursor: counted one by one. */
export function countUnread(logs: ObservedLogs, conversation: string, user: string, readSeq: number): number {
  return logs.entries(conversation).filter(({ type, from, seq }) => type === 'CHAT' && from !== user && seq > readSeq).length;
}

/** Present members who were members at `seq`, without its sender, whose cursor is below it. */
export function countNotRead(logs: ObservedLogs, conversation: string, seq: number, cursors: ReadCursors): number {
  const sender = logs.entries(conversation).find((entry) => entry.seq === seq)?.from;
  return [...cursors].filter(([user, readSeq]) => {
    const since = logs.memberSince(conversation, user);
    return user !== sender && since !== undefined && since <= seq && readSeq < seq;
  }).length;
}
