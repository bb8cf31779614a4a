import { directConversationId, roomConversationId } from '@chat/protocol';
import { describe, expect, inject, test } from 'vitest';
import { ConversationBook } from './conversation-book.ts';
import { MembershipWorld } from './membership.fixture.ts';

describe('conversation book on PostgreSQL', () => {
  const world = new MembershipWorld(() => inject('services').databaseUrl);
  const { user, room, join, leave, send } = world;
  const newBook = (): ConversationBook => new ConversationBook(world.one.store);

  test('remembers a room for the member who opened it, and for nobody else', async () => {
    const book = newBook();
    const x = await room();
    const anna = await user();
    const { conversationId } = x.conversation;
    expect(book.known(conversationId, x.owner)).toBeUndefined();
    expect(await book.open(conversationId, x.owner)).toEqual(x.conversation);
    expect(book.known(conversationId, x.owner)).toEqual(x.conversation);
    expect(book.known(conversationId, anna)).toBeUndefined();
    await expect(book.open(conversationId, anna)).rejects.toMatchObject({ code: 'forbidden' });
    expect(book.known(conversationId, anna)).toBeUndefined();
    await join(anna, x);
    expect(await book.open(conversationId, anna)).toEqual(x.conversation);
  });

  test('a private room, one that there is not, and one that was left all answer the same', async () => {
    const book = newBook();
    const x = await room({ visibility: 'private' });
    const [anna, stranger] = [await user(), await user()];
    await join(anna, x, x.owner);
    await leave(anna, x);
    const refusals = await Promise.all(
      [
        book.open(x.conversation.conversationId, stranger),
        book.open(x.conversation.conversationId, anna),
        book.open(roomConversationId('roomnowhere1'), stranger),
        book.openToRepeat(x.conversation.conversationId, stranger),
      ].map((opening) => opening.catch((error: unknown) => error)),
    );
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'not-found' });
    expect(new Set(refusals.map((refusal) => (refusal instanceof Error ? refusal.message : 'none'))).size).toBe(1);
  });

  test('[A4] who left, and who is in an archived room, may still repeat: the room is not remembered for them', async () => {
    const book = newBook();
    const x = await room();
    const anna = await user();
    const { conversationId } = x.conversation;
    await join(anna, x);
    await leave(anna, x);
    expect(await book.openToRepeat(conversationId, anna)).toMatchObject({ conversationId, writing: 'not-member' });
    await expect(book.open(conversationId, anna)).rejects.toMatchObject({ code: 'forbidden' });
    await world.one.memberships.archive(x.roomId, x.owner, true);
    expect(await book.openToRepeat(conversationId, x.owner)).toMatchObject({ writing: 'archived' });
    await expect(book.open(conversationId, x.owner)).rejects.toMatchObject({ code: 'forbidden' });
    expect([anna, x.owner].map((who) => book.known(conversationId, who))).toEqual([undefined, undefined]);
  });

  test('takes over what the store found out about a writer', async () => {
    const book = newBook();
    const x = await room();
    const [anna, ben] = [await user(), await user()];
    const { conversation } = x;
    for (const who of [anna, ben]) await join(who, x);
    const seen = await book.open(conversation.conversationId, anna);
    await leave(ben, x);
    const answer = await send(anna, seen, 'with the version from before');
    expect(answer).toMatchObject({ leaveVersion: 1 });
    book.onWriter({ conversation, senderNo: anna.userNo }, 1);
    expect(book.known(conversation.conversationId, anna)).toEqual({ ...conversation, leaveVersion: 1 });
    book.onWriter({ conversation, senderNo: anna.userNo }, undefined);
    expect(book.known(conversation.conversationId, anna)).toBeUndefined();
  });

  test('direct conversations are known to the two who are in them', async () => {
    const book = newBook();
    const [anna, ben, stranger] = [await user(), await user(), await user()];
    const conversationId = directConversationId(anna.userId, ben.userId);
    const direct = await book.open(conversationId, anna);
    expect([anna, ben].map((who) => book.known(conversationId, who))).toEqual([direct, direct]);
    expect(book.known(conversationId, stranger)).toBeUndefined();
    await expect(book.open(conversationId, stranger)).rejects.toMatchObject({ code: 'not-found' });
    // Nobody leaves a direct conversation: what is said of writers is not about it.
    book.onWriter({ conversation: direct, senderNo: anna.userNo }, undefined);
    expect(book.known(conversationId, anna)).toEqual(direct);
  });
});
