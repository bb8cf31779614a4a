import { expect, test } from 'vitest';
import { decodeNameCursor, decodeNumberCursor, encodeCursor } from './page-cursor.ts';

const raw = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a place comes back as it was', () => {
  expect(decodeNameCursor(encodeCursor(['이름 "a"', 7]))).toEqual({ name: '이름 "a"', number: 7 });
  expect(decodeNumberCursor(encodeCursor([1_795_420_800_000, 7]))).toEqual({ first: 1_795_420_800_000, second: 7 });
});

test.each(['', '%', 'x', raw(null), raw({}), raw([]), raw(['a']), raw(['a', 'b']), raw(['a', -1]), raw(['a', 1.5]), raw(['a', 2 ** 31]), raw(['a', 1, 1]), raw(['\0', 1])])(
  'what no page has given is refused: %s',
  (cursor) => {
    expect(() => decodeNameCursor(cursor)).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(() => decodeNumberCursor(cursor)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  },
);
