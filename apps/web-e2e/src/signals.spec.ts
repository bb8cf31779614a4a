// What passes between people beside the messages themselves: marks, typing, presence, and other devices.
import { expect, test } from './chat-test.ts';
import { statesOf } from './pages/message-states.ts';
import { twoPeople } from './two-people.ts';

test('marks: in the outbox, stored, delivered when the other device has it, read when it is looked at', async ({ cluster, openWindow }) => {
  const { ben, annas, bens, conversation } = await twoPeople(cluster, openWindow);
  await annas.startChatWith(ben);
  await annas.say('Hello');
  await expect(annas.ownMessage('Hello')).toHaveAttribute('data-state', 'delivered');
  await bens.close();
  await annas.say('Are you there?');
  const sent = annas.ownMessage('Are you there?');
  await expect(sent).toHaveAttribute('data-state', 'stored');

  const back = await bens.openAnother();
  await expect(sent).toHaveAttribute('data-state', 'delivered');
  await expect(back.row(conversation)).toContainText('Are you there?');

  await back.openChat(conversation);
  await expect(sent).toHaveAttribute('data-state', 'read');
  const key = (await sent.getAttribute('data-key')) ?? '';
  expect(await statesOf(annas.page, key)).toEqual(['pending', 'stored', 'delivered', 'read']);
});

test('who types is seen to type, and no longer when the message is there or the text is gone', async ({ cluster, openWindow }) => {
  const { anna, ben, annas, bens, conversation } = await twoPeople(cluster, openWindow);
  await annas.startChatWith(ben);
  await annas.say('Hi');
  await bens.openChat(conversation);

  await annas.composer.pressSequentially('How are');
  await expect(bens.typingLine(anna.displayName)).toBeVisible();
  await expect(annas.typingLine(anna.displayName)).toHaveCount(0);
  await annas.say('How are you?');
  await expect(bens.message('How are you?')).toBeVisible();
  await expect(bens.typingLine(anna.displayName)).toHaveCount(0);

  await bens.composer.pressSequentially('Well');
  await expect(annas.typingLine(ben.displayName)).toBeVisible();
  await bens.composer.fill('');
  await expect(annas.typingLine(ben.displayName)).toHaveCount(0);
});

test('a second device on the other server gets the echo, what others write, and what was read', async ({ cluster, openWindow }) => {
  const { anna, ben, annas, bens, conversation } = await twoPeople(cluster, openWindow);
  const tablet = await openWindow(cluster.server2.url);
  await tablet.signIn(anna);
  expect([await annas.server(), await tablet.server()]).toEqual(['server1', 'server2']);

  await annas.startChatWith(ben);
  await annas.say('From my phone');
  await tablet.openChat(conversation);
  await expect(tablet.ownMessage('From my phone')).toBeVisible();
  await tablet.say('From my tablet');
  await expect(annas.ownMessage('From my tablet')).toBeVisible();

  await bens.openChat(conversation);
  await bens.say('To both of you');
  for (const window of [annas, tablet]) {
    await expect(window.message('To both of you')).toHaveAttribute('data-own', 'false');
    await expect(window.page.locator('[data-own="true"][data-state="read"]')).toHaveCount(2);
    expect((await window.messages()).map(({ text, seq }) => [seq, text])).toEqual([
      [1, 'From my phone'],
      [2, 'From my tablet'],
      [3, 'To both of you'],
    ]);
  }
});

test('reading on one device clears the badge on the other', async ({ cluster, openWindow }) => {
  const { anna, ben, annas, bens, conversation } = await twoPeople(cluster, openWindow);
  const tablet = await openWindow(cluster.server2.url);
  await tablet.signIn(anna);
  await bens.startChatWith(anna);
  await bens.say('One');
  await bens.say('Two');
  for (const window of [annas, tablet]) await expect(window.row(conversation)).toContainText('2 unread messages');
  await annas.openChat(conversation);
  await expect(annas.message('Two')).toBeVisible();
  await expect(tablet.row(conversation)).not.toContainText('unread');
  await expect(tablet.row(conversation)).toContainText(ben.displayName);
});

test('presence follows the other one going and coming back', async ({ cluster, openWindow }) => {
  const { ben, annas, bens } = await twoPeople(cluster, openWindow);
  await annas.startChatWith(ben);
  await annas.say('Hi');
  await expect(annas.presence).toHaveAttribute('data-online', 'true');
  await expect(annas.presence).toHaveText(annas.words.online);
  await bens.close();
  await expect(annas.presence).toHaveAttribute('data-online', 'false');
  await bens.openAnother();
  await expect(annas.presence).toHaveAttribute('data-online', 'true');
});
