import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConversationBook } from '../conversations/conversation-book.ts';
import { ChatTyping } from './chat-typing.ts';
import type { Caller, Outcome } from './command-table.ts';

let told: boolean[];
let typing: ChatTyping;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  const conversations = { known: () => ({ conversationId: 'direct:anna:ben', conversationNo: 1 }) } as unknown as ConversationBook; // nothing else is used
  typing = new ChatTyping({
    conversations,
    onSignals: (signals) => {
      for (const signal of signals) told.push((JSON.parse(signal.body.toString()) as { typing: boolean }).typing);
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const caller = { principal: { userNo: 1, userId: 'anna' } } as unknown as Caller; // nothing else is used
const outcome = { done: () => undefined } as unknown as Outcome; // nothing else is used
const type = (on: boolean): Promise<void> => typing.handle({ to: 'ben', typing: on }, caller, outcome);

test('the first is told at once, repeats of it within a second are not', async () => {
  for (let i = 0; i < 20; i++) await type(true);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(told).toEqual([true]);
  await type(true);
  expect(told).toEqual([true, true]);
});

test('however often it changes, one is told in a second, and the last one wins', async () => {
  for (let i = 0; i < 1_000; i++) await type(i % 2 === 0);
  expect(told).toEqual([true]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told).toEqual([true, false]);
});

test('after a message the next key is told at once, and nothing that waited is told behind the message', async () => {
  await type(true);
  await type(false);
  typing.onSend('direct:anna:ben', 'anna');
  await vi.advanceTimersByTimeAsync(1_500);
  expect(told).toEqual([true]);
  await type(true);
  typing.onSend('direct:anna:ben', 'anna');
  await type(true);
  expect(told).toEqual([true, true, true]);
});
