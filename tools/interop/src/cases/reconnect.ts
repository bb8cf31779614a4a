import assert from 'node:assert/strict';
import type { Cluster } from '@chat/cluster';
import type { ClientConnection } from '../client-driver.ts';
import { bodyOf, type Person, saidBy, type Scene } from '../scene.ts';

const RECONNECT_MS = 500;
/** Where the carrier does not see that its server is gone, missing beats tell, after 30 s at most. */
const BEAT_MS = 10_000;
const NOTICED_MS = 45_000;

/** Somebody on the server that dies, and somebody who writes to them from the one that does not. */
export type Cut = { readonly scene: Scene; readonly comesBack: boolean; readonly anna: Person; readonly ben: Person; readonly bens: ClientConnection };

/** While there is only server1, so that nginx leads all of them there. */
export async function beforeTheCut(scene: Scene, comesBack: boolean): Promise<Cut> {
  const [anna, ben] = [scene.person(), scene.person()];
  const bens = scene.open({ url: scene.at.nginx, headers: ben.login, heartBeat: BEAT_MS, reconnectDelay: RECONNECT_MS });
  assert.equal((await bens.events.first('connected')).headers['server'], 'server1');
  await scene.subscribe(bens);
  const annas = await scene.connected(scene.at.server1, anna);
  await scene.say(annas, ben, 'before');
  await bens.events.first('message', saidBy(anna));
  return { scene, comesBack, anna, ben, bens };
}

/** Server1 dies without a word, and server2 serves. */
export async function cut({ servers }: Cluster): Promise<void> {
  const [server1, server2] = servers;
  assert.ok(server1 && server2);
  await server2.start();
  await server1.stop('SIGKILL');
}

export async function afterTheCut({ scene, comesBack, anna, ben, bens }: Cut): Promise<void> {
  await bens.events.atLeast(1, 'closed', undefined, NOTICED_MS);
  const annas = await scene.connected(scene.at.server2, anna);
  await scene.say(annas, ben, 'meanwhile');
  const back = comesBack ? bens : await connectedAnew(scene, ben);
  const welcomes = await back.events.atLeast(comesBack ? 2 : 1, 'connected');
  assert.equal(welcomes.at(-1)?.headers['server'], 'server2');
  await scene.subscribe(back);
  await scene.say(annas, ben, 'after');
  await back.events.first('message', (event) => event.body.includes('"after"'));
  // What was not proven to have arrived comes again: each seq counts once. None is missing and none out of order.
  const bySeq = new Map([...bens.events.of('message'), ...(comesBack ? [] : back.events.of('message'))].filter(saidBy(anna)).map((event) => [bodyOf(event).seq, bodyOf(event).message]));
  assert.deepEqual([...bySeq], [[1, 'before'], [2, 'meanwhile'], [3, 'after']]);
}

/** As a program does it whose library does not: until somebody answers behind nginx. */
async function connectedAnew(scene: Scene, ben: Person): Promise<ClientConnection> {
  for (let tries = 1; ; tries++) {
    const connection = scene.open({ url: scene.at.nginx, headers: ben.login });
    try {
      await connection.events.atLeast(1, 'connected', undefined, 2_000);
      return connection;
    } catch (error) {
      connection.abandon();
      if (tries === 10) throw error;
    }
  }
}
