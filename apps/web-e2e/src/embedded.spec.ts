// One server with everything in it, as `npm start` runs it: no services beside it, its data in a folder.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWorkFolder, freePort, SupervisedProcess, type WorkFolder } from '@chat/services';
import { expect, test } from './chat-test.ts';
import { expectOneHistory } from './pages/said.ts';
import { directConversation, newPerson } from './person.ts';

const BUILT_SERVER = fileURLToPath(new URL('../../chat-server/dist/main.js', import.meta.url));

let folder: WorkFolder;
let url: string;
let server: SupervisedProcess;

test.beforeAll(async () => {
  folder = createWorkFolder('embedded');
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  server = new SupervisedProcess({
    name: 'chat-server',
    command: process.execPath,
    args: ['--enable-source-maps', BUILT_SERVER],
    // Nothing of who runs the tests: no addresses of services, no secret.
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), DATA_DIR: join(folder.path, 'data') },
    cwd: folder.path,
    logFile: join(folder.path, 'server.log'),
    port,
    isReady: () => isReady(url),
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 30_000,
    orphanSignal: 'SIGTERM', // it has a PostgreSQL to end
  });
  await server.start();
});

test.afterAll(async () => {
  await server.halt();
  folder.remove();
});

test('two browsers chat over a server with nothing beside it, and find all of it after a restart', async ({ openWindow }) => {
  const anna = newPerson('anna', 'Anna');
  const ben = newPerson('ben', 'Ben');
  const [annas, bens] = await Promise.all([openWindow(url), openWindow(url)]);
  await Promise.all([annas.signUp(anna), bens.signUp(ben)]);
  await annas.startChatWith(ben);
  await annas.say('Hello');
  await bens.openChat(directConversation(anna, ben));
  await bens.say('Hello back');
  await expectOneHistory([annas, bens], [['Hello'], ['Hello back']]);

  expect(await server.halt()).toEqual({ code: 0, signal: null });
  await bens.say('While it was down');
  await server.start();
  await expectOneHistory([annas, bens], [['Hello'], ['Hello back', 'While it was down']]);
  await expect(bens.ownMessage('While it was down')).toHaveAttribute('data-state', 'read');
});

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).status === 200;
  } catch {
    return false; // it does not listen yet
  }
}
