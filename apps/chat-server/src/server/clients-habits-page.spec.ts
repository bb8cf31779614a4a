import { readFileSync } from 'node:fs';
import { SendDestination, type ChatEntry, type ErrorBody } from '@chat/protocol';
import * as stompjs from '@stomp/stompjs';
import SockJS from 'sockjs-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSingleServer, tokenOf, type TestServer, type TestUser } from '../testing/test-server.ts';

// What docs/clients.md shows as code, taken out of it and run. Its programs, which have a file name in their first line,
// are run by apps/web-e2e on two servers.

const PROGRAMS = ['two-servers.mjs', 'sign-token.mjs', 'keep-all.mjs'];
const page = readFileSync(new URL('../../../../docs/clients.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));
const fragments = blocks.filter(({ language, code }) => language === 'js' && !/^\/\/ [\w-]+\.mjs: /.test(code));

type Packages = Readonly<Record<string, unknown>>;
const packages: Packages = { '@stomp/stompjs': stompjs, 'sockjs-client': { default: SockJS } };
/** By the language every async function has this constructor; no name leads to it. */
const AsyncFunction = (async () => Promise.resolve()).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<unknown>;

let server: TestServer;
let alice: TestUser;
let bob: TestUser;
let client: stompjs.Client;
const clients: stompjs.Client[] = [];
const run = new Set<string>();

beforeAll(async () => {
  server = await startSingleServer();
  [alice, bob] = await Promise.all([server.newUser('alice'), server.newUser('user2-')]);
  client = await connected(stompClient(alice));
});
afterEach(async () => {
  await Promise.all(clients.splice(1).map((one) => one.deactivate()));
});
afterAll(async () => {
  await client.deactivate();
  await server.stop();
});

/** The one fragment that has this in it, at this server and with its people; `given` is what a reader has by then. */
async function runFragment(having: string, given: Readonly<Record<string, unknown>>, result = 'undefined'): Promise<unknown> {
  const [fragment, ...others] = fragments.filter(({ code }) => code.includes(having));
  if (fragment === undefined || others.length > 0) throw new Error(`docs/clients.md has ${others.length + 1} fragments with ${having}`);
  run.add(fragment.code);
  const code = fragment.code
    .replaceAll('http://localhost:8080', server.url)
    .replaceAll("'user2'", `'${bob.id}'`)
    .replaceAll(/^import (\w+) from ('[^']+');$/gm, 'const { default: $1 } = packages[$2];')
    .replaceAll(/^import (\{.*\}) from ('[^']+');$/gm, 'const $1 = packages[$2];');
  const names = Object.keys(given);
  return new AsyncFunction('packages', ...names, `${code}\nreturn ${result};`)(packages, ...names.map((name) => given[name]));
}

function stompClient(user: TestUser, headers: stompjs.StompHeaders = {}): stompjs.Client {
  return new stompjs.Client({ brokerURL: server.webSocketUrl, connectHeaders: { Authorization: `Bearer ${user.token}`, ...headers }, reconnectDelay: 0 });
}

function connected(one: stompjs.Client): Promise<stompjs.Client> {
  clients.push(one);
  return new Promise((resolve, reject) => {
    one.onConnect = () => resolve(one);
    one.onStompError = ({ headers }) => reject(new Error(headers['message']));
    one.activate();
  });
}

/** The messages that come to a user from now on. */
async function listening(user: TestUser): Promise<ChatEntry[]> {
  const entries: ChatEntry[] = [];
  const one = await connected(stompClient(user));
  one.subscribe('/user/queue/messages', ({ body }) => entries.push(JSON.parse(body) as ChatEntry)); // what is read of it are its fields
  return entries;
}

describe('docs/clients.md', () => {
  it('[INTEROP-7] renews the token of a connection', async () => {
    const receipt = new Promise<stompjs.IFrame>((resolve) => client.watchForReceipt('renewed', resolve));
    const accessToken = await tokenOf(alice.id, { exp: Math.floor(Date.now() / 1000) + 7200 });
    await runFragment("'/app/auth.refresh'", { client, accessToken });
    client.publish({ destination: SendDestination.authRefresh, headers: { receipt: 'renewed' }, body: JSON.stringify({ accessToken }) });
    await receipt; // handled in order, so the first was taken
  });

  it('[INTEROP-7] sends with a receipt, and knows where the message stands', async () => {
    const lines: string[] = [];
    const entries = await listening(bob);
    await runFragment('watchForReceipt', { client, console: { log: (line: string) => lines.push(line) } });
    await expect.poll(() => lines).toEqual([`stored as direct:${[alice.id, bob.id].sort().join(':')} 1`]);
    await expect.poll(() => entries).toMatchObject([{ from: alice.id, message: 'Hello', clientId: expect.stringMatching(/^[\w-]{36}$/) as string }]);
  });

  it('[INTEROP-7] makes a room, brings somebody in and speaks', async () => {
    const entries = await listening(bob);
    await runFragment("api('POST', '/rooms'", { client, token: alice.token });
    const inRoom = (): unknown[] => entries.filter(({ conversationId }) => conversationId.startsWith('room:'));
    await expect.poll(inRoom).toMatchObject([{ type: 'JOIN', from: bob.id, by: alice.id }, { type: 'CHAT', message: 'Hello, all' }]);
  });

  it('[INTEROP-7] acknowledges what it could keep; the rest comes again', async () => {
    const carol = await server.newUser('carol');
    const lives: string[][] = [];
    const listen = async (keeps: (message: string) => boolean): Promise<void> => {
      const came: string[] = [];
      lives.push(came);
      const phone = await connected(stompClient(carol, { device: 'phone' }));
      const keep = async ({ message }: ChatEntry): Promise<void> => {
        came.push(message);
        if (!keeps(message)) throw new Error('The disk is full.');
        return Promise.resolve();
      };
      await runFragment('message.nack()', { client: phone, keep });
      await expect.poll(() => came.length).toBe(lives.length === 1 ? 3 : 2);
      await phone.deactivate(); // its RECEIPT says that what was acknowledged is stored
    };
    const alices = await server.client(alice);
    for (const text of ['one', 'two', 'three']) await alices.say(carol.id, text);
    await listen((message) => message !== 'two');
    await listen(() => true);
    expect(lives).toEqual([['one', 'two', 'three'], ['two', 'three']]);
  });

  it('[INTEROP-7] connects by SockJS', async () => {
    const made = await runFragment('new SockJS', { token: alice.token }, 'client');
    await connected(made as stompjs.Client); // what stands in the page
  });

  it('[INTEROP-7] registers by the command that it shows, and gets what it shows', async () => {
    const command = blocks.find(({ language }) => language === 'sh')?.code ?? '';
    const [, url = '', header = '', body = '', shown = ''] = /^curl -s (\S+) -H '([^']+)' \\\n +-d '([^']+)'\n# (.*)\n$/.exec(command) ?? [];
    const [name = '', value = ''] = header.split(': ');
    const answer = await fetch(url.replace('http://localhost:8080', server.url), { method: 'POST', headers: { [name]: value }, body });
    expect(await answer.json()).toEqual(patternOf(JSON.parse(shown)));
  });

  it('[INTEROP-7] shows the frames of a transaction, and what is done with them', async () => {
    const [frames = '', ...others] = blocks.filter(({ language }) => language === '').map(({ code }) => code);
    expect(others).toEqual([]);
    const { id } = await server.newUser('bob');
    const session = await server.client(alice);
    session.raw(frames.replaceAll('^@', '\0').replaceAll('"bob"', `"${id}"`));
    const receipts = [];
    while (receipts.length < 3) receipts.push(await session.next(({ command }) => command === 'RECEIPT'));
    expect(receipts.map(({ headers }) => [headers.get('receipt-id'), headers.get('seq')])).toEqual([['1', '1'], ['2', '2'], ['3', undefined]]);
    const { body } = await server.get(`/api/conversations/direct:${[alice.id, id].sort().join(':')}/messages`, alice);
    expect(body).toMatchObject({ messages: [{ message: 'the first' }, { message: 'the second' }] });
  });

  it('[INTEROP-7] shows a message and an error as they come', async () => {
    const [message, error, ...others] = blocks.filter(({ language }) => language === 'json').map(({ code }) => JSON.parse(code) as unknown);
    expect(others).toEqual([]);
    const session = await server.chatting(alice);
    await session.request(SendDestination.chatSend, { to: bob.id, message: 'Hello', clientId: 'mine' });
    const came = (await session.message('m', 'CHAT')) as ChatEntry;
    expect(came).toEqual({ ...(patternOf(message) as ChatEntry), conversationId: came.conversationId, seq: came.seq, from: alice.id, to: bob.id, sentAt: came.sentAt });
    const refused = await session.refusal(SendDestination.chatSend, { to: 'nobody-at-all', message: 'Hello', clientId: 'mine' });
    expect(refused).toEqual(patternOf(error) as ErrorBody);
  });

  it('[INTEROP-7] has no other code: what is added wants its run here, or in apps/web-e2e if it is a program', () => {
    expect(fragments.map(({ code }) => code).filter((code) => !run.has(code))).toEqual([]);
    expect([...page.matchAll(/^\/\/ ([\w-]+\.mjs): /gm)].map(([, name]) => name)).toEqual(PROGRAMS);
    const specOfPrograms = readFileSync(new URL('../../../web-e2e/src/clients-page/clients-page.spec.ts', import.meta.url), 'utf8');
    expect(PROGRAMS.filter((name) => !specOfPrograms.includes(`'${name}'`))).toEqual([]);
    expect(blocks.filter(({ language }) => !['js', 'json', 'sh', ''].includes(language))).toEqual([]);
  });
});

/** A value that the page shows, `…` standing for any text. */
function patternOf(shown: unknown): unknown {
  if (shown === '…') return expect.any(String);
  if (typeof shown !== 'object' || shown === null) return shown;
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, patternOf(value)]));
}
