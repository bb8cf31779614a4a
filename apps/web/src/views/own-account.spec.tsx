import { act } from 'react';
import { expect, test, vi } from 'vitest';
import * as files from '../platform/save-file.ts';
import { becomeOwner, fillRoom } from '../preview/scenes.ts';
import { BEN, click, named, settled, type } from '../testing/opened-app.tsx';
import { sceneForEachTest } from '../testing/scene.ts';

const scene = sceneForEachTest();

const receipts = () => named(scene.root, HTMLInputElement, 'Show others what I have read');
const alerts = () => [...scene.root.querySelectorAll('[role="alert"]')].map((alert) => alert.textContent);

test('one\'s own read receipts are turned off, and stay on where the server did not hear of it', async () => {
  await scene.open('/settings');
  const toggle = scene.root.querySelector<HTMLInputElement>('[role="switch"]') ?? receipts();
  expect([toggle.checked, toggle.labels?.[0]?.textContent]).toEqual([true, 'Show others what I have read']);
  click(toggle);
  await settled();
  expect(toggle.checked).toBe(false);
  expect(scene.server.requests).toContain('PATCH /api/me');
  scene.server.refusals.set('PATCH /api/me', { status: 503, body: { code: 'unavailable', message: '' } });
  click(toggle);
  await settled();
  expect(toggle.checked).toBe(false);
  expect(alerts()).toEqual(['The server is busy just now. Try again in a moment.']);
});

test('one\'s account is exported as a file; where that fails it is said', async () => {
  const saved = vi.spyOn(files, 'saveFile').mockImplementation(() => undefined);
  await scene.open('/settings');
  await scene.pressed('Export my account (JSON Lines)');
  expect(saved.mock.calls.map(([, name]) => name)).toEqual(['anna.jsonl']);
  scene.server.isReachable = false;
  await scene.pressed('Export my account (JSON Lines)');
  expect(alerts()[0]).toContain('can’t be reached');
  expect(saved.mock.calls).toHaveLength(1);
  saved.mockRestore();
});

test('deleting one\'s account says what will be gone, wants the right password, and signs out', async () => {
  await scene.open('/settings');
  await scene.pressed('Delete account');
  expect(scene.root.querySelector('dialog')?.textContent).toContain('Nobody can ever take the ID “anna” again');
  scene.server.refusals.set('DELETE /api/me', { status: 401, body: { code: 'unauthorized', message: '' } });
  type(named(scene.root, HTMLInputElement, 'Password'), 'not it');
  await scene.pressed('Delete for good');
  expect(alerts()).toEqual(['The password is wrong.']);
  expect(scene.app.state.value.status).toBe('signed-in');
  scene.server.refusals.clear();
  type(named(scene.root, HTMLInputElement, 'Password'), 'password');
  await scene.pressed('Delete for good');
  expect(scene.app.state.value.status).toBe('signed-out');
  expect(location.pathname).toBe('/sign-in');
});

test('whoever owns rooms with others in them is told which, and led there', async () => {
  fillRoom(scene.server);
  becomeOwner(scene.server);
  await scene.open('/settings');
  await scene.pressed('Delete account');
  expect(alerts()[0]).toContain('출시 준비');
  expect(named(scene.root, HTMLButtonElement, 'Delete for good').disabled).toBe(true);
  click(named(scene.root, HTMLAnchorElement, '출시 준비'));
  await settled();
  expect(location.pathname).toBe('/c/room:team0001');
});

test('a deleted account has a name in the reader\'s language, and cannot be written to', async () => {
  scene.server.users.set('ben', { id: 'ben', displayName: 'Deleted account', deleted: true });
  const last = scene.server.store(BEN, 'ben', 'goodbye');
  scene.server.summaries.set(BEN, {
    conversationId: BEN, to: 'ben', name: 'Deleted account', deleted: true, lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0, last,
  });
  await scene.open(`/c/${BEN}`);
  act(() => scene.app.preferences.chooseLanguage('ko'));
  await settled();
  const names = () => ['.row-name', '.conversation-name'].map((each) => scene.root.querySelector(each)?.textContent);
  expect(names()).toEqual(['탈퇴한 사용자', '탈퇴한 사용자']);
  expect(scene.root.querySelector('.composer')).toBeNull();
  expect(scene.root.querySelector('.conversation-closed')?.textContent).toContain('탈퇴한 사용자예요');
  act(() => scene.app.preferences.chooseLanguage('en'));
  await settled();
  expect(names()).toEqual(['Deleted account', 'Deleted account']);
});
