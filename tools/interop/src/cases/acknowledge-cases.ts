import assert from 'node:assert/strict';
import type { ClientConnection } from '../client-driver.ts';
import { bodyOf, type Person, saidBy, type Scene } from '../scene.ts';
import type { InteropCase } from './case.ts';

const TEXTS = ['one', 'two', 'three'] as const;

/** What comes on the next connection, after three messages of which some were acknowledged. */
async function afterReturn(scene: Scene, mode: string, answer: (index: number) => 'ack' | 'nack' | undefined): Promise<readonly string[]> {
  const anna = scene.person();
  const ben = scene.person();
  const bens = await scene.subscribed(scene.at.server2, ben);
  const annas = await scene.subscribed(scene.at.server1, anna);
  // Only now, so that nothing but the three wants acknowledging.
  bens.do({ kind: 'unsubscribe', id: 'messages', headers: {} });
  bens.do({ kind: 'subscribe', id: 'acknowledged', destination: '/user/queue/messages', headers: { ack: mode } });
  for (const text of TEXTS) await scene.say(annas, ben, text);
  // Ben's own note, which proved that he is subscribed, may come again here, and is not of the three.
  const events = await bens.events.atLeast(TEXTS.length, 'message', saidBy(anna));
  assert.deepEqual(events.map((event) => bodyOf(event).message), TEXTS);
  events.forEach(({ headers }, index) => {
    const kind = answer(index);
    if (kind !== undefined) bens.do({ kind, message: headers });
  });
  // Told once it is stored. Who closes without waiting for DISCONNECT's RECEIPT would be back before, and get it again.
  await annas.events.first('message', (event) => bodyOf(event).type === 'DELIVERED' && bodyOf(event).from === ben.id);
  return comingAgain(scene, bens, ben, anna, mode);
}

async function comingAgain(scene: Scene, before: ClientConnection, ben: Person, anna: Person, mode: string): Promise<readonly string[]> {
  await scene.say(before, anna, 'acknowledged'); // behind the ACKs
  before.do({ kind: 'disconnect' });
  await before.events.first('closed');
  const again = await scene.connected(scene.at.server1, ben);
  again.do({ kind: 'subscribe', id: 'again', destination: '/user/queue/messages', headers: { ack: mode } });
  await scene.say(again, ben, 'the last');
  await again.events.first('message', (event) => bodyOf(event).message === 'the last');
  // Conversations have no order among each other; the third comes again in every case.
  await again.events.first('message', (event) => saidBy(anna)(event) && bodyOf(event).message === 'three');
  return again.events.of('message').filter(saidBy(anna)).map((event) => bodyOf(event).message);
}

export const ackAuto: InteropCase = async (scene) => {
  const anna = scene.person();
  const ben = scene.person();
  const bens = await scene.subscribed(scene.at.server2, ben, { ack: 'auto' });
  const annas = await scene.connected(scene.at.server1, anna);
  for (const text of TEXTS) await scene.say(annas, ben, text);
  const events = await bens.events.atLeast(TEXTS.length, 'message', saidBy(anna));
  assert.deepEqual(events.map((event) => bodyOf(event).message), TEXTS);
  assert.equal(events[0]?.headers['ack'], undefined);
};

export const ackClient: InteropCase = async (scene) => {
  // The second stands for the first as well.
  const left = await afterReturn(scene, 'client', (index) => (index === 1 ? 'ack' : undefined));
  assert.deepEqual(left, ['three']);
};

export const ackIndividual: InteropCase = async (scene) => {
  const left = await afterReturn(scene, 'client-individual', (index) => (index === 1 ? undefined : 'ack'));
  assert.deepEqual(left, ['two', 'three']);
};

export const nack: InteropCase = async (scene) => {
  const left = await afterReturn(scene, 'client-individual', (index) => (index === 1 ? 'nack' : 'ack'));
  assert.deepEqual(left, ['two', 'three']);
};
