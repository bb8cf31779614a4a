import { expect, test } from 'vitest';
import { Translator } from './texts.ts';
import { Times } from './times.ts';

const now = new Date(2026, 10, 23, 14, 5).getTime();
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();

const moments = [
  now - 59_000,
  at(2026, 10, 23, 9, 7),
  at(2026, 10, 22, 23, 59),
  at(2026, 10, 18, 9, 0),
  at(2026, 4, 3, 9, 0),
  at(2024, 4, 3, 9, 0),
];

test('a moment is said as briefly as it can be understood', () => {
  const english = new Times(new Translator('en'), ['en-GB']);
  expect(moments.map((moment) => english.brief(moment, now))).toEqual(['now', '09:07', 'yesterday', 'Wednesday', '3 May', '03/05/2024']);
  const korean = new Times(new Translator('ko'));
  expect(moments.map((moment) => korean.brief(moment, now))).toEqual(['방금', '오전 9:07', '어제', '수요일', '5월 3일', '2024. 5. 3.']);
});

test('yesterday is a calendar day, also where it had 23 or 25 hours', () => {
  const english = new Times(new Translator('en'));
  const justBeforeMidnight = at(2026, 2, 28, 23, 59);
  const morningAfterTheClocksChanged = at(2026, 2, 29, 0, 1);
  expect(english.brief(justBeforeMidnight, morningAfterTheClocksChanged + 120_000)).toBe('yesterday');
});

test('languages of the browser decide how, the chosen one in which words', () => {
  expect(new Times(new Translator('ko'), ['en-US']).brief(moments[1] ?? 0, now)).toBe('오전 9:07');
  expect(new Times(new Translator('en'), ['ko-KR', 'en-US']).brief(moments[1] ?? 0, now)).toBe('9:07 AM');
});
