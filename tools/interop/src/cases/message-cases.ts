import assert from 'node:assert/strict';
import { bodyOf, saidBy } from '../scene.ts';
import type { InteropCase } from './case.ts';

const ODD = 'Grüße 👋🏽 a:b\\c\n"d"\t한국어';
const MANY = 20;

export const send: InteropCase = async (scene) => {
  const anna = scene.person();
  const ben = scene.person();
  const bens = await scene.subscribed(scene.at.server2, ben);
  const annas = await scene.subscribed(scene.at.server1, anna);
  const texts = Array.from({ length: MANY }, (_, index) => `${index} ${ODD}`);
  for (const message of texts) {
    annas.do({ kind: 'send', destination: '/app/chat.send', headers: {}, body: JSON.stringify({ to: ben.id, message }) });
  }
  const events = await bens.events.atLeast(MANY, 'message', saidBy(anna));
  assert.deepEqual(events.map((event) => bodyOf(event).message), texts);
  assert.deepEqual(events.map((event) => bodyOf(event).seq), texts.map((_, index) => index + 1));
  assert.equal(events[0]?.headers['subscription'], 'messages');
};

export const echo: InteropCase = async (scene) => {
  const anna = scene.person();
  const ben = scene.person();
  await scene.subscribed(scene.at.server2, ben);
  const annas = await scene.subscribed(scene.at.server1, anna);
  const other = await scene.subscribed(scene.at.server2, anna);
  annas.do({ kind: 'send', destination: '/app/chat.send', headers: {}, body: JSON.stringify({ to: ben.id, message: 'Hello' }) });
  for (const { events } of [annas, other]) {
    const echoes = await events.atLeast(1, 'message', (event) => saidBy(anna)(event) && bodyOf(event).message === 'Hello');
    assert.equal(echoes.length, 1);
  }
};

export const receipt: InteropCase = async (scene) => {
  const anna = scene.person();
  const ben = scene.person();
  await scene.subscribed(scene.at.server2, ben);
  const annas = await scene.connected(scene.at.server1, anna);
  for (const seq of [1, 2]) {
    const { headers } = await scene.say(annas, ben, `message ${seq}`);
    assert.equal(headers['conversation-id'], `direct:${[anna.id, ben.id].sort().join(':')}`);
    assert.equal(headers['seq'], String(seq));
    assert.ok(headers['id']);
  }
  assert.equal(annas.events.of('receipt').length, 2);
};

/** 24,000 bytes: Spring's client spreads such a frame over two WebSocket messages. */
export const large: InteropCase = async (scene) => {
  const anna = scene.person();
  const ben = scene.person();
  const bens = await scene.subscribed(scene.at.server2, ben);
  const annas = await scene.subscribed(scene.at.server1, anna);
  const message = '€'.repeat(8_000);
  annas.do({ kind: 'send', destination: '/app/chat.send', headers: {}, body: JSON.stringify({ to: ben.id, message }) });
  const event = await bens.events.first('message', saidBy(anna));
  assert.equal(bodyOf(event).message, message);
};

export const errorQueue: InteropCase = async (scene) => {
  const anna = scene.person();
  const annas = await scene.subscribed(scene.at.server1, anna);
  annas.do({ kind: 'send', destination: '/app/chat.send', headers: {}, body: JSON.stringify({ to: 'nobody-at-all', message: 'Hello' }) });
  const event = await annas.events.first('message', ({ headers }) => headers['destination'] === '/user/queue/errors');
  assert.equal((JSON.parse(event.body) as { code: string }).code, 'not-found'); // an error as protocol says it
  await scene.probe(annas); // it lives
};

export const unsubscribe: InteropCase = async (scene) => {
  const anna = scene.person();
  const ben = scene.person();
  const bens = await scene.subscribed(scene.at.server2, ben);
  const annas = await scene.subscribed(scene.at.server1, anna);
  await scene.say(annas, ben, 'first');
  await bens.events.first('message', saidBy(anna));
  bens.do({ kind: 'unsubscribe', id: 'messages', headers: {} });
  // Handled in order: once this has its RECEIPT the subscription has ended.
  await scene.say(bens, anna, 'I hear nothing');
  await scene.say(annas, ben, 'second');
  await scene.say(bens, anna, 'Still nothing');
  assert.deepEqual(bens.events.of('message').filter(saidBy(anna)).map((event) => bodyOf(event).message), ['first']);
};
