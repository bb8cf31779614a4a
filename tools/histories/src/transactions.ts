import type { LogSend } from './chat-device.ts';
import type { ObservedLogs } from './observed-logs.ts';

/**
 * What is wrong with the entries of one transaction: all of them are in the logs or none, and those of one conversation
 * stand side by side in the order in which they were sent.
 */
export function judgeTransaction({ user, sends }: { readonly user: string; readonly sends: readonly LogSend[] }, logs: ObservedLogs): readonly string[] {
  const places = sends.map(({ conversation, key }) => ({ conversation, key, seq: seqOf(logs, conversation, user, key) }));
  const missing = places.filter(({ seq }) => seq === undefined);
  if (missing.length === places.length) return [];
  if (missing.length > 0) return [`a transaction is stored in part: without ${missing.map(({ key }) => key).join(' ')}`];
  const problems: string[] = [];
  const last = new Map<string, number>();
  for (const { conversation, key, seq = 0 } of places) {
    const before = last.get(conversation);
    if (before !== undefined && seq !== before + 1) problems.push(`a transaction is torn: ${key} is ${seq}, after ${before}`);
    last.set(conversation, seq);
  }
  return problems;
}

function seqOf(logs: ObservedLogs, conversation: string, user: string, key: string): number | undefined {
  return logs.entries(conversation).find((entry) => entry.from === user && 'clientId' in entry && entry.clientId === key)?.seq;
}
