import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as files from '../platform/save-file.ts';
import { becomeOwner, fillRoom } from '../preview/scenes.ts';
import type { ScriptedServer } from '../preview/scripted-server.ts';
import { BEN, click, named, openApp, type OpenedApp, serverOfAnna, settled, type } from '../testing/opened-app.tsx';

let server: ScriptedServer;
let opened: OpenedApp;

beforeEach(() => {
  localStorage.clear();
  server = serverOfAnna();
});
afterEach(() => opened.close());

const receipts = () => named(opened.root, HTMLInputElement, 'Show others what I have read');
const alerts = () => [...opened.root.querySelectorAll('[role="alert"]')].map((alert) => alert.textContent);

async function pressed(name: string): Promise<void> {
  click(named(opened.root, HTMLButtonElement, name));
  await settled();
}

test('one\'s own read receipts are turned off, and stay on where the server did not hear of it', async () => {
  opened = await openApp(server, '/settings');
  const toggle = opened.root.querySelector<HTMLInputElement>('[role="switch"]') ?? receipts();
  expect([toggle.checked, toggle.labels?.[0]?.textContent]).toEqual([true, 'Show others what I have read']);
  click(toggle);
  await settled();
  expect(toggle.checked).toBe(false);
  expect(server.requests).toContain('PATCH /api/me');
  server.refusals.set('PATCH /api/me', { status: 503, body: { code: 'unavailable', message: '' } });
  click(toggle);
  await settled();
  expect(toggle.checked).toBe(false);
  expect(alerts()).toEqual(['The server is busy just now. Try again in a moment.']);
});

test('one\'s account is exported as a file; where that fails it is said', async () => {
  const saved = vi.spyOn(files, 'saveFile').mockImplementation(() => undefined);
  opened = await openApp(server, '/settings');
  await pressed('Export my account (JSON Lines)');
  expect(saved.mock.calls.map(([, name]) => name)).toEqual(['anna.jsonl']);
  server.isReachable = false;
  await pressed('Export my account (JSON Lines)');
  expect(alerts()[0]).toContain('can’t be reached');
  expect(saved.mock.calls).toHaveLength(1);
  saved.mockRestore();
});

test('deleting one\'s account says what will be gone, wants the right password, and signs out', async () => {
  opened = await openApp(server, '/settings');
  await pressed('Delete account');
  expect(opened.root.querySelector('dialog')?.textContent).toContain('Nobody can ever take the ID “anna” again');
  server.refusals.set('DELETE /api/me', { status: 401, body: { code: 'unauthorized', message: '' } });
  type(named(opened.root, HTMLInputElement, 'Password'), 'not it');
  await pressed('Delete for good');
  expect(alerts()).toEqual(['The password is wrong.']);
  expect(opened.app.state.value.status).toBe('signed-in');
  server.refusals.clear();
  type(named(opened.root, HTMLInputElement, 'Password'), 'password');
  await pressed('Delete for good');
  expect(opened.app.state.value.status).toBe('signed-out');
  expect(location.pathname).toBe('/sign-in');
});

test('whoever owns rooms with others in them is told which, and led there', async () => {
  fillRoom(server);
  becomeOwner(server);
  opened = await openApp(server, '/settings');
  await pressed('Delete account');
  expect(alerts()[0]).toContain('출시 준비');
  expect(named(opened.root, HTMLButtonElement, 'Delete for good').disabled).toBe(true);
  click(named(opened.root, HTMLAnchorElement, '출시 준비'));
  await settled();
  expect(location.pathname).toBe('/c/room:team0001');
});

test('a deleted account has a name in the reader\'s language, and cannot be written to', async () => {
  server.users.set('ben', { id: 'ben', displayName: 'Deleted account', deleted: true });
  const last = server.store(BEN, 'ben', 'goodbye');
  server.summaries.set(BEN, {
    conversationId: BEN, to: 'ben', name: 'Deleted account', deleted: true, lastSeq: 1, readSeq: 1, unread: 0, cursors: [], cursorVersion: 0, last,
  });
  opened = await openApp(server, `/c/${BEN}`);
  act(() => opened.app.preferences.chooseLanguage('ko'));
  await settled();
  const names = () => ['.row-name', '.conversation-name'].map((each) => opened.root.querySelector(each)?.textContent);
  expect(names()).toEqual(['탈퇴한 사용자', '탈퇴한 사용자']);
  expect(opened.root.querySelector('.composer')).toBeNull();
  expect(opened.root.querySelector('.conversation-closed')?.textContent).toContain('탈퇴한 사용자예요');
  act(() => opened.app.preferences.chooseLanguage('en'));
  await settled();
  expect(names()).toEqual(['Deleted account', 'Deleted account']);
});
