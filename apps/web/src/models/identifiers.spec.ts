import { isUserId } from '@chat/protocol';
import * as protocol from '@chat/protocol';
import { expect, test } from 'vitest';
import { codePoints, isConversationOf, peerOf, typedUserId } from './identifiers.ts';

const ids = ['an', 'a', 'Anna', 'anna', 'an.na', 'an_na', 'an-na', '-anna', 'anna.', 'a'.repeat(64), 'a'.repeat(65), 'añna', 'an na', '', '12'];

test('the grammar of ids is the protocol\'s', () => {
  for (const id of ids) expect(isUserId(id), id).toBe(protocol.isUserId(id));
});

test('what is typed is lower-cased and trimmed', () => {
  expect(typedUserId('  Anna.K ')).toBe('anna.k');
});

test('the peer of a conversation', () => {
  expect(peerOf('direct:anna:ben', 'anna')).toBe('ben');
  expect(peerOf('direct:anna:ben', 'ben')).toBe('anna');
  expect(peerOf('direct:anna:anna', 'anna')).toBe('anna');
  expect(peerOf('direct:anna:ben', 'carl')).toBeUndefined();
  expect(peerOf('direct:ben:anna', 'anna')).toBeUndefined();
  expect(peerOf('room:abcdefgh', 'anna')).toBeUndefined();
});

test('whose conversation an address can be', () => {
  const mine = ['direct:anna:ben', 'direct:anna:anna', 'room:abcdefgh', 'direct:ben:carl', 'direct:ben:anna', 'room:x', 'nonsense', ''];
  expect(mine.map((id) => isConversationOf(id, 'anna'))).toEqual([true, true, true, false, false, false, false, false]);
});

test('lengths count code points', () => {
  expect(['', 'abc', '한글', '👍', '👨‍👩‍👧', '\ud83d'].map(codePoints)).toEqual([0, 3, 2, 1, 5, 1]);
});
