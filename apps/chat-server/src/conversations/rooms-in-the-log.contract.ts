import type { ConversationSummary } from '@chat/protocol';
import { describe, expect, test } from 'vitest';
import { clientKey, toChatMessage, toLogEntry, type EntryContent } from './log-entry.ts';
import { MembershipWorld, opened } from './membership.fixture.ts';
import type { ListPosition, NewEntry, UserRef } from './message-store.port.ts';

const DAY_MS = 86_400_000;

/** What every message store promises of rooms. */
export function describeRoomsInTheLog(name: string, serverUrl: () => string): void {
  describe(`rooms in the message store on ${name}`, () => {
    const world = new MembershipWorld(serverUrl);
    const { user, room, join, leave, send } = world;

    test('the log of a room ends with the LEAVE for who left it within a day, unless somebody asked for is in it', async () => {
      const x = await room();
      const [anna, ben] = [await user(), await user()];
      const ends = async (...people: readonly UserRef[]) =>
        (await world.one.store.lastSeqs(people.map(({ userNo }) => userNo))).map(({ lastSeq, leftSeq }) => ({ lastSeq, leftSeq }));
      await join(anna, x);
      await join(ben, x);
      expect(await ends(anna, ben)).toEqual([{ lastSeq: 3, leftSeq: null }]);
      await leave(anna, x);
      await send(x.owner, x.conversation, 'after her');
      expect(await ends(anna)).toEqual([{ lastSeq: 5, leftSeq: 4 }]);
      expect(await ends(anna, ben)).toEqual([{ lastSeq: 5, leftSeq: null }]);
      await leave(ben, x);
      expect(await ends(anna, ben)).toEqual([{ lastSeq: 6, leftSeq: 6 }]);
      const [{ conversationNo }] = [x.conversation];
      await world.sql('update members set left_at = left_at - $2 where conversation_no = $1', [conversationNo, DAY_MS]);
      expect(await ends(anna, ben)).toEqual([]);
      await join(anna, x);
      expect(await ends(anna, ben)).toEqual([{ lastSeq: 7, leftSeq: null }]);
    });

    test('pages of conversations hold rooms and direct ones once each, the newest first, also at one and the same time', async () => {
      const [anna, ben] = [await user(), await user()];
      const rooms = [];
      for (let i = 0; i < 5; i++) rooms.push(await room({ history: i % 2 === 0 ? 'all' : 'joined' }));
      const written = rooms.slice(0, 2);
      for (const x of written) await send(x.owner, x.conversation, 'before her');
      for (const x of rooms) await join(anna, x);
      const direct = await world.one.store.openDirect(ben, anna.userId);
      if (direct === undefined) throw new Error('no conversation');
      await send(ben, direct, 'hi');
      await world.sql('update members set joined_at = 5000 where user_no = $1 and joined_at is not null', [anna.userNo]);
      await world.sql(`update entries set sent_at = 5000 where type = 1 and conversation_no = any($1)`, [[...written.map((x) => x.conversation.conversationNo), direct.conversationNo]]);
      const [last] = rooms;
      if (last !== undefined) await send(last.owner, last.conversation, 'now');

      const [whole] = await pages(anna, 50);
      expect(whole?.map(({ conversationId }) => conversationId)).toEqual(
        [last?.conversation, direct, ...rooms.slice(1).reverse().map((x) => x.conversation)].map((conversation) => conversation?.conversationId),
      );
      // The room that shows nothing from before she came has no last message, though it was written to.
      expect(whole?.map((summary) => summary.last?.message)).toEqual(['now', 'hi', undefined, undefined, undefined, undefined]);
      expect(whole?.map((summary) => summary.joinedAt)).toEqual([5000, undefined, 5000, 5000, 5000, 5000]);
      for (const size of [1, 2, 3, 5]) {
        const divided = await pages(anna, size);
        expect(divided.map((page) => page.length)).toEqual(Array.from(divided, (_, i) => Math.min(size, 6 - i * size)));
        expect(divided.flat()).toEqual(whole);
      }
    });

    async function pages(who: UserRef, size: number): Promise<ConversationSummary[][]> {
      const all: ConversationSummary[][] = [];
      for (let before: ListPosition | undefined; ; ) {
        const { page, next } = await world.one.store.summaries(who, before, size);
        if (page.length > 0) all.push([...page]);
        if (next === undefined) return all;
        before = next;
      }
    }

    test('every type of entry comes back as it is delivered, and who did it to another is named', async () => {
      const x = await room({ visibility: 'private' });
      const anna = await user();
      await join(anna, x, x.owner);
      const conversation = await opened(world.one, x.roomId, anna);
      const contents: readonly EntryContent[] = [
        { type: 'CHAT', message: 'first', details: null },
        { type: 'CHAT', message: 'second', details: { replyTo: 3 } },
        { type: 'EDIT', message: 'the first', details: { target: 3, mentions: [x.owner.userId] } },
        { type: 'REACTION', message: null, details: { target: 3, emoji: '👍', on: true } },
        { type: 'REACTION', message: null, details: { target: 3, emoji: '👍', on: false } },
        { type: 'DELETE', message: null, details: { target: 4 } },
      ];
      const batch = contents.map((content, i): NewEntry => ({ ...content, conversation, senderNo: anna.userNo, from: anna.userId, key: clientKey(`n${i}`) }));
      expect(await world.one.store.append(batch)).toMatchObject(contents.map((_, i) => ({ seq: i + 3 })));
      await leave(anna, x, x.owner);

      const [stored = []] = await world.one.store.readRanges([{ ...conversation, after: 0, upTo: 100 }], 100);
      const common = { conversationId: conversation.conversationId, roomId: x.roomId };
      const [from, owner] = [anna.userId, x.owner.userId];
      const expected = [
        { type: 'JOIN', seq: 1, from: owner },
        { type: 'JOIN', seq: 2, from, by: owner },
        { type: 'CHAT', seq: 3, from, message: 'first', clientId: 'n0' },
        { type: 'CHAT', seq: 4, from, message: '', clientId: 'n1', deleted: true },
        { type: 'EDIT', seq: 5, from, message: 'the first', clientId: 'n2', target: 3, mentions: [owner] },
        { type: 'REACTION', seq: 6, from, clientId: 'n3', target: 3, emoji: '👍', on: true },
        { type: 'REACTION', seq: 7, from, clientId: 'n4', target: 3, emoji: '👍', on: false },
        { type: 'DELETE', seq: 8, from, clientId: 'n5', target: 4 },
        { type: 'LEAVE', seq: 9, from, by: owner },
      ];
      expect(stored.map((entry) => ({ ...toChatMessage(entry), id: undefined, sentAt: undefined }))).toEqual(
        expected.map((message) => ({ ...common, ...message, id: undefined, sentAt: undefined })),
      );
      expect(stored.map((entry) => toLogEntry(entry)).map(({ type, seq, from }) => ({ type, seq, from }))).toEqual(
        expected.map(({ type, seq, from }) => ({ type, seq, from })),
      );
    });
  });
}
