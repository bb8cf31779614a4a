import type { OutboxRecord } from '../store/client-store.port.ts';

/** A message on its way, as a person may see it. Once its entry is delivered, the entry takes its place. */
export type OutboxItem = OutboxRecord & {
  /** `stored`: the server has confirmed it; the entry with this `seq` is about to come. */
  readonly state: 'pending' | 'stored' | 'failed';
  readonly seq?: number;
};

export function itemOf(record: OutboxRecord, seq?: number): OutboxItem {
  if (seq !== undefined) return { ...record, state: 'stored', seq };
  return { ...record, state: record.failure ? 'failed' : 'pending' };
}
