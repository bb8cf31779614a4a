import { act } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ScriptedServer } from '../preview/scripted-server.ts';
import { BEN, click, named, openApp, type OpenedApp, serverOfAnna, settled, type } from '../testing/opened-app.tsx';

let server: ScriptedServer;
let opened: OpenedApp;

beforeEach(() => {
  localStorage.clear();
  server = serverOfAnna();
});
afterEach(() => opened.close());

const rows = () => [...opened.root.querySelectorAll<HTMLElement>('.row')].map((row) => row.dataset['conversation']);
const submit = () => click(named(opened.root, HTMLButtonElement, 'Sign up'));

test('signing up checks what was typed before the server does', async () => {
  opened = await openApp(server, '/sign-up', { signedIn: false });
  type(named(opened.root, HTMLInputElement, 'ID'), '-anna');
  type(named(opened.root, HTMLInputElement, 'Password'), 'short');
  submit();
  await settled();
  expect([...opened.root.querySelectorAll('[role="alert"]')].map((alert) => alert.textContent)).toEqual([
    'An ID has 2 to 64 of a–z, 0–9, dot, dash and underscore, and starts and ends with a letter or digit.',
    'A password has 8 to 128 characters.',
  ]);
});

test('signing up leads to the chats; an id that is taken is said at its field', async () => {
  opened = await openApp(server, '/sign-up', { signedIn: false });
  server.refusals.set('/api/auth/register', { status: 409, body: { code: 'conflict', message: '' } });
  type(named(opened.root, HTMLInputElement, 'ID'), 'Anna');
  type(named(opened.root, HTMLInputElement, 'Password'), 'long enough');
  submit();
  await settled();
  expect(opened.root.querySelector('[role="alert"]')?.textContent).toBe('This ID is taken. Choose another one.');
  server.refusals.clear();
  submit();
  await settled();
  expect(location.pathname).toBe('/');
  expect(opened.root.querySelector('[data-testid="app"]')?.getAttribute('data-server')).toBe('server1');
  expect(opened.root.querySelector('[data-connection]')?.getAttribute('data-connection')).toBe('online');
});

test('a link into a chat survives signing in', async () => {
  opened = await openApp(server, `/c/${BEN}`, { signedIn: false });
  type(named(opened.root, HTMLInputElement, 'ID'), 'anna');
  type(named(opened.root, HTMLInputElement, 'Password'), 'long enough');
  click(named(opened.root, HTMLButtonElement, 'Sign in'));
  await settled();
  expect(location.pathname).toBe(`/c/${BEN}`);
  expect(opened.root.querySelector('.conversation-name')?.textContent).toBe('Ben');
});

test('a chat is started by id; an id that nobody has is said', async () => {
  opened = await openApp(server, '/');
  click(named(opened.root, HTMLButtonElement, 'New chat'));
  const start = () => click(named(opened.root, HTMLButtonElement, 'Start'));
  type(named(opened.root, HTMLInputElement, 'ID'), 'nobody');
  start();
  await settled();
  expect(opened.root.querySelector('[role="alert"]')?.textContent).toContain('Nobody has the ID “nobody”');
  type(named(opened.root, HTMLInputElement, 'ID'), 'BEN');
  start();
  await settled();
  expect(location.pathname).toBe(`/c/${BEN}`);
});

test('the list is in order of the last message, and counts what is unread', async () => {
  for (const [id, sentAt] of [['ben', 10], ['carl', 20]] as const) {
    server.users.set(id, { id, displayName: id });
    const last = server.store(`direct:anna:${id}`, id, 'hello', { sentAt });
    server.summaries.set(`direct:anna:${id}`, {
      conversationId: `direct:anna:${id}`, to: id, name: id, lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0, last,
    });
  }
  opened = await openApp(server, '/');
  expect(rows()).toEqual(['direct:anna:carl', BEN]);
  act(() => void server.say(BEN, 'ben', 'news'));
  await settled();
  expect(rows()).toEqual([BEN, 'direct:anna:carl']);
  expect(opened.root.querySelector('.row .row-unread')?.textContent).toBe('11 unread message');
  expect(document.title).toBe('(1) Chat');
});

test('a room in which nothing has been written yet stands where one came in, also after a reload', async () => {
  for (const [id, sentAt] of [['ben', 10], ['carl', 30]] as const) {
    const last = server.store(`direct:anna:${id}`, id, 'hello', { sentAt });
    const conversationId = `direct:anna:${id}`;
    server.summaries.set(conversationId, { conversationId, to: id, name: id, lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0, last });
  }
  const conversationId = 'room:quiet000';
  server.summaries.set(conversationId, {
    conversationId, roomId: 'quiet000', name: 'Quiet', members: 1, joinedAt: 20, lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0,
  });
  opened = await openApp(server, '/');
  expect(rows()).toEqual(['direct:anna:carl', conversationId, BEN]);
});

test('a conversation that begins meanwhile appears', async () => {
  opened = await openApp(server, '/');
  act(() => void server.say(BEN, 'ben', 'hello'));
  await settled();
  expect(rows()).toEqual([BEN]);
  expect(opened.root.querySelector('.row-name')?.textContent).toBe('Ben');
});

test('a list that cannot be loaded says so, and is loaded on request', async () => {
  server.refusals.set('/api/conversations', { status: 503, body: { code: 'unavailable', message: '' } });
  opened = await openApp(server, '/');
  expect(opened.root.querySelector('[role="alert"]')?.textContent).toContain('could not be loaded');
  server.refusals.clear();
  click(named(opened.root, HTMLButtonElement, 'Try again'));
  await settled();
  expect(opened.root.textContent).toContain('No chats yet');
});

test('a session that was replaced says so, and comes back on request', async () => {
  opened = await openApp(server, '/');
  act(() => server.drop(4409));
  await settled();
  expect(opened.root.querySelector('.connection-bar')?.textContent).toContain('too many places');
  click(named(opened.root, HTMLButtonElement, 'Use here'));
  await settled();
  expect(opened.root.querySelector('[data-connection]')?.getAttribute('data-connection')).toBe('online');
  expect(opened.root.querySelector('.connection-bar')).toBeNull();
});

test('signed out by the server: the user is told, and where they were is kept', async () => {
  opened = await openApp(server, `/c/${BEN}`);
  server.refusals.set('/api/auth/refresh', { status: 401, body: { code: 'unauthorized', message: '' } });
  act(() => server.drop(4401));
  await settled();
  expect(opened.root.querySelector('[role="status"]')?.textContent).toContain('You were signed out');
  expect(location.pathname).toBe(`/c/${BEN}`);
});

test('language and appearance follow the choice, and the choice is remembered', async () => {
  opened = await openApp(server, '/settings');
  const choose = (value: string) => {
    const label = [...opened.root.querySelectorAll('label')].find((each) => each.textContent === value);
    click(label?.querySelector('input') ?? document.body);
  };
  choose('한국어');
  choose('어둡게');
  expect(document.documentElement.lang).toBe('ko');
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(opened.root.querySelector('.settings-title')?.textContent).toBe('설정');
  opened.close();
  opened = await openApp(serverOfAnna(), '/settings');
  expect(opened.root.querySelector('.settings-title')?.textContent).toBe('설정');
});

test('an address that can be no chat of one\'s own says so', async () => {
  opened = await openApp(server, '/c/direct:ben:carl');
  expect(opened.root.textContent).toContain('There is no such chat');
});
