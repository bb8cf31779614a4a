import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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

const row = (conversationId: string) => opened.root.querySelector(`[data-conversation="${conversationId}"]`);
function knownRoom() {
  const known = server.rooms.get('team0001');
  if (!known) throw new Error('The scene has no room.');
  return known;
}
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
  const known = knownRoom();
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
  const removable = [...opened.root.querySelectorAll('.room-member')].filter((member) => member.querySelector('.menu-opener')).map((member) => member.querySelector('small')?.textContent);
  expect(removable).toEqual(['ben', 'seo-yeon', 'dev.ops', 'longname', 'noor', 'x1']);
});

test('a new name is learned when the user comes back to the window, and when the details are opened', async () => {
  const looking = vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  opened = await openApp(server, `/c/${ROOM}`);
  const rename = (name: string): void => {
    const known = knownRoom();
    server.rooms.set('team0001', { ...known, room: { ...known.room, name } });
  };
  const names = () => [opened.root.querySelector('.conversation-name'), row(ROOM)?.querySelector('.row-name')].map((name) => name?.textContent);
  rename('Second name');
  looking.mockReturnValue(false);
  act(() => void dispatchEvent(new Event('blur')));
  await settled();
  expect(names()).toEqual(['출시 준비', '출시 준비']);
  looking.mockReturnValue(true);
  act(() => void dispatchEvent(new Event('focus')));
  await settled();
  expect(names()).toEqual(['Second name', 'Second name']);
  rename('Third name');
  click(named(opened.root, HTMLButtonElement, 'Room details'));
  await settled();
  expect(names()).toEqual(['Third name', 'Third name']);
  looking.mockRestore();
});

test('who is removed from a private room is told so, cannot write, and finds it in the list no more', async () => {
  opened = await openApp(server, `/c/${ROOM}`);
  const gone = { status: 404, body: { code: 'not-found', message: '' } } as const;
  server.refusals.set('/api/rooms/team0001', gone).set('/api/rooms/team0001/members', gone);
  act(() => server.deliver({ type: 'LEAVE', conversationId: ROOM, roomId: 'team0001', from: 'anna', by: 'minjun', seq: 7, id: 'x7', sentAt: Date.now() }));
  await settled();
  expect(opened.root.querySelector('.composer')).toBeNull();
  expect(opened.root.querySelector('.conversation-closed')?.textContent).toBe('You are not a member of this room.');
  expect(row(ROOM)).toBeNull();
  server.logs.delete(ROOM);
  act(() => server.deliver({ type: 'SYNCED', cursors: { [ROOM]: 9 } }));
  await settled();
  expect(opened.root.querySelectorAll('.message')).toHaveLength(6);
});

test('whoever is brought into a room finds it in the list by its name, and sees it where it was not to be seen', async () => {
  const known = knownRoom();
  const summary = server.summaries.get(ROOM);
  const log = server.logs.get(ROOM);
  if (!summary || !log) throw new Error('The scene has no room.');
  for (const part of [server.rooms, server.summaries, server.logs]) part.clear();
  opened = await openApp(server, `/c/${ROOM}`);
  expect(opened.root.querySelector('main .blank-title')?.textContent).toBe('There is no such chat');
  server.rooms.set('team0001', known);
  server.summaries.set(ROOM, summary);
  server.logs.set(ROOM, log);
  act(() => server.deliver({ type: 'JOIN', conversationId: ROOM, roomId: 'team0001', from: 'anna', by: 'minjun', seq: 7, id: 'x7', sentAt: Date.now() }));
  await settled();
  expect(row(ROOM)?.querySelector('.row-name')?.textContent).toBe('출시 준비');
  expect(opened.root.querySelector('.conversation-name')?.textContent).toBe('출시 준비');
  expect(opened.root.querySelectorAll('.message')).toHaveLength(6);
});

