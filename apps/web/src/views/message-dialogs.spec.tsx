import { act } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fillRoom } from '../preview/scenes.ts';
import type { ScriptedServer } from '../preview/scripted-server.ts';
import { BEN, click, named, openApp, type OpenedApp, serverOfAnna, settled } from '../testing/opened-app.tsx';

const ROOM = 'room:team0001';
let server: ScriptedServer;
let opened: OpenedApp;

beforeEach(() => {
  localStorage.clear();
  server = serverOfAnna();
  fillRoom(server);
});
afterEach(() => opened.close());

const dialog = () => opened.root.querySelector<HTMLDialogElement>('dialog');

async function choose(seq: number, item: string): Promise<void> {
  opened = await openApp(server, `/c/${ROOM}`);
  click(opened.root.querySelector<HTMLElement>(`[data-seq="${seq}"] .menu-opener`) ?? document.body);
  await settled();
  click(named(opened.root, HTMLButtonElement, item));
  await settled();
}

test('a message is passed on, which says from whom it is', async () => {
  server.store(BEN, 'ben', 'hello');
  server.summaries.set(BEN, {
    conversationId: BEN, to: 'ben', name: 'Ben', lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0, last: server.logs.get(BEN)?.[0],
  });
  await choose(1, 'Forward');
  click([...(dialog()?.querySelectorAll<HTMLElement>('.dialog-room') ?? [])].find((each) => each.textContent?.includes('Ben')) ?? document.body);
  await settled();
  expect(server.sent.findLast(({ destination }) => destination === '/app/chat.send')?.body).toMatchObject({ conversationId: BEN, forward: { conversationId: ROOM, seq: 1 } });
  expect(dialog()?.querySelector('[role="status"]')?.textContent).toMatch(/^Forwarded to Ben/);
  click(named(opened.root, HTMLButtonElement, 'Close'));
  await settled();
  expect(dialog()).toBeNull();
  act(() => opened.app.router.go({ place: 'chat', conversationId: BEN }));
  await settled();
  const passedOn = opened.root.querySelector('[data-seq="2"] .bubble');
  expect(passedOn?.textContent).toBe(' Forwarded from 박민준금요일까지 남은 일을 정리해 볼까요?');
});

test('who has read a message, and who has not, by name', async () => {
  await choose(3, 'Who has read it');
  expect([...(dialog()?.querySelectorAll('.dialog-label') ?? [])].map((label) => label.textContent)).toEqual(['2 have read it', '2 have not read it']);
  expect(dialog()?.textContent).toContain('Some people don’t show what they have read.');
});

test('in large rooms the number alone', async () => {
  server.answers.set(`readers ${ROOM} 3`, { notRead: 812 });
  await choose(3, 'Who has read it');
  expect(dialog()?.textContent).toContain('812 have not read this');
});

test('earlier texts of an edited message; asked again where that failed', async () => {
  const path = `/api/conversations/${encodeURIComponent(ROOM)}/messages/3/edits`;
  server.refusals.set(path, { status: 503, body: { code: 'unavailable', message: '' } });
  await choose(3, 'Earlier texts');
  expect(dialog()?.querySelector('[role="alert"]')?.textContent).toContain('The server is busy');
  server.refusals.clear();
  click(named(opened.root, HTMLButtonElement, 'Try again'));
  await settled();
  expect([...(dialog()?.querySelectorAll('.dialog-edits p') ?? [])].map((text) => text.textContent)).toEqual([
    'Then I look after the chart.', 'Then I look after the charts.',
  ]);
});
