import { act } from 'react';
import { expect, test } from 'vitest';
import { BEN, click, named, settled, type } from '../testing/opened-app.tsx';
import { sceneForEachTest } from '../testing/scene.ts';

const scene = sceneForEachTest();

const rows = () => [...scene.root.querySelectorAll<HTMLElement>('.row')].map((row) => row.dataset['conversation']);
const submit = () => click(named(scene.root, HTMLButtonElement, 'Sign up'));

test('signing up checks what was typed before the server does', async () => {
  await scene.open('/sign-up', { signedIn: false });
  type(named(scene.root, HTMLInputElement, 'ID'), '-anna');
  type(named(scene.root, HTMLInputElement, 'Password'), 'short');
  submit();
  await settled();
  expect([...scene.root.querySelectorAll('[role="alert"]')].map((alert) => alert.textContent)).toEqual([
    'An ID has 2 to 64 of a–z, 0–9, dot, dash and underscore, and starts and ends with a letter or digit.',
    'A password has 8 to 128 characters.',
  ]);
});

test('signing up leads to the chats; an id that is taken is said at its field', async () => {
  await scene.open('/sign-up', { signedIn: false });
  scene.server.refusals.set('/api/auth/register', { status: 409, body: { code: 'conflict', message: '' } });
  type(named(scene.root, HTMLInputElement, 'ID'), 'Anna');
  type(named(scene.root, HTMLInputElement, 'Password'), 'long enough');
  submit();
  await settled();
  expect(scene.root.querySelector('[role="alert"]')?.textContent).toBe('This ID is taken. Choose another one.');
  scene.server.refusals.clear();
  submit();
  await settled();
  expect(location.pathname).toBe('/');
  expect(scene.root.querySelector('[data-testid="app"]')?.getAttribute('data-server')).toBe('server1');
  expect(scene.root.querySelector('[data-connection]')?.getAttribute('data-connection')).toBe('online');
});

test('a link into a chat survives signing in', async () => {
  await scene.open(`/c/${BEN}`, { signedIn: false });
  type(named(scene.root, HTMLInputElement, 'ID'), 'anna');
  type(named(scene.root, HTMLInputElement, 'Password'), 'long enough');
  await scene.pressed('Sign in');
  expect(location.pathname).toBe(`/c/${BEN}`);
  expect(scene.root.querySelector('.conversation-name')?.textContent).toBe('Ben');
});

test('a chat is started by id; an id that nobody has is said', async () => {
  await scene.open('/');
  click(named(scene.root, HTMLButtonElement, 'New chat'));
  const start = () => click(named(scene.root, HTMLButtonElement, 'Start'));
  type(named(scene.root, HTMLInputElement, 'ID'), 'nobody');
  start();
  await settled();
  expect(scene.root.querySelector('[role="alert"]')?.textContent).toContain('Nobody has the ID “nobody”');
  type(named(scene.root, HTMLInputElement, 'ID'), 'BEN');
  start();
  await settled();
  expect(location.pathname).toBe(`/c/${BEN}`);
});

test('the list is in order of the last message, and counts what is unread', async () => {
  for (const [id, sentAt] of [['ben', 10], ['carl', 20]] as const) {
    scene.server.users.set(id, { id, displayName: id });
    const last = scene.server.store(`direct:anna:${id}`, id, 'hello', { sentAt });
    scene.server.summaries.set(`direct:anna:${id}`, {
      conversationId: `direct:anna:${id}`, to: id, name: id, lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0, last,
    });
  }
  await scene.open('/');
  expect(rows()).toEqual(['direct:anna:carl', BEN]);
  act(() => void scene.server.say(BEN, 'ben', 'news'));
  await settled();
  expect(rows()).toEqual([BEN, 'direct:anna:carl']);
  expect(scene.root.querySelector('.row .row-unread')?.textContent).toBe('11 unread message');
  expect(document.title).toBe('(1) Chat');
});

test('a room in which nothing has been written yet stands where one came in, also after a reload', async () => {
  for (const [id, sentAt] of [['ben', 10], ['carl', 30]] as const) {
    const last = scene.server.store(`direct:anna:${id}`, id, 'hello', { sentAt });
    const conversationId = `direct:anna:${id}`;
    scene.server.summaries.set(conversationId, { conversationId, to: id, name: id, lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0, last });
  }
  const conversationId = 'room:quiet000';
  scene.server.summaries.set(conversationId, {
    conversationId, roomId: 'quiet000', name: 'Quiet', members: 1, joinedAt: 20, lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0,
  });
  await scene.open('/');
  expect(rows()).toEqual(['direct:anna:carl', conversationId, BEN]);
});

test('a conversation that begins meanwhile appears', async () => {
  await scene.open('/');
  act(() => void scene.server.say(BEN, 'ben', 'hello'));
  await settled();
  expect(rows()).toEqual([BEN]);
  expect(scene.root.querySelector('.row-name')?.textContent).toBe('Ben');
});

test('a list that cannot be loaded says so, and is loaded on request', async () => {
  scene.server.refusals.set('/api/conversations', { status: 503, body: { code: 'unavailable', message: '' } });
  await scene.open('/');
  expect(scene.root.querySelector('[role="alert"]')?.textContent).toContain('could not be loaded');
  scene.server.refusals.clear();
  await scene.pressed('Try again');
  expect(scene.root.textContent).toContain('No chats yet');
});

test('a session that was replaced says so, and comes back on request', async () => {
  await scene.open('/');
  act(() => scene.server.drop(4409));
  await settled();
  expect(scene.root.querySelector('.connection-bar')?.textContent).toContain('too many places');
  await scene.pressed('Use here');
  expect(scene.root.querySelector('[data-connection]')?.getAttribute('data-connection')).toBe('online');
  expect(scene.root.querySelector('.connection-bar')).toBeNull();
});

test('signed out by the server: the user is told, and where they were is kept', async () => {
  await scene.open(`/c/${BEN}`);
  scene.server.refusals.set('/api/auth/refresh', { status: 401, body: { code: 'unauthorized', message: '' } });
  act(() => scene.server.drop(4401));
  await settled();
  expect(scene.root.querySelector('[role="status"]')?.textContent).toContain('You were signed out');
  expect(location.pathname).toBe(`/c/${BEN}`);
});

test('language and appearance follow the choice, and the choice is remembered', async () => {
  await scene.open('/settings');
  const choose = (value: string) => {
    const label = [...scene.root.querySelectorAll('label')].find((each) => each.textContent === value);
    click(label?.querySelector('input') ?? document.body);
  };
  choose('한국어');
  choose('어둡게');
  expect(document.documentElement.lang).toBe('ko');
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(scene.root.querySelector('.settings-title')?.textContent).toBe('설정');
  scene.replaceServer();
  await scene.open('/settings');
  expect(scene.root.querySelector('.settings-title')?.textContent).toBe('설정');
});

test('an address that can be no chat of one\'s own says so', async () => {
  await scene.open('/c/direct:ben:carl');
  expect(scene.root.textContent).toContain('There is no such chat');
});
