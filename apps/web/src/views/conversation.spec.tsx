import { act } from 'react';
import { describe, expect, test, vi } from 'vitest';
import type { ScriptedServer } from '../preview/scripted-server.ts';
import { BEN, named, press, settled, type } from '../testing/opened-app.tsx';
import { sceneForEachTest } from '../testing/scene.ts';

const scene = sceneForEachTest();

const messages = () => [...scene.root.querySelectorAll<HTMLElement>('.message')];
const outline = () => messages().map((each) => [each.dataset['seq'], each.dataset['state'], each.querySelector('.bubble')?.textContent]);
const composer = () => named(scene.root, HTMLTextAreaElement, 'Message');
const chatSends = () => scene.server.sent.filter((frame) => frame.destination === '/app/chat.send').map((frame) => frame.body['message']);

describe('a message of one\'s own', () => {
  test('is pending, then stored, delivered and read, always in the same element', async () => {
    await scene.open(`/c/${BEN}`);
    scene.server.refuse = () => 'silence';
    type(composer(), 'hello');
    press(composer(), { key: 'Enter' });
    await settled();
    expect(outline()).toEqual([[undefined, 'pending', 'hello']]);
    const [element] = messages();

    const clientId = String(scene.server.sent.at(-1)?.body['clientId']);
    act(() => void scene.server.say(BEN, 'anna', 'hello', { clientId }));
    await settled();
    expect(outline()).toEqual([['1', 'stored', 'hello']]);
    const cursor = { conversationId: BEN, from: 'ben', seq: 1, version: 1 };
    for (const [signal, state] of [[{ type: 'DELIVERED', ...cursor }, 'delivered'], [{ type: 'READ', ...cursor }, 'read']] as const) {
      act(() => scene.server.deliver(signal));
      await settled();
      expect(outline()).toEqual([['1', state, 'hello']]);
    }
    expect(messages()[0]).toBe(element);
    expect(element?.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe('Read');
  });

  test('that is refused says why, is tried again, and can be deleted', async () => {
    await scene.open(`/c/${BEN}`);
    scene.server.refuse = () => ({ code: 'forbidden', message: 'No.' });
    type(composer(), 'hello');
    press(composer(), { key: 'Enter' });
    await settled();
    expect(outline()).toEqual([[undefined, 'failed', 'hello']]);
    expect(scene.root.querySelector('.message-failure')?.textContent).toContain('you may not write here');
    await scene.pressed('Try again');
    expect(chatSends()).toEqual(['hello', 'hello']);
    await scene.pressed('Delete');
    expect(messages()).toEqual([]);
  });

  test('of two that were written offline both are sent, in order, once there is a connection', async () => {
    await scene.open(`/c/${BEN}`);
    scene.server.isReachable = false;
    act(() => scene.server.drop(1006));
    for (const text of ['one', 'two']) {
      type(composer(), text);
      press(composer(), { key: 'Enter' });
    }
    await settled();
    expect(outline().map(([, state]) => state)).toEqual(['pending', 'pending']);
    scene.server.isReachable = true;
    act(() => scene.session().chat.retryNow());
    await settled();
    expect(outline()).toEqual([['1', 'stored', 'one'], ['2', 'stored', 'two']]);
  });
});

describe('the composer', () => {
  test('Shift+Enter breaks the line; Enter sends what has text', async () => {
    await scene.open(`/c/${BEN}`);
    type(composer(), 'one');
    expect(press(composer(), { key: 'Enter', shiftKey: true }).defaultPrevented).toBe(false);
    type(composer(), '  \n ');
    press(composer(), { key: 'Enter' });
    await settled();
    expect(chatSends()).toEqual([]);
  });

  test('never sends while a character is being composed', async () => {
    await scene.open(`/c/${BEN}`);
    type(composer(), '안녕하세');
    press(composer(), { key: 'Enter', isComposing: true });
    press(composer(), { key: 'Enter', keyCode: 229 });
    await settled();
    expect(chatSends()).toEqual([]);
    expect(composer().value).toBe('안녕하세');
    press(composer(), { key: 'Enter' });
    await settled();
    expect(chatSends()).toEqual(['안녕하세']);
    expect(composer().value).toBe('');
  });

  test('keeps a draft for each conversation', async () => {
    await scene.open(`/c/${BEN}`);
    type(composer(), 'half a thought');
    act(() => scene.app.router.go({ place: 'chat', conversationId: 'direct:anna:anna' }));
    await settled();
    expect(composer().value).toBe('');
    act(() => scene.app.router.go({ place: 'chat', conversationId: BEN }));
    await settled();
    expect(composer().value).toBe('half a thought');
  });

  test('counts code points near the limit, and does not send beyond it', async () => {
    await scene.open(`/c/${BEN}`);
    const hint = () => scene.root.querySelector('.composer-hints')?.textContent;
    type(composer(), '👍'.repeat(7_000));
    expect(hint()).toBe('');
    type(composer(), '👍'.repeat(7_999));
    expect(hint()).toBe('1 character left');
    type(composer(), '👍'.repeat(8_002));
    expect(hint()).toBe('2 characters too many');
    press(composer(), { key: 'Enter' });
    await settled();
    expect(chatSends()).toEqual([]);
  });
});

describe('reading', () => {
  test('the line "new messages" stands at the first unread one, and seeing it reads it', async () => {
    for (const text of ['old', 'new one', 'new two']) scene.server.store(BEN, 'ben', text);
    scene.server.summaries.set(BEN, {
      conversationId: BEN, to: 'ben', name: 'Ben', lastSeq: 3, readSeq: 1, unread: 2, cursors: [], cursorVersion: 0, last: scene.server.logs.get(BEN)?.at(-1),
    });
    await scene.open(`/c/${BEN}`);
    expect(scene.root.querySelector('[data-new]')?.nextElementSibling?.textContent).toContain('new one');
    expect(scene.root.querySelector('.row-unread')).toBeNull();
    const reads = () => scene.server.sent.filter((frame) => frame.destination === '/app/chat.read').map((frame) => frame.body['seq']);
    await vi.waitFor(() => expect(reads()).toEqual([3]));
  });

  test('what comes while the user looks elsewhere gets the line, and is read when they are back', async () => {
    await scene.open(`/c/${BEN}`);
    act(() => void scene.server.say(BEN, 'ben', 'seen'));
    await settled();
    act(() => scene.app.attention.set(false));
    await settled();
    expect(scene.root.querySelector('[data-new]')).toBeNull();
    act(() => void scene.server.say(BEN, 'ben', 'not seen'));
    await settled();
    expect(scene.root.querySelector('[data-new]')?.nextElementSibling?.textContent).toContain('not seen');
    expect(scene.root.querySelector('.row-unread')?.textContent).toContain('1');
    act(() => scene.app.attention.set(true));
    await settled();
    expect(scene.root.querySelector('.row-unread')).toBeNull();
    expect(scene.root.querySelector('[data-new]')).not.toBeNull();
  });

  test('history is loaded in pages, upwards', async () => {
    for (let seq = 1; seq <= 120; seq++) scene.server.store(BEN, 'ben', `number ${seq}`);
    await scene.open(`/c/${BEN}`);
    const { state } = scene.session().timeline(BEN);
    // Nothing has a height here, so everything is near the start, and all of it gets loaded.
    await settled();
    expect(state.value.hasOlder).toBe(false);
    expect(messages().map((each) => Number(each.dataset['seq']))).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  });

  test('text is never markup, links are links', async () => {
    scene.server.store(BEN, 'ben', '<img src=x onerror=alert(1)> see https://example.org/a?b=1.');
    await scene.open(`/c/${BEN}`);
    expect(scene.root.querySelector('.bubble img')).toBeNull();
    expect([...scene.root.querySelectorAll<HTMLAnchorElement>('.bubble a')].map((link) => link.href)).toEqual(['https://example.org/a?b=1']);
  });

  test('an edit and a deletion change what is shown', async () => {
    await scene.open(`/c/${BEN}`);
    const say = (message: Parameters<ScriptedServer['deliver']>[0]) => act(() => scene.server.deliver(message));
    say({ type: 'CHAT', conversationId: BEN, from: 'ben', seq: 1, id: 'a', sentAt: 1, message: 'frist' });
    say({ type: 'CHAT', conversationId: BEN, from: 'ben', seq: 2, id: 'b', sentAt: 2, message: 'second' });
    say({ type: 'EDIT', conversationId: BEN, from: 'ben', seq: 3, id: 'c', sentAt: 3, target: 1, message: 'first' });
    say({ type: 'DELETE', conversationId: BEN, from: 'ben', seq: 4, id: 'd', sentAt: 4, target: 2 });
    await settled();
    expect(messages().map((each) => each.querySelector('.bubble')?.textContent)).toEqual(['first', 'This message was deleted.']);
  });
});
