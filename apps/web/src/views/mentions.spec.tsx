import { act } from 'react';
import { expect, test } from 'vitest';
import { fillRoom } from '../preview/scenes.ts';
import { BEN, named, press, settled, type } from '../testing/opened-app.tsx';
import { sceneForEachTest } from '../testing/scene.ts';

const ROOM = 'room:team0001';
const scene = sceneForEachTest(fillRoom);

const composer = () => named(scene.root, HTMLTextAreaElement, 'Message');
const options = () => [...scene.root.querySelectorAll('[role="option"] small')].map((option) => option.textContent);
const selected = () => scene.root.querySelector('[aria-selected="true"] small')?.textContent;

/** Nobody is looked for while one types. */
async function typed(text: string): Promise<void> {
  type(composer(), text);
  await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await settled();
}

test('whoever is named with @ is found by name or id, and chosen by keyboard', async () => {
  await scene.open(`/c/${ROOM}`);
  await typed('hi @');
  expect(options()).toEqual(['@minjun', '@ben', '@seo-yeon', '@dev.ops', '@longname', '@noor', '@room']);
  expect(composer().getAttribute('aria-activedescendant')).toBe(scene.root.querySelector('[aria-selected="true"]')?.id);
  press(composer(), { key: 'ArrowDown' });
  expect(selected()).toBe('@ben');
  press(composer(), { key: 'ArrowUp' });
  press(composer(), { key: 'ArrowUp' });
  expect(selected()).toBe('@room');
  await typed('hi @이');
  expect(options()).toEqual(['@seo-yeon']);
  press(composer(), { key: 'Enter' });
  expect(composer().value).toBe('hi @seo-yeon ');
  expect(options()).toEqual([]);
  press(composer(), { key: 'Enter' });
  await settled();
  expect(scene.server.sent.findLast(({ destination }) => destination === '/app/chat.send')?.body).toMatchObject({ message: 'hi @seo-yeon' });
});

test('Escape closes the list, and Enter then sends; while a character is composed no key is taken', async () => {
  await scene.open(`/c/${ROOM}`);
  await typed('@be');
  press(composer(), { key: 'Enter', isComposing: true });
  expect(composer().value).toBe('@be');
  press(composer(), { key: 'Escape' });
  expect(options()).toEqual([]);
  press(composer(), { key: 'Enter' });
  await settled();
  expect(composer().value).toBe('');
});

test('in a conversation of two nobody is looked for', async () => {
  await scene.open(`/c/${BEN}`);
  await typed('@be');
  expect(options()).toEqual([]);
  expect(scene.server.requests.filter((request) => request.endsWith('/members'))).toEqual([]);
});
