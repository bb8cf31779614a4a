import { expect, test } from 'vitest';
import { type Block, blocksOf } from './message-blocks.ts';
import type { Shown, ShownMessage } from './shown-message.ts';

const NOON = new Date(2026, 10, 23, 12, 0).getTime();
const MINUTE = 60_000;

function message(seq: number, from: string, sentAt: number): ShownMessage {
  return { kind: 'message', key: `k${seq}`, from, isOwn: from === 'anna', text: `m${seq}`, sentAt, seq };
}

/** One line a block. */
function outline(blocks: readonly Block[]): string[] {
  return blocks.map((block) => (block.kind === 'group' ? `${block.from}: ${block.messages.map((each) => each.seq).join(' ')}` : block.kind));
}

test('messages of one sender within five minutes stand together', () => {
  const shown = [
    message(1, 'ben', NOON),
    message(2, 'ben', NOON + 5 * MINUTE),
    message(3, 'ben', NOON + 10 * MINUTE + 1),
    message(4, 'anna', NOON + 11 * MINUTE),
    message(5, 'ben', NOON + 11 * MINUTE),
  ];
  expect(outline(blocksOf(shown, undefined))).toEqual(['day', 'ben: 1 2', 'ben: 3', 'anna: 4', 'ben: 5']);
});

test('a day line stands before the first message of each day, and parts groups', () => {
  const midnight = new Date(2026, 10, 24).getTime();
  const shown = [message(1, 'ben', midnight - MINUTE), message(2, 'ben', midnight)];
  expect(outline(blocksOf(shown, undefined))).toEqual(['day', 'ben: 1', 'day', 'ben: 2']);
});

test('the line "new messages" stands once, before the first at or above its seq, and parts groups', () => {
  const shown = [message(1, 'ben', NOON), message(3, 'ben', NOON), message(4, 'ben', NOON)];
  expect(outline(blocksOf(shown, 2))).toEqual(['day', 'ben: 1', 'new', 'ben: 3 4']);
  expect(outline(blocksOf(shown, 9))).toEqual(['day', 'ben: 1 3 4']);
});

test('someone coming or going stands alone', () => {
  const joined: Shown = { kind: 'joined', key: 'j', from: 'ben', sentAt: NOON, seq: 2 };
  expect(outline(blocksOf([message(1, 'ben', NOON), joined, message(3, 'ben', NOON)], undefined))).toEqual(['day', 'ben: 1', 'event', 'ben: 3']);
});

test('nothing gives nothing', () => {
  expect(blocksOf([], undefined)).toEqual([]);
});
