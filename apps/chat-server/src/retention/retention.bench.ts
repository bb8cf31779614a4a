/**
 * Retention beside live load: `node src/retention/retention.bench.ts [entries] [kept]` in apps/chat-server. Fills a database of
 * its own, appends batches at a steady pace and prints their times, and those of pages of history, without and with
 * retention that shortens every conversation to its newest `kept` entries.
 */
import { startPostgres } from '@chat/services';
import { argv } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool, types } from 'pg';
import { clientKey } from '../conversations/log-entry.ts';
import { PostgresMessageStore } from '../conversations/message-store.postgres.ts';
import type { NewEntry } from '../conversations/message-store.port.ts';
import { History } from '../history/history.ts';
import { CONVERSATIONS, fillForSearch, LARGEST, vocabulary } from '../search/search-data.fixture.ts';
import { createTestDatabase } from '../testing/test-database.ts';
import { Retention } from './retention.ts';

const ENTRIES = Number(argv[2] ?? 200_000);
const KEPT = Number(argv[3] ?? 100);
const BATCH = 50;
/** A batch each: 50 entries 20 times a second, half of them in the largest conversation. */
const PACE_MS = 50;
const WITHOUT_MS = 15_000;

// As the server's pools have it.
types.setTypeParser(types.builtins.INT8, Number);

let sent = 0;
function batch(): NewEntry[] {
  return Array.from({ length: BATCH }, (_, i) => {
    const conversationNo = i % 2 === 0 ? LARGEST : 1 + (++sent % CONVERSATIONS);
    const conversationId = `room:r${String(conversationNo).padStart(11, '0')}`;
    // Members of each conversation are numbered so by the fixture.
    const senderNo = ((conversationNo * 13) % 1_900) + 101;
    return {
      conversation: { conversationId, conversationNo, leaveVersion: 0 },
      senderNo, from: `user${senderNo}`, type: 'CHAT', key: clientKey(`bench ${++sent}`), message: 'a message of the usual length, more or less', details: null,
    };
  });
}

class Times {
  readonly #ms: number[] = [];

  async of(work: Promise<unknown>): Promise<void> {
    const began = performance.now();
    await work;
    this.#ms.push(performance.now() - began);
  }

  toString(): string {
    const sorted = this.#ms.toSorted((a, b) => a - b);
    const at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(1);
    return `p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   most ${at(1)} ms   (${sorted.length})`;
  }
}

async function load(name: string, store: PostgresMessageStore, history: History, until: () => boolean): Promise<void> {
  const [appends, pages] = [new Times(), new Times()];
  while (!until()) {
    const next = sleep(PACE_MS);
    await appends.of(store.append(batch()));
    await pages.of(history.page({ conversationNo: LARGEST, conversationId: 'room:r00000000001' }, { readFrom: 0, limit: 50 }));
    await next;
  }
  console.log(`${name.padEnd(20)} append of ${BATCH}   ${appends.toString()}\n${''.padEnd(20)} page of history ${pages.toString()}`);
}

const postgres = await startPostgres({ settings: { max_wal_size: '4GB' } });
const database = await createTestDatabase(postgres.url);
const pool = new Pool({ connectionString: database.url, max: 4 });
const appendPool = new Pool({ connectionString: database.url, max: 1 });
for (const each of [pool, appendPool]) each.on('error', () => undefined); // PostgreSQL is stopped while they close
try {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await fillForSearch(client, ENTRIES, vocabulary());
  const [store, history] = [new PostgresMessageStore({ pool, appendPool }, 100), new History(pool)];
  await load('(warming)', store, history, within(3_000));
  await load('without', store, history, within(WITHOUT_MS));
  const retention = new Retention({
    pool, keep: { days: 0, entries: KEPT },
    onDefect: (error) => {
      throw error;
    },
  });
  const began = performance.now();
  let swept = false;
  const sweep = retention.sweep().finally(() => (swept = true));
  await load('beside retention', store, history, () => swept);
  await sweep;
  const seconds = (performance.now() - began) / 1_000;
  console.log(`${retention.deleted} of ${ENTRIES} entries deleted in ${seconds.toFixed(0)} s: ${(retention.deleted / seconds).toFixed(0)} a second`);
  await load('afterwards', store, history, within(WITHOUT_MS));
  await client.end();
} finally {
  await Promise.all([pool.end(), appendPool.end()]);
  await postgres.stop();
}

function within(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() > end;
}
