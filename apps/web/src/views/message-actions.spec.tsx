import { act } from 'react';
import { expect, test } from 'vitest';
import { BEN, click, named, press, settled, type } from '../testing/opened-app.tsx';
import { sceneForEachTest } from '../testing/scene.ts';

const scene = sceneForEachTest();

const composer = () => named(scene.root, HTMLTextAreaElement, 'Message');
const bubbles = () => [...scene.root.querySelectorAll('.bubble')].map((bubble) => bubble.textContent);
const menuItem = (label: string) => {
  const item = [...scene.root.querySelectorAll<HTMLElement>('[role="menuitem"]')].find((each) => (each.getAttribute('aria-label') ?? each.textContent) === label);
  if (!item) throw new Error(`There is no item ${label}.`);
  return item;
};
async function openMenu(of = 0): Promise<void> {
  const openers = scene.root.querySelectorAll<HTMLButtonElement>('.message .menu-opener');
  const opener = openers[of];
  if (!opener) throw new Error('There is no such message.');
  click(opener);
  await settled();
}

test('a reply names what it answers, and shows it', async () => {
  scene.server.store(BEN, 'ben', 'shall we?');
  await scene.open(`/c/${BEN}`);
  await openMenu();
  click(menuItem('Reply'));
  await settled();
  expect(scene.root.querySelector('.composer-writing')?.textContent).toContain('shall we?');
  type(composer(), 'yes');
  press(composer(), { key: 'Enter' });
  await settled();
  expect(scene.sentTo('/app/chat.send')).toMatchObject([{ message: 'yes', replyTo: 1 }]);
  expect(scene.root.querySelector('.composer-writing')).toBeNull();
});

test('arrow-up edits the last own message; Escape gives it up', async () => {
  scene.server.store(BEN, 'anna', 'helo');
  await scene.open(`/c/${BEN}`);
  press(composer(), { key: 'ArrowUp' });
  await settled();
  expect(composer().value).toBe('helo');
  press(composer(), { key: 'Escape' });
  await settled();
  expect(composer().value).toBe('');
  press(composer(), { key: 'ArrowUp' });
  await settled();
  type(composer(), 'hello');
  press(composer(), { key: 'Enter' });
  await settled();
  expect(scene.sentTo('/app/chat.edit')).toMatchObject([{ conversationId: BEN, target: 1, message: 'hello' }]);
  act(() => scene.server.deliver({ type: 'EDIT', conversationId: BEN, from: 'anna', seq: 2, id: 'x2', sentAt: Date.now(), target: 1, message: 'hello' }));
  await settled();
  expect(bubbles()).toEqual(['hello']);
  expect(scene.root.querySelector('.message-about')?.textContent).toContain('edited');
});

test('deleting asks once more, and leaves a line', async () => {
  scene.server.store(BEN, 'anna', 'oops');
  await scene.open(`/c/${BEN}`);
  await openMenu();
  click(menuItem('Delete for everyone'));
  await settled();
  expect(scene.sentTo('/app/chat.delete')).toEqual([]);
  click(menuItem('Really delete?'));
  await settled();
  expect(scene.sentTo('/app/chat.delete')).toMatchObject([{ target: 1 }]);
  act(() => scene.server.deliver({ type: 'DELETE', conversationId: BEN, from: 'anna', seq: 2, id: 'x2', sentAt: Date.now(), target: 1 }));
  await settled();
  expect(bubbles()).toEqual(['This message was deleted.']);
});

test('others\' messages offer neither editing nor deleting', async () => {
  scene.server.store(BEN, 'ben', 'mine');
  await scene.open(`/c/${BEN}`);
  await openMenu();
  const items = [...scene.root.querySelectorAll('.menu > .menu-item')].map((item) => item.textContent);
  expect(items).toEqual(['Reply', 'Forward', 'Copy text', 'Pin']);
});

test('reactions are set, counted, and taken back', async () => {
  scene.server.store(BEN, 'ben', 'good news');
  await scene.open(`/c/${BEN}`);
  await openMenu();
  click(menuItem('React with 👍'));
  await settled();
  expect(scene.sentTo('/app/chat.react')).toMatchObject([{ target: 1, emoji: '👍', on: true }]);
  const react = (from: string, seq: number, on: boolean) => act(() =>
    scene.server.deliver({ type: 'REACTION', conversationId: BEN, from, seq, id: `x${seq}`, sentAt: Date.now(), target: 1, emoji: '👍', on }));
  react('anna', 2, true);
  react('ben', 3, true);
  await settled();
  const reaction = () => scene.root.querySelector<HTMLButtonElement>('.reaction');
  expect([reaction()?.textContent, reaction()?.getAttribute('aria-pressed')]).toEqual(['👍2', 'true']);
  click(reaction() ?? document.body);
  await settled();
  expect(scene.sentTo('/app/chat.react').at(-1)).toMatchObject({ on: false });
  react('anna', 4, false);
  react('ben', 5, false);
  await settled();
  expect(reaction()).toBeNull();
});

test('the menu by keyboard: arrows move, Escape closes and gives the focus back', async () => {
  scene.server.store(BEN, 'ben', 'text');
  await scene.open(`/c/${BEN}`);
  await openMenu();
  expect(document.activeElement?.textContent).toBe('👍');
  press(document.activeElement as HTMLElement, { key: 'End' });
  expect(document.activeElement?.textContent).toBe('Pin');
  press(document.activeElement as HTMLElement, { key: 'ArrowDown' });
  expect(document.activeElement?.textContent).toBe('👍');
  press(document.activeElement as HTMLElement, { key: 'Escape' });
  await settled();
  expect(scene.root.querySelector('[role="menu"]')).toBeNull();
  expect(document.activeElement?.className).toBe('menu-opener');
});
