import type { Client } from 'pg';
import { randomFrom } from '../conversations/random.fixture.ts';
import { folded, pairsOf } from './search-text.ts';

const WORDS = 3_000;
const WORDS_OF_A_MESSAGE = 8;
const ENTRIES_AT_A_TIME = 100_000;
const USERS = 2_000;

/** `room:` ids are made of these numbers. The first three hold a fifth and two twentieths of all entries. */
export const CONVERSATIONS = 2_000;
export const LARGEST = 1;

/** User numbers: in twenty usual conversations, and in the largest one. */
export const USER_OF_TWENTY = 1;
export const USER_OF_LARGEST = 2;

const ENDINGS = ['', '', '이', '을', '에서', '으로', '했어요'];

/** Words from the commonest to the rarest, Korean and English in turn; every Korean one with an ending as they have. */
export function vocabulary(): readonly string[] {
  const random = randomFrom(7);
  const pick = (count: number): number => Math.floor(random() * count);
  const words = new Set<string>();
  while (words.size < WORDS) {
    const korean = words.size % 2 === 0;
    const length = korean ? 2 + pick(2) : 3 + pick(6);
    const stem = Array.from({ length }, () => String.fromCodePoint(korean ? 0xac00 + pick(400) * 28 : 0x61 + pick(26))).join('');
    words.add(folded(korean ? stem + (ENDINGS[pick(ENDINGS.length)] ?? '') : stem));
  }
  return [...words];
}

/** Word 0 is in nearly every second message, the last ones in one of a thousand. */
const CHUNK = `
with raw as materialized (
  select n, case when n % 5 = 0 then 1 when n % 20 = 1 then 2 when n % 20 = 2 then 3
                 else 4 + (n::bigint * 7919 % ${CONVERSATIONS - 3})::integer end as conversation_no
  from generate_series($1::integer, $2::integer) n
), drawn as materialized (
  select n, k, floor(${WORDS} * power(random(), 3))::integer as word from generate_series($1::integer, $2::integer) n, generate_series(1, ${WORDS_OF_A_MESSAGE}) k
), texts as (
  select d.n, string_agg(w.text, ' ' order by d.k) as text from drawn d join bench_words w using (word) group by d.n
), pairs as (
  select d.n, array_agg(distinct p.pair) as pairs from drawn d join bench_pairs p using (word) group by d.n
), placed as (
  select r.conversation_no, c.last_seq + row_number() over (partition by r.conversation_no order by r.n) as seq,
         (r.conversation_no * 13 + r.n % 10) % ${USERS - 100} + 101 as sender_no,
         1700000000000 + r.n::bigint * 1000 as sent_at, r.n, t.text, p.pairs
  from raw r join conversations c using (conversation_no) join texts t using (n) join pairs p using (n)
), stored as (
  insert into entries (conversation_no, seq, sender_no, type, sent_at, key, message)
  select conversation_no, seq, sender_no, 1, sent_at, 's' || n, text from placed order by n
), searched as (
  insert into search_texts (conversation_no, seq, sender_no, sent_at, text, pairs)
  select conversation_no, seq, sender_no, sent_at, text, pairs from placed order by n
)
update conversations c set last_seq = p.seq, last_chat_seq = p.seq
from (select conversation_no, max(seq) as seq from placed group by conversation_no) p where c.conversation_no = p.conversation_no`;

/** Conversations with ten members each and so many entries in all. */
export async function fillForSearch(client: Client, entries: number, words: readonly string[]): Promise<void> {
  await client.query(`create unlogged table bench_words (word integer primary key, text text collate "C");
    create unlogged table bench_pairs (word integer, pair integer); select setseed(0.5)`);
  await client.query('insert into bench_words select n - 1, text from unnest($1::text[]) with ordinality as w(text, n)', [words]);
  const pairs = words.flatMap((text, word) => pairsOf(text).map((pair) => ({ word, pair })));
  // Pairs do not go over spaces: those of a message are those of its words.
  await client.query('insert into bench_pairs select * from unnest($1::integer[], $2::integer[])', [pairs.map(({ word }) => word), pairs.map(({ pair }) => pair)]);
  await client.query(`
    insert into users (id, display_name, search_name) select 'user' || n, 'User ' || n, 'user ' || n from generate_series(1, ${USERS}) n;
    insert into conversations (id) select 'room:r' || lpad(n::text, 11, '0') from generate_series(1, ${CONVERSATIONS}) n;
    insert into rooms (conversation_no, room_id, name, search_name, visibility, history, members, created_by)
      select n, 'r' || lpad(n::text, 11, '0'), 'Room ' || n, 'room ' || n, 1, 1, 10, 101 from generate_series(1, ${CONVERSATIONS}) n;
    insert into members (user_no, conversation_no, joined_at)
      select (c * 13 + n) % ${USERS - 100} + 101, c, 1 from generate_series(1, ${CONVERSATIONS}) c, generate_series(0, 9) n
      union all select ${USER_OF_TWENTY}, c, 1 from generate_series(101, 120) c
      union all select ${USER_OF_LARGEST}, ${LARGEST}, 1;
    analyze bench_words; analyze bench_pairs`);
  for (let first = 1; first <= entries; first += ENTRIES_AT_A_TIME) {
    await client.query(CHUNK, [first, Math.min(entries, first + ENTRIES_AT_A_TIME - 1)]);
  }
  await client.query(`
    update members m set read_seq = greatest(0, c.last_seq - 7), delivered_seq = c.last_seq from conversations c where c.conversation_no = m.conversation_no;
    insert into search_progress (conversation_no, seq) select conversation_no, last_seq from conversations`);
  await client.query('vacuum analyze');
}
