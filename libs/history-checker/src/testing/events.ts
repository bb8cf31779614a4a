import { HistoryChecker, type HistoryReport } from '../history-checker.ts';
import type { CursorKeeper, HistoryEvent, Outcome } from '../history-event.ts';
import type { Verdict } from '../verdict.ts';

// The words in which the specs write histories.

export const AB = 'direct:ann:bob';
export const ROOM = 'room:lobby000';

export const connected = (device: string, user: string, cursors: CursorKeeper = 'device'): HistoryEvent => ({ type: 'connected', device, user, cursors });
export const disconnected = (device: string): HistoryEvent => ({ type: 'disconnected', device });
export const resumed = (device: string, cursors: Record<string, number>): HistoryEvent => ({ type: 'resumed', device, cursors });
export const synced = (device: string, cursors: Record<string, number>): HistoryEvent => ({ type: 'synced', device, cursors });
export const sent = (device: string, key: string, conversation = AB): HistoryEvent => ({ type: 'send-started', device, conversation, key });
export const answered = (device: string, key: string, outcome: Outcome, conversation = AB): HistoryEvent =>
  ({ type: 'send-outcome', device, conversation, key, outcome });
export const receipt = (device: string, key: string, seq?: number, conversation = AB): HistoryEvent =>
  answered(device, key, seq === undefined ? { kind: 'receipt' } : { kind: 'receipt', seq, id: `id-${key}` }, conversation);
export const refused = (device: string, key: string, code: string): HistoryEvent => answered(device, key, { kind: 'error', code });
/** By default ann's send `k<seq>`. */
export const got = (device: string, seq: number, key = `k${seq}`, conversation = AB, from = 'ann'): HistoryEvent =>
  ({ type: 'delivered', device, conversation, seq, id: `id-${key}`, from, key });
export const membership = (device: string, entry: 'JOIN' | 'LEAVE', seq: number, user: string): HistoryEvent =>
  ({ type: 'delivered', device, conversation: ROOM, seq, id: `id-${entry}-${seq}`, from: user, entry });

export const bothThere = [connected('a', 'ann'), connected('b', 'bob')];

/** A send of ann that went as it should. */
export function sound(seq: number): HistoryEvent[] {
  const key = `k${seq}`;
  return [sent('a', key), receipt('a', key, seq), got('a', seq), got('b', seq)];
}

export function judge(...events: readonly (HistoryEvent | readonly HistoryEvent[])[]): HistoryReport {
  const checker = new HistoryChecker();
  for (const event of events.flat()) checker.record(event);
  return checker.finish();
}

/** The verdicts with a count above zero. */
export function verdicts(...events: readonly (HistoryEvent | readonly HistoryEvent[])[]): Partial<Record<Verdict, number>> {
  return Object.fromEntries(Object.entries(judge(...events).counts).filter(([, count]) => count > 0));
}
