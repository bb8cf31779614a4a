import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, openTestStore, type TestDatabase, type TestStore } from '../testing/test-database.ts';
import { clientKey, type Conversation, type OpenConversation } from './log-entry.ts';
import { StoreUnavailable, type Appended, type MessageStore, type NewEntry, type UserRef } from './message-store.port.ts';

/** What every message store promises. Each test has conversations of its own. */
export function describeMessageStore(name: string, serverUrl: () => string): void {
  describe(`message store on ${name}`, () => {
    let database: TestDatabase;
    let one: TestStore;
    let other: TestStore;
    let store: MessageStore;
    let users = 0;

    beforeAll(async () => {
      database = await createTestDatabase(serverUrl());
      one = openTestStore(database.url);
      other = openTestStore(database.url);
      store = one.store;
    });
    afterAll(async () => {
      await Promise.all([one.close(), other.close()]);
      await database.drop();
    });

    async function pair(): Promise<{ a: UserRef; b: UserRef; conversation: OpenConversation }> {
      const number = ++users;
      const [a, b] = [await one.addUser(`a-${number}`), await one.addUser(`b-${number}`)];
      const conversation = await store.openDirect(a, b.userId);
      if (conversation === undefined) throw new Error('no conversation');
      return { a, b, conversation };
    }

    test('[A1] numbers a batch without a gap, each conversation by itself, in the order given', async () => {
      const x = await pair();
      const y = await pair();
      const batch = [entry(x, 'x1'), entry(y, 'y1'), entry(x, 'x2'), entry(y, 'y2'), entry(x, 'x3')];
      const first = await append(store, batch);
      expect(first.map((one) => one.seq)).toEqual([1, 1, 2, 2, 3]);
      const second = await append(store, [entry(y, 'y3'), entry(x, 'x4')]);
      expect(second.map((one) => one.seq)).toEqual([3, 4]);
      expect(await texts(store, x.conversation)).toEqual(['x1', 'x2', 'x3', 'x4']);
    });

    test('[A3] a repeat of a batch stores nothing and answers the first places', async () => {
      const x = await pair();
      const batch = [entry(x, 'one'), entry(x, 'two')];
      const first = await append(store, batch);
      const again = await append(store, [...batch, entry(x, 'three')]);
      expect(again.map((one) => one.seq)).toEqual([1, 2, 3]);
      expect(again.map((one) => one.repeatOf?.message)).toEqual(['one', 'two', undefined]);
      expect(again.map((one) => one.sentAt).slice(0, 2)).toEqual(first.map((one) => one.sentAt));
      expect(await texts(store, x.conversation)).toEqual(['one', 'two', 'three']);
    });

    test('[A3] the same key twice in one batch is stored once', async () => {
      const x = await pair();
      const appended = await append(store, [entry(x, 'one'), entry(x, 'one'), entry(x, 'two')]);
      expect(appended.map((one) => one.seq)).toEqual([1, 1, 2]);
      expect(await texts(store, x.conversation)).toEqual(['one', 'two']);
    });

    test('[A3] the same key of two senders, and in two conversations, is two entries', async () => {
      const x = await pair();
      const swapped = { a: x.b, b: x.a, conversation: x.conversation };
      const y = await pair();
      const appended = await append(store, [entry(x, 'hi'), entry(swapped, 'hi'), entry(y, 'hi')]);
      expect(appended.map((one) => one.seq)).toEqual([1, 2, 1]);
    });

    test('[A2] two servers that append to the same conversations at once leave no gap and store no repeat twice', async () => {
      const pairs = await Promise.all(Array.from({ length: 6 }, () => pair()));
      const rounds = 25;
      const work = async (target: MessageStore, name: string): Promise<number> => {
        let stored = 0;
        for (let round = 0; round < rounds; round++) {
          // Every second round both send the same keys: one of them meets the other's.
          const text = round % 2 === 0 ? `${round}` : `${name} ${round}`;
          const batch = [...pairs].reverse().map((x) => entry(x, text));
          const appended = await append(target, name === 'left' ? batch : [...batch].reverse());
          stored += appended.filter((one) => one.repeatOf === undefined).length;
        }
        return stored;
      };
      const stored = await Promise.all([work(one.store, 'left'), work(other.store, 'right')]);
      const expected = pairs.length * (13 + 12 * 2);
      expect(stored[0] + stored[1]).toBe(expected);
      for (const x of pairs) {
        const [range] = await store.readRanges([{ ...x.conversation, after: 0, upTo: 1_000 }], 1_000);
        expect(range?.map((stored) => stored.seq)).toEqual(Array.from({ length: expected / pairs.length }, (_, i) => i + 1));
        expect(new Set(range?.map((stored) => stored.message)).size).toBe(expected / pairs.length);
      }
    });

    test('[A6] an append that waits too long for a conversation gives up for good, and stores nothing', async () => {
      const x = await pair();
      const release = await one.lockConversation(x.conversation.conversationNo);
      const appended = await append(store, [entry(x, 'late')]).catch((error: unknown) => error);
      await release();
      expect(appended).toBeInstanceOf(StoreUnavailable);
      expect(appended).toMatchObject({ outcomeKnown: true });
      expect(await texts(store, x.conversation)).toEqual([]);
      expect((await append(store, [entry(x, 'next')])).map((one) => one.seq)).toEqual([1]);
    });

    test('keeps texts as they are: quotes, backslashes, commas, braces, NULL, Korean, emoji', async () => {
      const x = await pair();
      const nasty = ['"', '\\', '{a,b}', 'NULL', "'; drop table entries; --", '안녕하세요', '👩‍👩‍👧', '<script>', 'a\nb\r\tc'];
      await append(store, nasty.map((text, i) => entry(x, text, `k${i}`)));
      expect(await texts(store, x.conversation)).toEqual(nasty);
    });

    test('openDirect makes one conversation however many ask at once, and none with nobody', async () => {
      const [a, b] = [await one.addUser('open-a'), await one.addUser('open-b')];
      const opened = await Promise.all([
        ...Array.from({ length: 5 }, () => one.store.openDirect(a, b.userId)),
        ...Array.from({ length: 5 }, () => other.store.openDirect(b, a.userId)),
      ]);
      expect(new Set(opened.map((conversation) => conversation?.conversationNo)).size).toBe(1);
      expect(opened[0]?.conversationId).toBe('direct:open-a:open-b');
      expect(await store.openDirect(a, 'nobody-at-all')).toBeUndefined();
      const self = await store.openDirect(a, a.userId);
      expect(self?.conversationId).toBe('direct:open-a:open-a');
    });

    test('readRanges pages by seq and keeps the order of the ranges', async () => {
      const x = await pair();
      const y = await pair();
      await append(store, ['1', '2', '3', '4', '5'].map((text) => entry(x, text)));
      await append(store, [entry(y, 'only')]);
      const ranges = await store.readRanges(
        [
          { ...y.conversation, after: 0, upTo: 9 },
          { ...x.conversation, after: 1, upTo: 4 },
          { ...x.conversation, after: 5, upTo: 9 },
        ],
        2,
      );
      expect(ranges.map((range) => range.map((stored) => stored.message))).toEqual([['only'], ['2', '3'], []]);
      expect(ranges[1]?.[0]).toMatchObject({ from: x.a.userId, seq: 2, type: 'CHAT', conversationId: x.conversation.conversationId });
    });

    test('summaries list conversations newest first with unread counts, paged', async () => {
      const me = await one.addUser('sum-me');
      const peers = [await one.addUser('sum-1'), await one.addUser('sum-2'), await one.addUser('sum-3')];
      for (const peer of peers) {
        const conversation = await store.openDirect(peer, me.userId);
        if (conversation === undefined) throw new Error('no conversation');
        await append(store, [entry({ a: peer, conversation }, 'one'), entry({ a: peer, conversation }, 'two'), entry({ a: me, conversation }, 'mine')]);
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      const first = await store.summaries(me, undefined, 2);
      expect(first.page.map((summary) => [summary.to, summary.unread, summary.last?.message, summary.name])).toEqual([
        ['sum-3', 2, 'mine', 'sum-3'],
        ['sum-2', 2, 'mine', 'sum-2'],
      ]);
      const second = await store.summaries(me, first.next, 2);
      expect(second.page.map((summary) => summary.to)).toEqual(['sum-1']);
      expect(second.next).toBeUndefined();
    });

    test('of long texts fewer come at once, and all of them one page after the other', async () => {
      const x = await pair();
      const long = '가'.repeat(30_000);
      await append(store, Array.from({ length: 12 }, (_, i) => entry(x, long, `long ${i}`)));
      const pages: number[] = [];
      for (let after = 0; after < 12; ) {
        const [page = []] = await store.readRanges([{ ...x.conversation, after, upTo: 12 }], 200);
        pages.push(page.length);
        expect(page.map(({ seq }) => seq)).toEqual(page.map((_, i) => after + 1 + i));
        after = page.at(-1)?.seq ?? Infinity;
      }
      expect(pages).toEqual([3, 3, 3, 3]);
    });

    test('a stranger finds no conversation of others', async () => {
      const x = await pair();
      const stranger = await one.addUser('stranger');
      expect(await store.findForMember(x.conversation.conversationId, x.b.userNo)).toEqual({ ...x.conversation, member: true, readFrom: 0 });
      expect(await store.findForMember(x.conversation.conversationId, stranger.userNo)).toBeUndefined();
    });
  });
}

function entry(x: { readonly a: UserRef; readonly conversation: OpenConversation }, message: string, key = message): NewEntry {
  return {
    conversation: x.conversation,
    senderNo: x.a.userNo,
    from: x.a.userId,
    type: 'CHAT',
    key: clientKey(key),
    message,
    details: null,
  };
}

/** For batches of which nothing is refused. */
async function append(store: MessageStore, batch: readonly NewEntry[]): Promise<readonly Appended[]> {
  return (await store.append(batch)).map((answer) => {
    if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
    return answer;
  });
}

async function texts(store: MessageStore, conversation: Conversation): Promise<(string | null)[]> {
  const [range] = await store.readRanges([{ ...conversation, after: 0, upTo: 1_000_000 }], 1_000);
  return (range ?? []).map((stored) => stored.message);
}
