import { startPostgres, type Service } from '@chat/services';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { SearchIndexer } from './search-indexer.ts';
import { isSearchable, SearchStore, type SearchQuery } from './search-store.ts';
import { folded, pairsOf, wordsOf } from './search-text.ts';

test('texts are compared without regard to case, width and how Hangul is composed', () => {
  expect(folded('ＨｅＬＬＯ 부하시험'.normalize('NFD'))).toBe('hello 부하시험');
  expect(wordsOf('  Load  부하 load ')).toEqual(['load', '부하']);
});

test('pairs do not go over spaces, and a word has the pairs of its parts', () => {
  expect(pairsOf('ab cd')).toHaveLength(2);
  const inWord = new Set(pairsOf('부하시험을'));
  expect(pairsOf('시험').every((pair) => inWord.has(pair))).toBe(true);
});

test('what can be looked for', () => {
  expect(['부하', 'ok', 'a bc', '👍👍'].map(isSearchable)).toEqual([true, true, true, true]);
  expect(['a', ' ', 'a b', 'a1 b2 c3 d4 e5 f6 g7 h8 i9'].map(isSearchable)).toEqual([false, false, false, false]);
});

let distribution: Service;
beforeAll(async () => {
  distribution = await startPostgres({ distribution: true });
});
afterAll(() => distribution.stop());

const servers = [
  ['the embedded PostgreSQL', () => inject('services').databaseUrl],
  ["the distribution's PostgreSQL", () => distribution.url],
] as const;

