// Two people on two servers, in a real browser, over the real bus.
import { tapEnvelopesTo } from './cluster/envelope-tap.ts';
import { metric } from './cluster/metrics.ts';
import { expect, test } from './chat-test.ts';
import { directConversation, newPerson } from './person.ts';

test('user1 on server1 and user2 on server2 chat, there and back, through RabbitMQ', async ({ cluster, openWindow }) => {
  const { server1, server2 } = cluster;
  const user1 = newPerson('user1', 'User One');
  const user2 = newPerson('user2', 'User Two');
  const [window1, window2] = await Promise.all([openWindow(server1.url), openWindow(server2.url)]);
  await Promise.all([window1.signUp(user1), window2.signUp(user2)]);
  expect([await window1.server(), await window2.server()]).toEqual(['server1', 'server2']);

  const [toServer2, toServer1] = await Promise.all(['server2', 'server1'].map((id) => tapEnvelopesTo(id, cluster.rabbitmqUrl)));
  const before = await Promise.all([server1, server2].map((server) => metric(server, 'chat_bus_envelopes_total')));

  await window1.startChatWith(user2);
  await window1.say('Hello from server1');
  await window2.openChat(directConversation(user1, user2));
  await expect(window2.message('Hello from server1')).toHaveAttribute('data-own', 'false');
  await window2.say('Hello back from server2');
  await expect(window1.message('Hello back from server2')).toHaveAttribute('data-own', 'false');

  // The echo: what one sent oneself is in the log, at the same place as with the other.
  for (const { page } of [window1, window2]) await expect(page.locator('[data-own="true"][data-state="read"]')).toHaveCount(1);
  const texts = ['Hello from server1', 'Hello back from server2'];
  for (const window of [window1, window2]) {
    expect((await window.messages()).map(({ text, seq }) => ({ text, seq }))).toEqual(texts.map((text, index) => ({ text, seq: index + 1 })));
  }

  const carrying = (envelopes: readonly Buffer[] | undefined, text: string) => envelopes?.filter((bytes) => bytes.includes(text)).length;
  await expect.poll(() => carrying(toServer2?.envelopes, 'Hello from server1')).toBe(1);
  await expect.poll(() => carrying(toServer1?.envelopes, 'Hello back from server2')).toBe(1);
  const after = await Promise.all([server1, server2].map((server) => metric(server, 'chat_bus_envelopes_total')));
  expect(after[0]).toBeGreaterThan(before[0] ?? Infinity);
  expect(after[1]).toBeGreaterThan(before[1] ?? Infinity);
  await Promise.all([toServer1?.close(), toServer2?.close()]);
});

test('whoever comes through nginx is on either server, and chats all the same', async ({ cluster, openWindow }) => {
  const anna = newPerson('anna');
  const ben = newPerson('ben');
  const [annas, bens] = await Promise.all([openWindow(cluster.url), openWindow(cluster.url)]);
  await Promise.all([annas.signUp(anna), bens.signUp(ben)]);
  await annas.startChatWith(ben);
  await annas.say('어디 있어요? 🙂');
  await bens.openChat(directConversation(anna, ben));
  await expect(bens.message('어디 있어요? 🙂')).toBeVisible();
  await bens.say('여기요\n두 번째 줄');
  await expect(annas.message('여기요 두 번째 줄')).toBeVisible();
});
