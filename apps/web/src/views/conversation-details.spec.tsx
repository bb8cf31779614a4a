import type { Room } from '@chat/protocol';
import { act } from 'react';
import { describe, expect, test, vi } from 'vitest';
import * as files from '../platform/save-file.ts';
import { becomeOwner, becomeVisitor, fillRoom } from '../preview/scenes.ts';
import { BEN, click, named, press, settled, type } from '../testing/opened-app.tsx';
import { sceneForEachTest } from '../testing/scene.ts';

const ROOM = 'room:team0001';
const API = '/api/rooms/team0001';
const scene = sceneForEachTest(fillRoom);

const field = (name: string) => named(scene.root, HTMLInputElement, name);
const texts = (selector: string) => [...scene.root.querySelectorAll(selector)].map((element) => element.textContent);
const calls = (path: string) => scene.server.requests.filter((request) => request.endsWith(path) && !request.startsWith('GET'));

/** Opens the details, and of them the page that is so called. */
async function openDetails(path: string, page?: string): Promise<void> {
  await scene.open(path);
  await scene.pressed(path.includes('room:') ? 'Room details' : 'Details');
  const link = page === undefined ? undefined : [...scene.root.querySelectorAll<HTMLElement>('.details-link')].find((each) => each.textContent?.startsWith(page));
  if (link) click(link);
  await settled();
}

function change(room: Partial<Room>): void {
  const known = scene.server.rooms.get('team0001');
  if (known) scene.server.rooms.set('team0001', { ...known, room: { ...known.room, ...room } });
}

describe('banned people', () => {
  test('are listed with who did it and why, and a deleted account in the reader\'s words', async () => {
    await openDetails(`/c/${ROOM}`, 'Banned people');
    expect(texts('.room .room-member-name')[0]).toBe('Win a phone!Banned by 박민준, yesterday“광고를 계속 올려서”');
    expect(texts('.room .room-member-name')[1]).toContain('Deleted account');
    act(() => scene.app.preferences.chooseLanguage('ko'));
    expect(texts('.room .room-member-name')[1]).toContain('탈퇴한 사용자');
  });

  test('are added by id with a reason, and let in again', async () => {
    await openDetails(`/c/${ROOM}`, 'Banned people');
    type(field('Ban someone by ID'), 'X1 ');
    type(field('Reason'), 'too loud');
    await scene.pressed('Ban');
    expect(calls('/bans/x1')).toEqual([`PUT ${API}/bans/x1`]);
    expect(texts('.room .room-member-name')[0]).toContain('“too loud”');
    await scene.pressed('Lift the ban of Win a phone!');
    expect(calls('/bans/spam.bot')).toEqual([`DELETE ${API}/bans/spam.bot`]);
    expect(texts('.room .room-member-name').join()).not.toContain('Win a phone!');
  });

  test('a member is banned from the list only after being asked once more', async () => {
    await openDetails(`/c/${ROOM}`);
    await scene.pressed('What to do with Ben Carter');
    await scene.pressed('Ban');
    expect(calls('/bans/ben')).toEqual([]);
    await scene.pressed('Really ban?');
    expect(calls('/bans/ben')).toEqual([`PUT ${API}/bans/ben`]);
  });

  test('what the server refuses is said', async () => {
    scene.server.refusals.set(`PUT ${API}/bans/minjun`, { status: 403, body: { code: 'forbidden', message: '' } });
    await openDetails(`/c/${ROOM}`, 'Banned people');
    type(field('Ban someone by ID'), 'minjun');
    await scene.pressed('Ban');
    expect(texts('.room [role="alert"]')).toEqual(['You may not do that here.']);
  });
});