describe.each(servers)('search on %s', (_name, serverUrl) => {
  let database: TestDatabase;
  let pool: Pool;
  let search: SearchStore;
  let indexer: SearchIndexer;
  const defects: unknown[] = [];
  const users: Record<string, number> = {};

  beforeAll(async () => {
    database = await createTestDatabase(serverUrl());
    pool = new Pool({ connectionString: database.url, max: 3 });
    pool.on('error', () => undefined); // the database is dropped under it at the end
    search = new SearchStore(pool);
    indexer = new SearchIndexer({ pool, onDefect: (error) => defects.push(error) });
    for (const id of ['anna', 'ben', 'carl']) {
      const { rows } = await pool.query<{ user_no: number }>('insert into users (id, display_name, search_name) values ($1, $1, $1) returning user_no', [id]);
      users[id] = rows[0]?.user_no ?? 0;
    }
  });
  afterAll(async () => {
    await indexer.stop();
    await pool.end();
    await database.drop();
    expect(defects).toEqual([]);
  });

  async function conversation(id: string, members: Record<string, number>): Promise<number> {
    const { rows } = await pool.query<{ no: number }>('insert into conversations (id) values ($1) returning conversation_no as no', [id]);
    const no = rows[0]?.no ?? 0;
    for (const [userId, joinedSeq] of Object.entries(members)) {
      await pool.query('insert into members (user_no, conversation_no, joined_seq) values ($1, $2, $3)', [users[userId], no, joinedSeq]);
    }
    return no;
  }

  async function append(no: number, from: string, message: string, more: { type?: number; details?: object; sentAt?: number } = {}): Promise<void> {
    await pool.query(
      `with moved as (update conversations set last_seq = last_seq + 1 where conversation_no = $1 returning last_seq)
       insert into entries (conversation_no, seq, sender_no, type, sent_at, key, message, details)
       select $1, last_seq, $2, $3::smallint, coalesce($4::bigint, now_ms()), 's' || last_seq, $5, $6::jsonb from moved`,
      [no, users[from], more.type ?? 1, more.sentAt ?? null, message, more.details === undefined ? null : JSON.stringify(more.details)],
    );
  }

  async function indexed(no: number): Promise<void> {
    indexer.note([{ conversationNo: no }]);
    await expect.poll(async () => {
      const { rows } = await pool.query<{ behind: number }>(
        'select (c.last_seq - coalesce(p.seq, 0))::integer as behind from conversations c left join search_progress p using (conversation_no) where c.conversation_no = $1',
        [no],
      );
      return rows[0]?.behind;
    }, { timeout: 10_000 }).toBe(0);
  }

  async function found(userId: string, q: string, more: Partial<SearchQuery> = {}): Promise<string[]> {
    const { messages } = await search.find(users[userId] ?? 0, { q, limit: 50, ...more });
    return messages.map((message) => message.message);
  }

  test('Korean words inside longer ones, English in any case, all words of the query', async () => {
    const no = await conversation('direct:anna:ben', { anna: 0, ben: 0 });
    for (const text of ['오늘 부하시험을 다시 돌려요', 'The LOAD test is green', '하부 구조', 'load 부하']) await append(no, 'ben', text);
    await indexed(no);
    expect(await found('anna', '부하')).toEqual(['load 부하', '오늘 부하시험을 다시 돌려요']);
    expect(await found('anna', '시험')).toEqual(['오늘 부하시험을 다시 돌려요']);
    expect(await found('anna', 'Load')).toEqual(['load 부하', 'The LOAD test is green']);
    expect(await found('anna', '부하 load')).toEqual(['load 부하']);
    expect(await found('carl', 'load')).toEqual([]);
  });

  test('an underscore and a per cent sign stand for themselves', async () => {
    const no = await conversation('direct:anna:carl', { anna: 0, carl: 0 });
    for (const text of ['100% sure', '1000 sure', 'a_b', 'axb', 'back\\slash']) await append(no, 'carl', text);
    await indexed(no);
    expect(await found('carl', '0%')).toEqual(['100% sure']);
    expect(await found('carl', 'a_b')).toEqual(['a_b']);
    expect(await found('carl', 'k\\s')).toEqual(['back\\slash']);
  });

  test('an edited message is found by its new text, a deleted one no more', async () => {
    const no = await conversation('direct:ben:carl', { ben: 0, carl: 0 });
    await append(no, 'ben', 'first wording');
    await append(no, 'ben', 'going away');
    await indexed(no);
    await append(no, 'ben', 'second wording', { type: 4, details: { target: 1 } });
    await append(no, 'ben', '', { type: 5, details: { target: 2 } });
    await indexed(no);
    expect(await found('carl', 'second')).toEqual(['first wording']); // as stored: history applies the edit
    expect(await found('carl', 'first')).toEqual([]);
    expect(await found('carl', 'going')).toEqual([]);
  });

  test('by conversation, sender and time, in pages', async () => {
    const no = await conversation('direct:carl:carl', { carl: 0 });
    for (let i = 1; i <= 5; i++) await append(no, 'carl', `page ${i}`, { sentAt: i * 1_000 });
    await indexed(no);
    expect(await found('carl', 'page', { conversationId: 'direct:carl:carl' })).toHaveLength(5);
    expect(await found('carl', 'page', { conversationId: 'direct:ben:carl' })).toEqual([]);
    expect(await found('carl', 'page', { from: 'ben' })).toEqual([]);
    expect(await found('carl', 'page', { since: 2_000, until: 4_000 })).toEqual(['page 3', 'page 2']);
    const first = await search.find(users['carl'] ?? 0, { q: 'page', limit: 3 });
    expect(first.messages.map((message) => message.message)).toEqual(['page 5', 'page 4', 'page 3']);
    expect(await found('carl', 'page', { limit: 3, before: first.next })).toEqual(['page 2', 'page 1']);
  });

  test('a word that a conversation holds very often is found beside rare ones, newest first, page by page', async () => {
    const often = await conversation('direct:ben:dora', { ben: 0 });
    const seldom = await conversation('direct:ben:emil', { ben: 0 });
    await pool.query(
      `insert into entries (conversation_no, seq, sender_no, type, sent_at, key, message)
       select $1, n, $2, 1, n / 2, 's' || n, case when n > 1200 or n % 3 = 0 then 'other' else 'often ' || n end from generate_series(1, 2400) n`,
      [often, users['ben']],
    );
    await pool.query('update conversations set last_seq = 2400 where conversation_no = $1', [often]);
    for (const at of [5, 590, 595, 700]) await append(seldom, 'ben', `often, seldom ${at}`, { sentAt: at });
    await indexed(often);
    await indexed(seldom);
    const { rows } = await pool.query<{ message: string }>(
      `select message from entries where conversation_no = any($1) and message like '%often%' order by sent_at desc, conversation_no desc, seq desc`,
      [[often, seldom]],
    );
    const expected = rows.map((row) => row.message);
    expect(expected).toHaveLength(804);
    const pages: string[] = [];
    for (let before: SearchQuery['before']; ; ) {
      const { messages, next } = await search.find(users['ben'] ?? 0, { q: 'often', limit: 90, ...(before === undefined ? {} : { before }) });
      pages.push(...messages.map((message) => message.message));
      if (next === undefined) break;
      before = next;
    }
    expect(pages).toEqual(expected);
    expect(await found('ben', 'often', { since: 100, until: 102 })).toEqual(['often 203', 'often 202', 'often 200']);
  });

  test('what was said in a private room before joining is not found, nor after leaving', async () => {
    const no = await conversation('room:abcdefgh', { anna: 0, ben: 2 });
    await pool.query(`insert into rooms (conversation_no, room_id, name, search_name, visibility, history, created_by) values ($1, 'abcdefgh', 'r', 'r', 2, 2, $2)`, [no, users['anna']]);
    for (const text of ['secret one', 'secret two', 'secret three']) await append(no, 'anna', text);
    await indexed(no);
    expect(await found('anna', 'secret')).toHaveLength(3);
    expect(await found('ben', 'secret')).toEqual(['secret three']);
    await pool.query('update members set left_seq = 3, left_at = 1 where conversation_no = $1 and user_no = $2', [no, users['ben']]);
    expect(await found('ben', 'secret')).toEqual([]);
  });

  test('what was left behind is taken over by the sweep of a server that starts', async () => {
    const no = await conversation('direct:anna:anna', { anna: 0 });
    await append(no, 'anna', 'left behind');
    const other = new SearchIndexer({ pool, onDefect: (error) => defects.push(error) });
    other.start();
    await expect.poll(() => found('anna', 'behind'), { timeout: 10_000 }).toEqual(['left behind']);
    await other.stop();
  });
});
