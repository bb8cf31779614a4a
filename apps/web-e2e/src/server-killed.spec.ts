// kill -9 of a server under two people who chat. It breaks what it runs on, so the cluster is its own.
import { startCluster, type Cluster, type ClusterServer } from '@chat/cluster';
import { TWO_SERVERS } from './cluster/cluster-options.ts';
import type { ChatWindow } from './pages/chat-window.ts';
import { expect, test } from './chat-test.ts';
import { expectOneHistory } from './pages/said.ts';
import { directConversation, newPerson } from './person.ts';

const MESSAGES_EACH = 30;

let own: Cluster;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  own = await startCluster(TWO_SERVERS);
});

test.afterAll(() => own.stop());

function serverOf(id: string): ClusterServer {
  const server = own.servers.find((candidate) => candidate.id === id);
  if (server === undefined) throw new Error(`There is no ${id}.`);
  return server;
}

function texts(name: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${name} ${from + index}`);
}

async function sayAll(window: ChatWindow, lines: readonly string[]): Promise<void> {
  for (const line of lines) await window.say(line);
}

test('what is written while no server can be reached waits, and goes out in order when one can', async ({ openWindow }) => {
  test.setTimeout(120_000);
  const [server1, server2] = [serverOf('server1'), serverOf('server2')];
  const anna = newPerson('anna', 'Anna');
  const ben = newPerson('ben', 'Ben');
  const [annas, bens] = await Promise.all([openWindow(server1.url), openWindow(server2.url)]);
  await Promise.all([annas.signUp(anna), bens.signUp(ben)]);
  await annas.startChatWith(ben);
  await annas.say('anna 1');
  await bens.openChat(directConversation(anna, ben));
  await expect(annas.ownMessage('anna 1')).toHaveAttribute('data-state', 'read');

  await server1.stop('SIGKILL'); // straight at it: without it she has nowhere to go
  const [annasLines, bensLines] = [texts('anna', 2, 11), texts('ben', 1, 10)];
  await Promise.all([sayAll(annas, annasLines), sayAll(bens, bensLines)]);
  await expect(annas.page.locator('[data-state="pending"]')).toHaveCount(annasLines.length);
  await expect(annas.page.getByRole('status').filter({ hasText: 'Connection lost' })).toBeVisible();
  await expect(bens.presence).toHaveAttribute('data-online', 'false');

  await server1.start();
  await expectOneHistory([annas, bens], [['anna 1', ...annasLines], bensLines]);
  expect(await annas.server()).toBe('server1');
  await expect(bens.presence).toHaveAttribute('data-online', 'true');
});

test(`both go on when the server of one is killed: ${2 * MESSAGES_EACH} messages, each once, in one order`, async ({ openWindow }) => {
  test.setTimeout(90_000);
  const anna = newPerson('anna', 'Anna');
  const ben = newPerson('ben', 'Ben');
  const annas = await openWindow(own.url); // nginx puts her on one of the two
  await annas.signUp(anna);
  const annasServer = await annas.server();
  const bensServer = annasServer === 'server1' ? 'server2' : 'server1';
  const bens = await openWindow(serverOf(bensServer).url);
  await bens.signUp(ben);
  expect(await bens.server()).toBe(bensServer);

  const annasLines = texts('anna', 1, MESSAGES_EACH);
  const bensLines = texts('ben', 1, MESSAGES_EACH);
  await annas.startChatWith(ben);
  await sayAll(annas, annasLines.slice(0, 1));
  await bens.openChat(directConversation(anna, ben));

  // While the first third is on its way, the server goes: what it had not answered is sent again elsewhere.
  const third = MESSAGES_EACH / 3;
  const bensWriting = sayAll(bens, bensLines);
  await sayAll(annas, annasLines.slice(1, third));
  const killed = serverOf(annasServer).stop('SIGKILL');
  await sayAll(annas, annasLines.slice(third));
  expect(await killed).toEqual({ code: null, signal: 'SIGKILL' });
  await bensWriting;

  await expectOneHistory([annas, bens], [annasLines, bensLines]);
  expect([await annas.server(), await bens.server()]).toEqual([bensServer, bensServer]);
  // And so it stands in the log, not only in what the two have seen.
  await Promise.all([annas.page.reload(), bens.page.reload()]);
  await Promise.all([annas.scrollToBeginning(), bens.scrollToBeginning()]);
  await expectOneHistory([annas, bens], [annasLines, bensLines]);
});
