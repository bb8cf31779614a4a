import { act } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fillRoom } from '../preview/scenes.ts';
import type { ScriptedServer } from '../preview/scripted-server.ts';
import { click, named, openApp, type OpenedApp, serverOfAnna, settled, type } from '../testing/opened-app.tsx';

const ROOM = 'room:team0001';
let server: ScriptedServer;
let opened: OpenedApp;

beforeEach(() => {
  localStorage.clear();
  server = serverOfAnna();
  fillRoom(server);
});
afterEach(() => opened.close());

const sentTo = (destination: string) => server.sent.filter((frame) => frame.destination === destination).map((frame) => frame.body);

test('a room shows its name, who wrote what, and how many have not read it', async () => {
  opened = await openApp(server, `/c/${ROOM}`);
  expect(opened.root.querySelector('.conversation-name')?.textContent).toBe('출시 준비');
  expect([...opened.root.querySelectorAll('.message-sender')].map((name) => name.textContent)).toContain('박민준');
  const last = [...opened.root.querySelectorAll('.message')].at(-1);
  expect(last?.querySelector('.not-read')?.textContent).toContain('3');
  act(() => server.deliver({ type: 'READ', conversationId: ROOM, roomId: 'team0001', from: 'x1', seq: 6, version: 2 }));
  await settled();
  expect([...opened.root.querySelectorAll('.message')].at(-1)?.querySelector('.not-read')?.textContent).toContain('2');
});

test('making a room opens it', async () => {
  opened = await openApp(server, '/');
  click(named(opened.root, HTMLButtonElement, 'New chat'));
  await settled();
  click(named(opened.root, HTMLButtonElement, 'New room'));
  await settled();
  type(named(opened.root, HTMLInputElement, 'Name of the room'), 'Lunch');
  click(named(opened.root, HTMLButtonElement, 'Create'));
  await settled();
  expect(opened.root.querySelector('.conversation-name')?.textContent).toBe('Lunch');
  expect(location.pathname).toBe('/c/room:room0001');
});

test('who is no member is told so, and may join a public room', async () => {
  const known = server.rooms.get('team0001');
  if (!known) throw new Error('The scene has no room.');
  server.rooms.set('team0001', { ...known, room: { ...known.room, visibility: 'public', me: {} } });
  opened = await openApp(server, `/c/${ROOM}`);
  expect(opened.root.querySelector('.composer')).toBeNull();
  server.rooms.set('team0001', known);
  click(named(opened.root, HTMLButtonElement, 'Join'));
  await settled();
  expect(sentTo('/app/chat.join')).toEqual([{ roomId: 'team0001' }]);
  expect(opened.root.querySelector('.composer')).not.toBeNull();
});

test('a moderator may remove members, and nobody else', async () => {
  opened = await openApp(server, `/c/${ROOM}`);
  click(named(opened.root, HTMLButtonElement, 'Room details'));
  await settled();
  const removable = [...opened.root.querySelectorAll('.room-member')].filter((member) => member.querySelector('.text-button')).map((member) => member.querySelector('small')?.textContent);
  expect(removable).toEqual(['ben', 'seo-yeon', 'dev.ops', 'longname', 'noor', 'x1']);
});

test('an invitation link shows the token only within the fragment', async () => {
  opened = await openApp(server, `/c/${ROOM}`);
  click(named(opened.root, HTMLButtonElement, 'Room details'));
  await settled();
  click(named(opened.root, HTMLButtonElement, 'Make an invitation link'));
  await settled();
  expect(named(opened.root, HTMLInputElement, 'Invitation link').value).toBe(`${location.origin}/invite#AbCdEfGhIjKlMnOpQrStUv`);
});

test('search finds text in all conversations and leads to the message', async () => {
  opened = await openApp(server, '/search');
  type(named(opened.root, HTMLInputElement, 'Search in all chats'), 'charts');
  await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await settled();
  const hit = opened.root.querySelector<HTMLAnchorElement>('.search-hit');
  expect(hit?.querySelector('mark')?.textContent).toBe('charts');
  expect(hit?.getAttribute('href')).toBe(`/c/${ROOM}?m=3`);
});
