import assert from 'node:assert/strict';
import { bodyOf, saidBy, type Scene } from '../scene.ts';
import type { InteropCase } from './case.ts';

/** What the other one gets of two messages in a transaction and one after it. */
async function received(scene: Scene, end: 'commit' | 'abort'): Promise<readonly string[]> {
  const anna = scene.person();
  const ben = scene.person();
  const bens = await scene.subscribed(scene.at.server2, ben);
  const annas = await scene.subscribed(scene.at.server1, anna);
  annas.do({ kind: 'begin', transaction: 'together' });
  for (const message of ['first', 'second']) {
    const body = JSON.stringify({ to: ben.id, message });
    annas.do({ kind: 'send', destination: '/app/chat.send', headers: { transaction: 'together' }, body });
  }
  await scene.say(annas, ben, 'before the end');
  annas.do({ kind: end, transaction: 'together' });
  await scene.say(annas, ben, 'after the end');
  await bens.events.first('message', (event) => saidBy(anna)(event) && bodyOf(event).message === 'after the end');
  return bens.events.of('message').filter(saidBy(anna)).map((event) => bodyOf(event).message);
}

export const commit: InteropCase = async (scene) => {
  assert.deepEqual(await received(scene, 'commit'), ['before the end', 'first', 'second', 'after the end']);
};

export const abort: InteropCase = async (scene) => {
  assert.deepEqual(await received(scene, 'abort'), ['before the end', 'after the end']);
};
