import { act } from 'react';
import { expect, test, vi } from 'vitest';
import { fillRoom } from '../preview/scenes.ts';
import { click, named, settled, type } from '../testing/opened-app.tsx';
import { sceneForEachTest } from '../testing/scene.ts';

const ROOM = 'room:team0001';
const scene = sceneForEachTest(fillRoom);

const row = (conversationId: string) => scene.root.querySelector(`[data-conversation="${conversationId}"]`);
function knownRoom() {
  const known = scene.server.rooms.get('team0001');
  if (!known) throw new Error('The scene has no room.');
  return known;
}

test('a room shows its name, who wrote what, and how many have not read it', async () => {
  await scene.open(`/c/${ROOM}`);
  expect(scene.root.querySelector('.conversation-name')?.textContent).toBe('출시 준비');
  expect([...scene.root.querySelectorAll('.message-sender')].map((name) => name.textContent)).toContain('박민준');
  const last = [...scene.root.querySelectorAll('.message')].at(-1);
  expect(last?.querySelector('.not-read')?.textContent).toContain('3');
  act(() => scene.server.deliver({ type: 'READ', conversationId: ROOM, roomId: 'team0001', from: 'x1', seq: 6, version: 2 }));
  await settled();
  expect([...scene.root.querySelectorAll('.message')].at(-1)?.querySelector('.not-read')?.textContent).toContain('2');
});

test('making a room opens it', async () => {
  await scene.open('/');
  await scene.pressed('New chat');
  await scene.pressed('New room');
  type(named(scene.root, HTMLInputElement, 'Name of the room'), 'Lunch');
  await scene.pressed('Create');
  expect(scene.root.querySelector('.conversation-name')?.textContent).toBe('Lunch');
  expect(location.pathname).toBe('/c/room:room0001');
});

test('who is no member is told so, and may join a public room', async () => {
  const known = knownRoom();
  scene.server.rooms.set('team0001', { ...known, room: { ...known.room, visibility: 'public', me: {} } });
  await scene.open(`/c/${ROOM}`);
  expect(scene.root.querySelector('.composer')).toBeNull();
  scene.server.rooms.set('team0001', known);
  await scene.pressed('Join');
  expect(scene.sentTo('/app/chat.join')).toEqual([{ roomId: 'team0001' }]);
  expect(scene.root.querySelector('.composer')).not.toBeNull();
});

test('a moderator may remove members, and nobody else', async () => {
  await scene.open(`/c/${ROOM}`);
  await scene.pressed('Room details');
  const removable = [...scene.root.querySelectorAll('.room-member')].filter((member) => member.querySelector('.menu-opener')).map((member) => member.querySelector('small')?.textContent);
  expect(removable).toEqual(['ben', 'seo-yeon', 'dev.ops', 'longname', 'noor', 'x1']);
});

test('a new name is learned when the user comes back to the window, and when the details are opened', async () => {
  const looking = vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  await scene.open(`/c/${ROOM}`);
  const rename = (name: string): void => {
    const known = knownRoom();
    scene.server.rooms.set('team0001', { ...known, room: { ...known.room, name } });
  };
  const names = () => [scene.root.querySelector('.conversation-name'), row(ROOM)?.querySelector('.row-name')].map((name) => name?.textContent);
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
  await scene.pressed('Room details');
  expect(names()).toEqual(['Third name', 'Third name']);
  looking.mockRestore();
});

test('who is removed from a private room is told so, cannot write, and finds it in the list no more', async () => {
  await scene.open(`/c/${ROOM}`);
  const gone = { status: 404, body: { code: 'not-found', message: '' } } as const;
  scene.server.refusals.set('/api/rooms/team0001', gone).set('/api/rooms/team0001/members', gone);
  act(() => scene.server.deliver({ type: 'LEAVE', conversationId: ROOM, roomId: 'team0001', from: 'anna', by: 'minjun', seq: 7, id: 'x7', sentAt: Date.now() }));
  await settled();
  expect(scene.root.querySelector('.composer')).toBeNull();
  expect(scene.root.querySelector('.conversation-closed')?.textContent).toBe('You are not a member of this room.');
  expect(row(ROOM)).toBeNull();
  scene.server.logs.delete(ROOM);
  act(() => scene.server.deliver({ type: 'SYNCED', cursors: { [ROOM]: 9 } }));
  await settled();
  expect(scene.root.querySelectorAll('.message')).toHaveLength(6);
});

