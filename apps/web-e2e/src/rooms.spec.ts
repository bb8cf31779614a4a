// Rooms of people who are on two servers.
import { expect, test } from './chat-test.ts';
import type { ChatWindow } from './pages/chat-window.ts';
import { MessageMenu } from './pages/message-menu.ts';
import { RoomActions } from './pages/room-actions.ts';
import { newPerson } from './person.ts';
import { register, ScriptedPerson } from './scripted-person.ts';
import { ScriptedRoom } from './scripted-room.ts';
import { twoPeople } from './two-people.ts';

async function sayAll(window: ChatWindow, texts: readonly string[]): Promise<void> {
  for (const text of texts) await window.say(text);
}

test('a public room is found by its name on the other server, joined, and shows the same log to both', async ({ cluster, openWindow }) => {
  const { anna, ben, annas, bens, roomName } = await twoPeople(cluster, openWindow);
  await new RoomActions(annas).create(roomName, 'public');
  await annas.say('Is anybody there?');

  await new RoomActions(bens).discover(roomName);
  await expect(bens.message('Is anybody there?')).toBeVisible();
  await expect(bens.composer).toHaveCount(0);
  await annas.say('Whoever looks sees this');
  await expect(bens.message('Whoever looks sees this')).toBeVisible();
  await new RoomActions(bens).join();
  for (const { page, words } of [annas, bens]) await expect(page.getByText(words.joined(ben.displayName), { exact: true })).toBeVisible();

  const said = { annas: ['one', 'two', 'three', 'four'], bens: ['eins', 'zwei', 'drei', 'vier'] };
  await Promise.all([sayAll(annas, said.annas), sayAll(bens, said.bens)]);
  const before = [annas.words.joined(anna.displayName), 'Is anybody there?', 'Whoever looks sees this', annas.words.joined(ben.displayName)];
  const all = [...before, ...said.annas, ...said.bens];
  for (const window of [annas, bens]) {
    await expect.poll(async () => (await window.log()).length).toBe(all.length);
    await expect(window.page.locator('[data-state="pending"], [data-state="failed"]')).toHaveCount(0);
  }
  const log = await annas.log();
  expect(await bens.log()).toEqual(log);
  expect(log.map((line) => Number(line.split(' ', 1)[0]))).toEqual(all.map((_, index) => index + 1));
  const texts = log.map((line) => line.slice(line.indexOf(' ') + 1));
  expect(texts.slice(0, before.length)).toEqual(before);
  for (const own of Object.values(said)) expect(texts.filter((text) => own.includes(text))).toEqual(own);
});

test('a link leads into a private room; whoever is removed from it sees and writes nothing more', async ({ cluster, openWindow }) => {
  const { anna, ben, annas, bens, conversation, roomName } = await twoPeople(cluster, openWindow);
  const room = await new RoomActions(annas).create(roomName, 'private');
  await annas.say('Before anybody came');
  const link = await new RoomActions(annas).inviteLink();
  expect([link.pathname, link.search]).toEqual(['/invite', '']);

  await bens.page.goto(`${link.pathname}${link.hash}`); // on the other server
  await expect(bens.page.getByText(bens.words.invitedBy(anna.displayName), { exact: true })).toBeVisible();
  await new RoomActions(bens).join();
  await annas.say('Welcome');
  await expect(bens.message('Welcome')).toBeVisible();
  await expect(bens.message('Before anybody came')).toHaveCount(0);
  await expect(bens.row(room)).toContainText(roomName);

  await new RoomActions(annas).remove(ben);
  await expect(bens.page.getByText(bens.words.notMember, { exact: true })).toBeVisible();
  await expect(bens.composer).toHaveCount(0);
  await expect(bens.row(room)).toHaveCount(0);
  await expect(annas.page.getByText(annas.words.removed(anna.displayName, ben.displayName), { exact: true })).toBeVisible();
  await annas.say('Among ourselves');
  await expect(annas.ownMessage('Among ourselves')).toHaveAttribute('data-state', 'stored');

  // What is said to him directly after it comes, so that what was not for him would have come before.
  await annas.startChatWith(ben);
  await annas.say('Sorry');
  await expect(bens.row(conversation)).toContainText('Sorry');
  await expect(bens.message('Welcome')).toBeVisible();
  await expect(bens.message('Among ourselves')).toHaveCount(0);
  await bens.page.reload();
  await expect(bens.page.getByText(bens.words.noSuchChat, { exact: true })).toBeVisible();
});

