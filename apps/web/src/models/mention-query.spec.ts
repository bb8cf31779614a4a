import { expect, test } from 'vitest';
import { mentionAt, withMention } from './mention-query.ts';

test.each<[string, ReturnType<typeof mentionAt>]>([
  ['@', { from: 0, q: '' }],
  ['hello @be', { from: 6, q: 'be' }],
  ['(@민준', { from: 1, q: '민준' }],
  ['line\n@x', { from: 5, q: 'x' }],
  ['a@be', undefined],
  ['@ben ', undefined],
  ['none', undefined],
])('what is typed before the caret in %j', (text, query) => {
  expect(mentionAt(text, text.length)).toEqual(query);
});

test('only what stands before the caret counts, and only that is replaced', () => {
  expect(mentionAt('@be and more', 3)).toEqual({ from: 0, q: 'be' });
  expect(withMention('@be and more', { from: 0, q: 'be' }, 'ben')).toEqual({ text: '@ben and more', caret: 5 });
  expect(withMention('hi @', { from: 3, q: '' }, 'room')).toEqual({ text: 'hi @room ', caret: 9 });
});
