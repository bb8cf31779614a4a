/**
 * Search, history and lists on many entries: `node src/search/search.bench.ts [entries] [queries]` in apps/chat-server.
 * Fills a database of its own, runs random queries of each kind one after the other, prints their times as percentiles
 * and the plan of one of each kind.
 */
import { startPostgres } from '@chat/services';
import { argv } from 'node:process';
import { Client, Pool, types } from 'pg';
import { PostgresMessageStore } from '../conversations/message-store.postgres.ts';
import { randomFrom } from '../conversations/random.fixture.ts';
import { History } from '../history/history.ts';
import { createTestDatabase } from '../testing/test-database.ts';
import { CONVERSATIONS, fillForSearch, LARGEST, USER_OF_LARGEST, USER_OF_TWENTY, vocabulary } from './search-data.fixture.ts';
import { SearchStore } from './search-store.ts';

const ENTRIES = Number(argv[2] ?? 200_000);
const QUERIES = Number(argv[3] ?? 500);
const PAGE = 50;

/** Answers how much was found: a query that finds nothing is none. */
type Query = { readonly name: string; readonly run: (stores: Stores, random: () => number) => Promise<number> };
type Stores = { readonly search: SearchStore; readonly history: History; readonly messages: PostgresMessageStore };

/** Everything on one connection, as one request after the other has it. */
function storesOn(pool: Pool): Stores {
  return { search: new SearchStore(pool), history: new History(pool), messages: new PostgresMessageStore({ pool, appendPool: pool }, 100) };
}

// As the server's pools have it.
types.setTypeParser(types.builtins.INT8, Number);

const words = vocabulary();
const lastSeqs = new Map<number, number>();

function anyOf(first: number, count: number, random: () => number): string {
  return words[first + Math.floor(random() * count)] ?? '';
}

function searching(name: string, userNo: number, query: (random: () => number) => string): Query {
  return {
    name: `search, user in ${name}`,
    run: async ({ search }, random) => (await search.find(userNo, { q: query(random), limit: PAGE })).messages.length,
  };
}

/** From the oldest third of the conversation. */
const deepSearch: Query = {
  name: 'search, user in the largest, common word, far back',
  run: async ({ search }, random) => {
    const until = 1_700_000_000_000 + Math.floor((random() * ENTRIES) / 3) * 1_000;
    return (await search.find(USER_OF_LARGEST, { q: anyOf(0, 10, random), limit: PAGE, until })).messages.length;
  },
};

function paging(name: string, page: (history: History, place: { readonly conversation: { conversationId: string; conversationNo: number }; readonly seq: number }) => Promise<readonly unknown[]>): Query {
  return {
    name: `history ${name}`,
    run: async ({ history }, random) => {
      const conversationNo = random() < 0.5 ? LARGEST : 1 + Math.floor(random() * CONVERSATIONS);
      const conversation = { conversationNo, conversationId: `room:r${String(conversationNo).padStart(11, '0')}` };
      const seq = 2 + Math.floor(random() * ((lastSeqs.get(conversationNo) ?? 0) - 3));
      return (await page(history, { conversation, seq })).length;
    },
  };
}

const queries: readonly Query[] = [
  searching('20 conversations, common word', USER_OF_TWENTY, (random) => anyOf(0, 10, random)),
  searching('20 conversations, rare word', USER_OF_TWENTY, (random) => anyOf(2_000, 1_000, random)),
  searching('the largest, common word', USER_OF_LARGEST, (random) => anyOf(0, 10, random)),
  searching('the largest, usual word', USER_OF_LARGEST, (random) => anyOf(100, 400, random)),
  searching('the largest, rare word', USER_OF_LARGEST, (random) => anyOf(2_000, 1_000, random)),
  searching('the largest, common and rare word', USER_OF_LARGEST, (random) => `${anyOf(0, 10, random)} ${anyOf(2_000, 1_000, random)}`),
  deepSearch,
  paging('before', (history, { conversation, seq }) => history.page(conversation, { readFrom: 0, before: seq, limit: PAGE })),
  paging('after', (history, { conversation, seq }) => history.page(conversation, { readFrom: 0, after: seq, limit: PAGE })),
  paging('around', (history, { conversation, seq }) => history.around(conversation, 0, seq, PAGE)),
  {
    name: 'list of conversations',
    run: async ({ messages }, random) => {
      const userNo = random() < 0.5 ? USER_OF_TWENTY : 101 + Math.floor(random() * 1_900);
      return (await messages.summaries({ userNo, userId: `user${userNo}` }, undefined, PAGE)).page.length;
    },
  },
];

async function measure(stores: Stores, { name, run }: Query): Promise<void> {
  const random = randomFrom(11);
  const times: number[] = [];
  let found = 0;
  for (let i = 0; i < QUERIES; i++) {
    const began = performance.now();
    found += await run(stores, random);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN).toFixed(1).padStart(8);
  console.log(`${name.padEnd(56)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   most ${at(1)} ms   found ${(found / QUERIES).toFixed(1).padStart(5)}`);
  if (found === 0) throw new Error(`${name}: nothing was found.`);
}

/** Has PostgreSQL tell the plan of every statement that runs on this connection. */
async function explain(url: string): Promise<void> {
  const explaining = new URL(url);
  const settings = ['log_min_duration=0', 'log_analyze=on', 'log_buffers=on', 'log_timing=off'].map((setting) => `-c auto_explain.${setting}`);
  explaining.searchParams.set('options', `-c session_preload_libraries=auto_explain -c client_min_messages=log ${settings.join(' ')}`);
  const pool = new Pool({ connectionString: explaining.href, max: 1 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('notice', ({ message }) => console.log(message?.replace(/\d{4,}(,-?\d+){20,}/g, '…'))));
  try {
    for (const { name, run } of queries) {
      console.log(`\n=== ${name}`);
      await run(storesOn(pool), randomFrom(11));
    }
  } finally {
    await pool.end();
  }
}

const postgres = await startPostgres({ settings: { fsync: 'off', max_wal_size: '4GB' } });
const database = await createTestDatabase(postgres.url);
const pool = new Pool({ connectionString: database.url, max: 1 });
pool.on('error', () => undefined); // PostgreSQL is stopped while it closes
try {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await fillForSearch(client, ENTRIES, words);
  const { rows } = await client.query<{ no: number; last: number }>('select conversation_no as no, last_seq as last from conversations');
  for (const { no, last } of rows) lastSeqs.set(no, last);
  const { rows: sizes } = await client.query<{ name: string; size: string }>(
    `select relname as name, pg_size_pretty(pg_relation_size(oid)) as size from pg_class
     where relname ~ '^(entries|search_texts)' and relkind in ('r', 'i') order by relname`,
  );
  await client.end();
  console.log(`${ENTRIES} entries, the largest conversation has ${lastSeqs.get(LARGEST)}; ${sizes.map(({ name, size }) => `${name} ${size}`).join(', ')}`);
  for (const query of queries) await measure(storesOn(pool), query);
  await explain(database.url);
} finally {
  await pool.end();
  await postgres.stop();
}
