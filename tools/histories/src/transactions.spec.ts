import type { Entry } from '@chat/protocol';
import { expect, it } from 'vitest';
import type { LogSend } from './chat-device.ts';
import { ObservedLogs } from './observed-logs.ts';
import { judgeTransaction } from './transactions.ts';

const sends = ['a', 'b', 'c'].map((key): LogSend => ({
  conversation: 'room:r', key, destination: '/app/chat.send', body: {}, content: key, receipt: true, transaction: 't',
}));

function judged(stored: Readonly<Record<string, number>>): readonly string[] {
  const logs = new ObservedLogs();
  for (const [clientId, seq] of Object.entries(stored)) {
    const entry: Entry = { type: 'CHAT', conversationId: 'room:r', roomId: 'r', seq, id: `e${seq}`, from: 'anna', sentAt: 0, message: clientId, clientId };
    logs.add(entry);
  }
  return judgeTransaction({ user: 'anna', sends }, logs);
}

it.each([
  ['all side by side', { a: 4, b: 5, c: 6 }, 0],
  ['none', {}, 0],
  ['one missing', { a: 4, c: 5 }, 1],
  ['one apart', { a: 4, b: 5, c: 7 }, 1],
  ['in another order', { a: 5, b: 4, c: 6 }, 2],
])('a transaction of which is stored: %s', (_what, stored, problems) => {
  expect(judged(stored)).toHaveLength(problems);
});
