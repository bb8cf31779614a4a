import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { InteropCase } from './case.ts';

/** Longer than stompjs takes to give up a silent server: it looks every 10 s whether nothing came for twice as long. */
const QUIET_MS = 32_000;

export const connect: InteropCase = async (scene) => {
  const anna = scene.person();
  const connection = scene.open({ url: scene.at.nginx, headers: anna.login });
  const { headers } = await connection.events.first('connected');
  assert.match(headers['version'] ?? '', /^1\.[012]$/);
  assert.match(headers['server'] ?? '', /^server[12]$/);
  assert.equal(headers['heart-beat'], '10000,10000');
};

export const bearer: InteropCase = async (scene) => {
  const anna = scene.person();
  const connection = scene.open({ url: scene.at.server1, headers: { Authorization: `Bearer ${anna.token}` } });
  assert.equal((await connection.events.first('connected')).headers['user-name'], anna.id);
};

export const login: InteropCase = async (scene) => {
  const anna = scene.person();
  const connection = scene.open({ url: scene.at.server2, headers: { login: anna.id, passcode: anna.token } });
  assert.equal((await connection.events.first('connected')).headers['user-name'], anna.id);
};

export const refusal: InteropCase = async (scene) => {
  const connection = scene.open({ url: scene.at.server1, headers: { Authorization: 'Bearer none' } });
  assert.match((await connection.events.first('error')).headers['message'] ?? '', /token/i);
  await connection.events.first('closed');
  assert.equal(connection.events.of('connected').length, 0);
};

export const errorFrame: InteropCase = async (scene) => {
  const connection = await scene.connected(scene.at.server1, scene.person());
  connection.do({ kind: 'subscribe', id: 'wrong', destination: '/user/somebody/queue/messages', headers: {} });
  assert.match((await connection.events.first('error')).headers['message'] ?? '', /destination/);
  await connection.events.first('closed');
};

export const disconnect: InteropCase = async (scene) => {
  const anna = scene.person();
  const ben = scene.person();
  const bens = await scene.subscribed(scene.at.server2, ben);
  const annas = await scene.subscribed(scene.at.server1, anna);
  // DISCONNECT waits for what came before it.
  annas.do({ kind: 'send', destination: '/app/chat.send', headers: {}, body: JSON.stringify({ to: ben.id, message: 'Bye' }) });
  annas.do({ kind: 'disconnect' });
  await annas.events.first('closed');
  assert.equal(annas.events.of('error').length, 0);
  await bens.events.first('message', (event) => event.body.includes('"Bye"'));
};

export const heartBeat: InteropCase = async (scene) => {
  const anna = scene.person();
  const connection = scene.open({ url: scene.at.nginx, headers: anna.login, heartBeat: 10_000 });
  await connection.events.first('connected');
  await delay(QUIET_MS); // nothing but beats
  assert.deepEqual([connection.events.of('closed'), connection.events.of('error')], [[], []]);
  await scene.subscribe(connection);
  assert.equal(connection.events.of('connected').length, 1);
};
