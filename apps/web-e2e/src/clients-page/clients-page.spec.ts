// What docs/clients.md says, by running what stands there.
import { Client, type IFrame } from '@stomp/stompjs';
import { expect, test } from '../chat-test.ts';
import { directConversation, newPerson } from '../person.ts';
import { register, ScriptedPerson } from '../scripted-person.ts';
import { PageProgram } from './page-program.ts';

function webSocketUrl(url: string): string {
  return url.replace('http', 'ws');
}

test('the stock stompjs program chats across two servers, one of them with a token that was made elsewhere', async ({ cluster }, info) => {
  const { server1, server2 } = cluster;
  const user1 = newPerson('user1');
  const user2 = newPerson('user2');
  const token1 = await register(server1.url, user1);
  const signing = await new PageProgram('sign-token.mjs', info.outputPath(), [user2.id, 'User Two'], { JWT_SECRET: cluster.jwtSecret }).ended;
  expect(signing).toMatchObject({ status: 0, stderr: '' });
  const token2 = signing.stdout.trim();

  const args = [webSocketUrl(server1.url), token1, webSocketUrl(server2.url), token2];
  const chat = await new PageProgram('two-servers.mjs', info.outputPath(), args).ended;
  expect(chat).toEqual({
    status: 0,
    stderr: '',
    stdout: `${user2.id} on server2 got "Hello" from ${user1.id}\n${user1.id} on server1 got "Hello back" from ${user2.id}\n`,
  });

  // Both are in the log, and the one whose token was made elsewhere has the name that stood in it.
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${server1.url}${path}`, { headers: { Authorization: `Bearer ${token1}` } })).json();
  expect(await get(`/api/conversations/${directConversation(user1, user2)}/messages`)).toMatchObject({
    messages: [{ seq: 1, from: user1.id, message: 'Hello' }, { seq: 2, from: user2.id, message: 'Hello back' }],
  });
  expect(await get(`/api/users/${user2.id}`)).toEqual({ id: user2.id, displayName: 'User Two' });
});

test('the program that keeps cursors prints every message once, over runs on different servers', async ({ cluster }, info) => {
  const { server1, server2 } = cluster;
  const anna = newPerson('anna');
  const ben = newPerson('ben');
  const [annasToken, bensToken] = await Promise.all([register(server1.url, anna), register(server1.url, ben)]);
  const annas = await ScriptedPerson.connect(server2.url, annasToken);
  const line = (seq: number) => `${directConversation(anna, ben)} ${seq} ${anna.id}: message ${seq}`;
  const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
  const sayUpTo = async (from: number, to: number) => {
    for (let seq = from; seq <= to; seq += 1) await annas.say(ben, `message ${seq}`);
  };
  const run = (url: string) => new PageProgram('keep-all.mjs', info.outputPath(), [webSocketUrl(url), bensToken, info.outputPath('cursors.json')]);

  await sayUpTo(1, 3);
  const first = run(server1.url);
  await expect.poll(() => first.lines).toEqual(lines(1, 3));
  await sayUpTo(4, 5);
  await expect.poll(() => first.lines).toEqual(lines(1, 5));
  await first.kill('SIGKILL');

  await sayUpTo(6, 8);
  const second = run(server2.url);
  await expect.poll(() => second.lines).toEqual(lines(6, 8));
  await sayUpTo(9, 9);
  await expect.poll(() => second.lines).toEqual(lines(6, 9));
  expect(await second.kill('SIGKILL')).toMatchObject({ stderr: '' });
  await annas.leave();
});

test('receipts say where a message stands, repeats with a clientId store nothing, faults come to the errors queue', async ({ cluster }) => {
  const anna = newPerson('anna');
  const ben = newPerson('ben');
  const [annasToken] = await Promise.all([register(cluster.server1.url, anna), register(cluster.server1.url, ben)]);
  const receipts: IFrame[] = [];
  const errors = new Map<string, unknown>();
  const client = stompClient(cluster.server1.url, annasToken);
  await connected(client);
  client.subscribe('/user/queue/errors', ({ body }) => {
    const error = JSON.parse(body) as { receipt: string }; // each of these SENDs asks for one
    errors.set(error.receipt, error);
  });
  const send = (receipt: string, to: string, message: string) => {
    client.watchForReceipt(receipt, (frame) => receipts.push(frame));
    client.publish({ destination: '/app/chat.send', headers: { receipt }, body: JSON.stringify({ to, message, clientId: 'mine-1' }) });
  };
  const nobody = newPerson('nobody').id;
  send('first', ben.id, 'Hello');
  await expect.poll(() => receipts.length).toBe(1);
  send('second', ben.id, 'Hello');
  send('third', ben.id, 'Something else');
  send('fourth', nobody, 'Hello');
  await expect.poll(() => [receipts.length, errors.size]).toEqual([2, 2]);
  const [first, second] = receipts.map(({ headers }) => ({ seq: headers['seq'], id: headers['id'], in: headers['conversation-id'] }));
  expect(first).toEqual({ seq: '1', id: expect.any(String), in: directConversation(anna, ben) });
  expect(second).toEqual(first);
  expect(errors.get('third')).toMatchObject({ code: 'conflict', destination: '/app/chat.send', clientId: 'mine-1' });
  expect(errors.get('fourth')).toMatchObject({ code: 'not-found', destination: '/app/chat.send', clientId: 'mine-1' });
  await client.deactivate();
});

test('with ack: client-individual a device is given again what it did not acknowledge', async ({ cluster }) => {
  const { server1, server2 } = cluster;
  const anna = newPerson('anna');
  const ben = newPerson('ben');
  const [annasToken, bensToken] = await Promise.all([register(server1.url, anna), register(server1.url, ben)]);
  const annas = await ScriptedPerson.connect(server1.url, annasToken);
  for (const text of ['one', 'two', 'three']) await annas.say(ben, text);

  /** What comes to ben's phone, and the acknowledging of it, until all of these have come. */
  const phone = async (url: string, texts: readonly string[], acknowledged: readonly string[]): Promise<void> => {
    const client = stompClient(url, bensToken);
    client.connectHeaders['device'] = 'phone';
    const came: string[] = [];
    await connected(client);
    client.subscribe('/user/queue/messages', (frame) => {
      const { type, message } = JSON.parse(frame.body) as { type: string; message: string }; // of a CHAT
      if (type !== 'CHAT') return;
      came.push(message);
      if (acknowledged.includes(message)) frame.ack();
    }, { ack: 'client-individual' });
    await expect.poll(() => came).toEqual(texts);
    await client.deactivate(); // its RECEIPT says that the ACKs have been heard
  };
  await phone(server1.url, ['one', 'two', 'three'], ['one', 'three']);
  await phone(server2.url, ['two', 'three'], ['two', 'three']);
  await annas.say(ben, 'four');
  await phone(server1.url, ['four'], ['four']);
  await annas.leave();
});

function stompClient(url: string, token: string): Client {
  return new Client({ brokerURL: `${webSocketUrl(url)}/ws-chat`, connectHeaders: { Authorization: `Bearer ${token}` }, reconnectDelay: 0 });
}

function connected(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.onConnect = () => resolve();
    client.onStompError = ({ headers }) => reject(new Error(headers['message']));
    client.activate();
  });
}
