// Coming back: after having been away, after a reload, after signing out.
import { expect, test } from './chat-test.ts';
import { directConversation, newPerson } from './person.ts';

test('what was written to someone who was away is there on return, all of it and in order', async ({ cluster, openWindow }) => {
  const anna = newPerson('anna', 'Anna');
  const ben = newPerson('ben', 'Ben');
  const conversation = directConversation(anna, ben);
  const [annas, bens] = await Promise.all([openWindow(cluster.server1.url), openWindow(cluster.server2.url)]);
  await Promise.all([annas.signUp(anna), bens.signUp(ben)]);
  await annas.startChatWith(ben);
  await annas.say('Before');
  await bens.openChat(conversation);
  await expect(annas.ownMessage('Before')).toHaveAttribute('data-state', 'read');

  await bens.close();
  const missed = Array.from({ length: 12 }, (_, index) => `While you were away, ${index + 1}`);
  for (const text of missed) await annas.say(text);
  await expect(annas.page.locator('[data-own="true"][data-state="stored"]')).toHaveCount(missed.length);

  const back = await bens.openAnother();
  await expect(back.row(conversation)).toContainText('12 unread messages');
  await back.openChat(conversation);
  await expect(back.message('While you were away, 12')).toBeVisible();
  expect((await back.messages()).map(({ text, seq }) => [seq, text])).toEqual(['Before', ...missed].map((text, index) => [index + 1, text]));
  await expect(annas.page.locator('[data-own="true"][data-state="read"]')).toHaveCount(1 + missed.length);
});

test('a reload keeps the session, the conversation and what was being written; signing out ends all of it', async ({ cluster, openWindow }) => {
  const anna = newPerson('anna', 'Anna');
  const ben = newPerson('ben', 'Ben');
  const conversation = directConversation(anna, ben);
  const [annas, bens] = await Promise.all([openWindow(cluster.server1.url), openWindow(cluster.server2.url)]);
  await Promise.all([annas.signUp(anna), bens.signUp(ben)]);
  await annas.startChatWith(ben);
  await annas.say('Hello');
  await expect(annas.ownMessage('Hello')).toHaveAttribute('data-state', 'delivered');
  await annas.composer.fill('Not sent yet');

  await annas.page.reload();
  await annas.isOnline();
  expect(new URL(annas.page.url()).pathname).toBe(`/c/${conversation}`);
  await expect(annas.ownMessage('Hello')).toHaveCount(1);
  await expect(annas.composer).toHaveValue('Not sent yet');

  await annas.signOut();
  await expect(annas.page).toHaveURL(/\/sign-in$/);
  await annas.page.goto(`/c/${conversation}`);
  await expect(annas.page.getByRole('button', { name: annas.words.signIn, exact: true })).toBeVisible();
  await expect(annas.page.getByText('Hello', { exact: true })).toHaveCount(0);

  await annas.signIn(anna);
  await annas.openChat(conversation);
  await expect(annas.ownMessage('Hello')).toHaveCount(1);
  await expect(annas.composer).toHaveValue('');
});