test('whoever is brought into a room finds it in the list by its name, and sees it where it was not to be seen', async () => {
  const known = knownRoom();
  const summary = scene.server.summaries.get(ROOM);
  const log = scene.server.logs.get(ROOM);
  if (!summary || !log) throw new Error('The scene has no room.');
  for (const part of [scene.server.rooms, scene.server.summaries, scene.server.logs]) part.clear();
  await scene.open(`/c/${ROOM}`);
  expect(scene.root.querySelector('main .blank-title')?.textContent).toBe('There is no such chat');
  scene.server.rooms.set('team0001', known);
  scene.server.summaries.set(ROOM, summary);
  scene.server.logs.set(ROOM, log);
  act(() => scene.server.deliver({ type: 'JOIN', conversationId: ROOM, roomId: 'team0001', from: 'anna', by: 'minjun', seq: 7, id: 'x7', sentAt: Date.now() }));
  await settled();
  expect(row(ROOM)?.querySelector('.row-name')?.textContent).toBe('출시 준비');
  expect(scene.root.querySelector('.conversation-name')?.textContent).toBe('출시 준비');
  expect(scene.root.querySelectorAll('.message')).toHaveLength(6);
});

test('who only looked at a room sees after joining what was said meanwhile', async () => {
  const known = knownRoom();
  scene.server.rooms.set('team0001', { ...known, room: { ...known.room, visibility: 'public', me: {} } });
  scene.server.summaries.clear();
  await scene.open(`/c/${ROOM}`);
  scene.server.store(ROOM, 'ben', 'Nobody was told of this');
  act(() => scene.server.deliver({ type: 'JOIN', conversationId: ROOM, roomId: 'team0001', from: 'anna', seq: 8, id: 'x8', sentAt: Date.now() }));
  await settled();
  const places = [...scene.root.querySelectorAll<HTMLElement>('li[data-seq]')].map((item) => item.dataset['seq']);
  expect(places).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
});

test('the owner may hand the room over, and has to before leaving it to others', async () => {
  const known = knownRoom();
  scene.server.rooms.set('team0001', {
    room: { ...known.room, me: { role: 'owner', joinedSeq: 0 } },
    members: known.members.map((member) => ({ ...member, role: member.id === 'anna' ? 'owner' : member.id === 'minjun' ? 'moderator' : 'member' })),
  });
  await scene.open(`/c/${ROOM}`);
  await scene.pressed('Room details');
  expect([...scene.root.querySelectorAll('.room button')].map((button) => button.textContent)).not.toContain('Leave room');
  await scene.pressed('What to do with 박민준');
  click(named(scene.root, HTMLButtonElement, 'Hand over'));
  await scene.pressed('Really hand over?');
  expect(scene.server.requests).toContain('POST /api/rooms/team0001/transfer');
});

test('an invitation that has run out says so, and leads back to the chats', async () => {
  scene.server.rooms.clear();
  await scene.open('/invite#AbCdEfGhIjKlMnOpQrStUv');
  expect(scene.root.querySelector('main [role="alert"] p')?.textContent).toBe('This invitation has run out or was withdrawn. Ask for a new one.');
  click(named(scene.root, HTMLAnchorElement, 'To all chats'));
  await settled();
  expect(location.pathname).toBe('/');
});

test('an invitation link shows the token only within the fragment', async () => {
  await scene.open(`/c/${ROOM}`);
  await scene.pressed('Room details');
  await scene.pressed('Invitation links');
  await scene.pressed('Make an invitation link');
  expect(named(scene.root, HTMLInputElement, 'Invitation link').value).toBe(`${location.origin}/invite#AbCdEfGhIjKlMnOpQrStUv`);
});

test('search finds text in all conversations and leads to the message', async () => {
  await scene.open('/search');
  type(named(scene.root, HTMLInputElement, 'Search in all chats'), 'charts');
  await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await settled();
  const hit = scene.root.querySelector<HTMLAnchorElement>('.search-hit');
  expect(hit?.querySelector('mark')?.textContent).toBe('charts');
  expect(hit?.getAttribute('href')).toBe(`/c/${ROOM}?m=3`);
});

test('search is narrowed down by conversation, by who wrote it, and by days; later pages follow', async () => {
  const asked: URLSearchParams[] = [];
  scene.server.search = (query) => {
    asked.push(query);
    const isSecond = query.has('cursor');
    const message = scene.server.logs.get(ROOM)?.[isSecond ? 1 : 2];
    return { messages: message ? [message] : [], ...(isSecond ? {} : { cursor: '1-2-3' }) };
  };
  await scene.open(`/search?in=${ROOM}`);
  type(named(scene.root, HTMLInputElement, 'Written by (ID)'), 'Ben');
  type(named(scene.root, HTMLInputElement, 'From'), '2026-11-01');
  type(named(scene.root, HTMLInputElement, 'To'), '2026-11-02');
  type(named(scene.root, HTMLInputElement, 'Search in this chat'), 'charts');
  await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await settled();
  expect(Object.fromEntries(asked.at(-1) ?? [])).toEqual({
    q: 'charts', conversationId: ROOM, from: 'ben', since: String(new Date(2026, 10, 1).getTime()), until: String(new Date(2026, 10, 3).getTime()),
  });
  await scene.pressed('Show more');
  expect(asked.at(-1)?.get('cursor')).toBe('1-2-3');
  expect(scene.root.querySelectorAll('.search-hit')).toHaveLength(2);
  expect([...scene.root.querySelectorAll('button')].map((each) => each.textContent)).not.toContain('Show more');
});
