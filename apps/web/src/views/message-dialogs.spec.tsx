import { act } from 'react';
import { expect, test } from 'vitest';
import { fillRoom } from '../preview/scenes.ts';
import { BEN, click, settled } from '../testing/opened-app.tsx';
import { sceneForEachTest } from '../testing/scene.ts';

const ROOM = 'room:team0001';
const scene = sceneForEachTest(fillRoom);

const dialog = () => scene.root.querySelector<HTMLDialogElement>('dialog');

async function choose(seq: number, item: string): Promise<void> {
  await scene.open(`/c/${ROOM}`);
  click(scene.root.querySelector<HTMLElement>(`[data-seq="${seq}"] .menu-opener`) ?? document.body);
  await settled();
  await scene.pressed(item);
}

test('a message is passed on, which says from whom it is', async () => {
  scene.server.store(BEN, 'ben', 'hello');
  scene.server.summaries.set(BEN, {
    conversationId: BEN, to: 'ben', name: 'Ben', lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0, last: scene.server.logs.get(BEN)?.[0],
  });
  await choose(1, 'Forward');
  click([...(dialog()?.querySelectorAll<HTMLElement>('.dialog-room') ?? [])].find((each) => each.textContent?.includes('Ben')) ?? document.body);
  await settled();
  expect(scene.server.sent.findLast(({ destination }) => destination === '/app/chat.send')?.body).toMatchObject({ conversationId: BEN, forward: { conversationId: ROOM, seq: 1 } });
  expect(dialog()?.querySelector('[role="status"]')?.textContent).toMatch(/^Forwarded to Ben/);
  await scene.pressed('Close');
  expect(dialog()).toBeNull();
  act(() => scene.app.router.go({ place: 'chat', conversationId: BEN }));
  await settled();
  const passedOn = scene.root.querySelector('[data-seq="2"] .bubble');
  expect(passedOn?.textContent).toBe(' Forwarded from 박민준금요일까지 남은 일을 정리해 볼까요?');
});

test('who has read a message, and who has not, by name', async () => {
  await choose(3, 'Who has read it');
  expect([...(dialog()?.querySelectorAll('.dialog-label') ?? [])].map((label) => label.textContent)).toEqual(['2 have read it', '2 have not read it']);
  expect(dialog()?.textContent).toContain('Some people don’t show what they have read.');
});

test('in large rooms the number alone', async () => {
  scene.server.answers.set(`readers ${ROOM} 3`, { notRead: 812 });
  await choose(3, 'Who has read it');
  expect(dialog()?.textContent).toContain('812 have not read this');
});

test('earlier texts of an edited message; asked again where that failed', async () => {
  const path = `/api/conversations/${encodeURIComponent(ROOM)}/messages/3/edits`;
  scene.server.refusals.set(path, { status: 503, body: { code: 'unavailable', message: '' } });
  await choose(3, 'Earlier texts');
  expect(dialog()?.querySelector('[role="alert"]')?.textContent).toContain('The server is busy');
  scene.server.refusals.clear();
  await scene.pressed('Try again');
  expect([...(dialog()?.querySelectorAll('.dialog-edits p') ?? [])].map((text) => text.textContent)).toEqual([
    'Then I look after the chart.', 'Then I look after the charts.',
  ]);
});