test('who only looked at a room sees after joining what was said meanwhile', async () => {
  const known = knownRoom();
  server.rooms.set('team0001', { ...known, room: { ...known.room, visibility: 'public', me: {} } });
  server.summaries.clear();
  opened = await openApp(server, `/c/${ROOM}`);
  server.store(ROOM, 'ben', 'Nobody was told of this');
  act(() => server.deliver({ type: 'JOIN', conversationId: ROOM, roomId: 'team0001', from: 'anna', seq: 8, id: 'x8', sentAt: Date.now() }));
  await settled();
  const places = [...opened.root.querySelectorAll<HTMLElement>('li[data-seq]')].map((item) => item.dataset['seq']);
  expect(places).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
});

test('the owner may hand the room over, and has to before leaving it to others', async () => {
  const known = knownRoom();
  server.rooms.set('team0001', {
    room: { ...known.room, me: { role: 'owner', joinedSeq: 0 } },
    members: known.members.map((member) => ({ ...member, role: member.id === 'anna' ? 'owner' : member.id === 'minjun' ? 'moderator' : 'member' })),
  });
  opened = await openApp(server, `/c/${ROOM}`);
  click(named(opened.root, HTMLButtonElement, 'Room details'));
  await settled();
  expect([...opened.root.querySelectorAll('.room button')].map((button) => button.textContent)).not.toContain('Leave room');
  click(named(opened.root, HTMLButtonElement, 'What to do with 박민준'));
  await settled();
  click(named(opened.root, HTMLButtonElement, 'Hand over'));
  click(named(opened.root, HTMLButtonElement, 'Really hand over?'));
  await settled();
  expect(server.requests).toContain('POST /api/rooms/team0001/transfer');
});

test('an invitation that has run out says so, and leads back to the chats', async () => {
  server.rooms.clear();
  opened = await openApp(server, '/invite#AbCdEfGhIjKlMnOpQrStUv');
  expect(opened.root.querySelector('main [role="alert"] p')?.textContent).toBe('This invitation has run out or was withdrawn. Ask for a new one.');
  click(named(opened.root, HTMLAnchorElement, 'To all chats'));
  await settled();
  expect(location.pathname).toBe('/');
});

test('an invitation link shows the token only within the fragment', async () => {
  opened = await openApp(server, `/c/${ROOM}`);
  click(named(opened.root, HTMLButtonElement, 'Room details'));
  await settled();
  click(named(opened.root, HTMLButtonElement, 'Invitation links'));
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

test('search is narrowed down by conversation, by who wrote it, and by days; later pages follow', async () => {
  const asked: URLSearchParams[] = [];
  server.search = (query) => {
    asked.push(query);
    const isSecond = query.has('cursor');
    const message = server.logs.get(ROOM)?.[isSecond ? 1 : 2];
    return { messages: message ? [message] : [], ...(isSecond ? {} : { cursor: '1-2-3' }) };
  };
  opened = await openApp(server, `/search?in=${ROOM}`);
  type(named(opened.root, HTMLInputElement, 'Written by (ID)'), 'Ben');
  type(named(opened.root, HTMLInputElement, 'From'), '2026-11-01');
  type(named(opened.root, HTMLInputElement, 'To'), '2026-11-02');
  type(named(opened.root, HTMLInputElement, 'Search in this chat'), 'charts');
  await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await settled();
  expect(Object.fromEntries(asked.at(-1) ?? [])).toEqual({
    q: 'charts', conversationId: ROOM, from: 'ben', since: String(new Date(2026, 10, 1).getTime()), until: String(new Date(2026, 10, 3).getTime()),
  });
  click(named(opened.root, HTMLButtonElement, 'Show more'));
  await settled();
  expect(asked.at(-1)?.get('cursor')).toBe('1-2-3');
  expect(opened.root.querySelectorAll('.search-hit')).toHaveLength(2);
  expect([...opened.root.querySelectorAll('button')].map((each) => each.textContent)).not.toContain('Show more');
});