describe('invitation links', () => {
  test('are made with a time and a number of uses, shown once, and taken back', async () => {
    await openDetails(`/c/${ROOM}`, 'Invitation links');
    expect(texts('.room-invite')).toHaveLength(2);
    const choose = (name: string, value: string) => act(() => {
      const select = named(scene.root, HTMLSelectElement, name);
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    choose('Works for', '3600');
    choose('Uses', '5');
    await scene.pressed('Make an invitation link');
    expect(field('Invitation link').value).toBe(`${location.origin}/invite#AbCdEfGhIjKlMnOpQrStUv`);
    expect(texts('.room-invite')[0]).toContain('5 uses left');
    expect(scene.server.rooms.invites[0]).toMatchObject({ usesLeft: 5 });
    expect((scene.server.rooms.invites[0]?.expiresAt ?? 0) - Date.now()).toBeLessThanOrEqual(3_600_000);
    await scene.pressed('Take back');
    await scene.pressed('Really?');
    expect(texts('.room-invite')).toHaveLength(2);
  });
});

describe('settings of a room', () => {
  test('a moderator changes its name, and only the owner how long it keeps messages', async () => {
    await openDetails(`/c/${ROOM}`, 'Room settings');
    expect(texts('.room label')).toEqual(['Name of the room', 'Topic']);
  });

  test('the owner sets how long messages are kept; nothing means as the server does', async () => {
    becomeOwner(scene.server);
    await openDetails(`/c/${ROOM}`);
    expect(texts('.details-intro')[0]).toContain('Messages are kept for 90 days.');
    click([...scene.root.querySelectorAll<HTMLElement>('.details-link')].at(-1) ?? document.body);
    await settled();
    type(field('Days'), '0');
    expect(texts('.room [role="alert"]')).toEqual(['A whole number from 1 on, or nothing.']);
    type(field('Days'), '');
    type(field('Number of messages'), '5000');
    await scene.pressed('Save');
    expect(scene.server.rooms.get('team0001')?.room).toMatchObject({ retentionDays: undefined, retentionEntries: 5000 });
    expect(texts('.room [role="status"]')).toContain('Saved');
    await scene.pressed('Back to details');
    expect(texts('.details-intro')[0]).toContain('Only the last 5,000 messages are kept.');
  });

  test('closing a room for writing is asked once more', async () => {
    becomeOwner(scene.server);
    await openDetails(`/c/${ROOM}`);
    await scene.pressed('Close for writing');
    expect(calls('/archive')).toEqual([]);
    await scene.pressed('Really close it?');
    expect(texts('.conversation-closed')).toEqual(['This room is closed for writing.']);
    await scene.pressed('Open again');
    expect(scene.root.querySelector('.composer')).not.toBeNull();
  });
});

test('a muted room says so in the list, and is not counted in the title', async () => {
  await openDetails(`/c/${ROOM}`);
  expect(scene.root.querySelector('.row-muted')).toBeNull();
  await scene.pressed('Mute');
  expect(texts('.row-muted')).toEqual(['muted']);
  act(() => scene.app.attention.set(false));
  act(() => void scene.server.say(ROOM, 'ben', 'psst'));
  await settled();
  expect(scene.root.querySelector('.row-unread')?.textContent).toContain('1');
  expect(document.title).toBe('Chat');
  await scene.pressed('Unmute');
  expect(document.title).toBe('(1) Chat');
});

describe('pinned messages', () => {
  test('the last one stands above the messages; all of them in the details, where a moderator takes them away', async () => {
    await openDetails(`/c/${ROOM}`, 'Pinned messages');
    expect(texts('.pin-bar-last')).toEqual(['Ben Carter: Docs and the upgrade notes. I take both.']);
    expect(texts('.pin-text')).toEqual(['Docs and the upgrade notes. I take both.', '금요일까지 남은 일을 정리해 볼까요?']);
    await scene.pressed('Unpin');
    expect(calls('/pins/2')).toEqual([`DELETE /api/conversations/${encodeURIComponent(ROOM)}/pins/2`]);
    expect(texts('.pin-text')).toEqual(['금요일까지 남은 일을 정리해 볼까요?']);
  });

  test('a message is pinned from its menu', async () => {
    scene.server.pinned.clear();
    await scene.open(`/c/${ROOM}`);
    expect(scene.root.querySelector('.pin-bar')).toBeNull();
    click(scene.root.querySelector<HTMLElement>('[data-seq="6"] .menu-opener') ?? document.body);
    await settled();
    await scene.pressed('Pin');
    expect(texts('.pin-bar-last')).toEqual(['김안나: 고마워요! 결과를 보고 이야기해요.']);
  });

  test('members who are no moderators only see them', async () => {
    change({ me: { role: 'member' } });
    await openDetails(`/c/${ROOM}`, 'Pinned messages');
    expect(texts('.pin')).toHaveLength(2);
    expect(texts('.pin .text-button')).toEqual([]);
    expect(texts('.details-link')).toEqual([]);
  });
});

test('a conversation is exported as a file', async () => {
  const saved = vi.spyOn(files, 'saveFile').mockImplementation(() => undefined);
  await openDetails(`/c/${ROOM}`);
  await scene.pressed('Export (JSON Lines)');
  expect(scene.server.requests).toContain(`GET /api/conversations/${encodeURIComponent(ROOM)}/export`);
  expect(saved.mock.calls.map(([, name]) => name)).toEqual(['room-team0001.jsonl']);
  saved.mockRestore();
});

test('the details of a conversation of two: who it is, what is pinned, search in it', async () => {
  scene.server.store(BEN, 'ben', 'hello');
  await openDetails(`/c/${BEN}`);
  expect(texts('.details-link')).toEqual(['Pinned messages', 'Search in this chat', 'Export (JSON Lines)']);
  await scene.pressed('Search in this chat');
  expect(location.search).toBe(`?in=${BEN}`);
  expect(named(scene.root, HTMLSelectElement, 'In').value).toBe(BEN);
});

test('by keyboard: Escape leads back from a page, then closes the details', async () => {
  await openDetails(`/c/${ROOM}`, 'Banned people');
  const title = () => scene.root.querySelector<HTMLElement>('.room-title');
  expect([title()?.textContent, document.activeElement]).toEqual(['Banned people', title()]);
  press(title() ?? document.body, { key: 'Escape' });
  await settled();
  expect(title()?.textContent).toBe('출시 준비');
  press(title() ?? document.body, { key: 'Escape' });
  await settled();
  expect(scene.root.querySelector('.room')).toBeNull();
});

describe('somebody who is not in a public room', () => {
  const topic = () => [...scene.server.subscriptions].filter(([, { destination }]) => destination.startsWith('/topic/'));

  test('sees what is said there as it is said, and from joining on as a member does', async () => {
    becomeVisitor(scene.server);
    await scene.open(`/c/${ROOM}`);
    expect(texts('.conversation-closed p')).toEqual(['You are reading as a visitor. Join to write.']);
    const [[id, { destination, after }] = ['', { destination: '', after: '' }]] = topic();
    expect([destination, after]).toEqual(['/topic/rooms.team0001', '6']);
    act(() => scene.server.deliver(scene.server.store(ROOM, 'ben', 'Anybody here?'), id));
    await settled();
    expect(texts('.message .bubble').at(-1)).toBe('Anybody here?');
    expect(texts('[aria-live="polite"].visually-hidden')).toContain('Ben: Anybody here?');
    expect(scene.root.querySelector(`[data-conversation="${ROOM}"]`)).toBeNull();

    change({ me: { role: 'member' } });
    await scene.pressed('Join');
    expect(topic()).toEqual([]);
    expect(scene.root.querySelector('.composer')).not.toBeNull();
  });

  test('members of a room of ordinary size need not look', async () => {
    await scene.open(`/c/${ROOM}`);
    expect(topic()).toEqual([]);
    change({ members: 101 });
    await scene.open(`/c/${ROOM}`);
    expect(topic()).toHaveLength(1);
  });

  test('members of a large room hear of an entry twice, and see it once: an earlier text does not come back', async () => {
    change({ members: 101 });
    await scene.open(`/c/${ROOM}`);
    const [[id] = ['']] = topic();
    const { seq } = scene.server.store(ROOM, 'ben', 'helo');
    const edit = (at: number, message: string) => ({ type: 'EDIT', conversationId: ROOM, from: 'ben', seq: at, id: `e${at}`, sentAt: at, target: seq, message }) as const;
    const chat = scene.server.logs.get(ROOM)?.at(-1);
    if (chat?.type !== 'CHAT') throw new Error('Nothing was written.');
    const entries = [chat, edit(seq + 1, 'hello'), edit(seq + 2, 'hello!')];
    act(() => entries.forEach((entry) => scene.server.deliver(entry)));
    act(() => entries.slice(0, 2).forEach((entry) => scene.server.deliver(entry, id)));
    await settled();
    expect(texts('.message .bubble').slice(-1)).toEqual(['hello!']);
    expect(scene.root.querySelectorAll(`[data-seq="${seq}"]`)).toHaveLength(1);
  });
});