test('edits, replies, reactions and deletions are seen by the other at once; who has not read counts down', async ({ cluster, openWindow }) => {
  const { anna, ben, annas, bens, roomName } = await twoPeople(cluster, openWindow);
  const room = await new RoomActions(annas).create(roomName, 'private');
  await new RoomActions(annas).add(ben);
  await expect(bens.row(room)).toContainText(roomName);
  await annas.say('Helo');
  const notRead = annas.ownMessage('Helo').getByText(annas.words.notRead(1), { exact: true });
  await expect(notRead).toHaveCount(1);
  await bens.openChat(room);
  await expect(notRead).toHaveCount(0);
  await expect(bens.page.getByText(bens.words.broughtIn(anna.displayName, ben.displayName), { exact: true })).toBeVisible();

  await new MessageMenu(annas, annas.ownMessage('Helo')).edit('Hello');
  await expect(bens.message('Hello')).toContainText(bens.words.edited);
  await expect(bens.message('Helo')).toHaveCount(0);

  await new MessageMenu(bens, bens.message('Hello')).react('👍');
  const reaction = (window: ChatWindow, count: number, names: string) =>
    window.page.getByRole('button', { name: window.words.reactions('👍', count, names), exact: true });
  await reaction(annas, 1, ben.displayName).click();
  const both = `${ben.displayName}, ${anna.displayName}`;
  for (const window of [annas, bens]) await expect(reaction(window, 2, both)).toBeVisible();

  await new MessageMenu(bens, bens.message('Hello')).reply('Good morning');
  const reply = annas.page.locator('[data-own="false"]');
  await expect(reply).toContainText('Good morning');
  await expect(reply.getByRole('button', { name: 'Hello' })).toBeVisible(); // what it answers
  await new MessageMenu(bens, bens.page.locator('[data-own="true"]')).delete();
  await expect(reply).toContainText(annas.words.deleted);
  await expect(reply).not.toContainText('Good morning');
});

test('search finds a part of a longer word, also in Korean, and leads to the message', async ({ cluster, openWindow }) => {
  const { server1, server2 } = cluster;
  const token = await register(server1.url, newPerson('anna', 'Anna Berg'));
  const room = await ScriptedRoom.create(server1.url, token, { name: 'Load tests', visibility: 'public' });
  const anna = await ScriptedPerson.connect(server1.url, token);
  const wanted = '내일 오후에 부하시험을 다시 돌려 볼게요';
  // More than what is loaded when the room is opened.
  await Promise.all([wanted, ...Array.from({ length: 60 }, (_, index) => `${index + 1} of many`)].map((text) => anna.say(room, text)));

  const ben = newPerson('ben', 'Ben Kim');
  const bens = await openWindow(server2.url);
  await bens.signUp(ben);
  await room.add(ben);
  await bens.openChat(room.conversationId);
  await expect(bens.message('60 of many')).toBeVisible();
  await expect(bens.message(wanted)).toHaveCount(0);

  const found = await bens.search('하시험');
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('Load tests');
  await found.click();
  await expect(bens.message(wanted)).toBeInViewport();
  expect(new URL(bens.page.url()).pathname).toBe(`/c/${room.conversationId}`);
  await anna.leave();
});

test('a new name is learned when the other comes back to the room', async ({ cluster, openWindow }) => {
  const { ben, annas, bens, roomName } = await twoPeople(cluster, openWindow);
  const room = await new RoomActions(annas).create(roomName, 'private');
  await new RoomActions(annas).add(ben);
  await bens.openChat(room);
  await expect(bens.head).toHaveText(roomName);
  await new RoomActions(annas).rename('Coffee');
  await new RoomActions(bens).openDetails();
  await expect(bens.head).toHaveText('Coffee');
  await expect(bens.row(room)).toContainText('Coffee');
});
