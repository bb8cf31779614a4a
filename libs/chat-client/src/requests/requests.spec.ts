import { expect, test } from 'vitest';
import { settle } from '../platform/clock.scripted.ts';
import { DIRECT } from '../testing/entries.ts';
import { onlineClient } from '../testing/scripted-client.ts';

const EDIT = '/app/chat.edit';

test('an edit is done when its RECEIPT has come, and is named by a clientId', async () => {
  const { chat, transport } = await onlineClient();
  const done = chat.edit(DIRECT, 3, 'better');
  const [frame] = transport.last.sentTo(EDIT);
  expect(frame?.body).toEqual({ conversationId: DIRECT, target: 3, message: 'better', clientId: frame?.receipt });
  transport.last.receipt(frame?.receipt ?? '', { seq: '7', 'conversation-id': DIRECT });
  expect(await done).toMatchObject({ seq: '7' });
});

test('joining has no clientId: it happens once by itself', async () => {
  const { chat, transport } = await onlineClient();
  const done = chat.join('abcdefgh');
  const [frame] = transport.last.sentTo('/app/chat.join');
  expect(frame?.body).toEqual({ roomId: 'abcdefgh' });
  transport.last.receipt(frame?.receipt ?? '');
  await done;
});

test('what had no outcome is asked for again on the next connection, as the same request', async () => {
  const { chat, transport, clock } = await onlineClient();
  const done = chat.react(DIRECT, 3, '👍', true);
  const first = transport.last.sentTo('/app/chat.react')[0];
  transport.last.drop(1006);
  await clock.advance(500);
  transport.last.connected();
  await settle();
  expect(transport.last.sentTo('/app/chat.react')).toEqual([first]);
  transport.last.receipt(first?.receipt ?? '');
  await done;
});

test('a refusal rejects with its code; one for now is tried again when the server said', async () => {
  const { chat, transport, clock } = await onlineClient();
  const edited = chat.edit(DIRECT, 3, 'better');
  const receipt = transport.last.sentTo(EDIT)[0]?.receipt ?? '';
  const refusal = { destination: EDIT, receipt, clientId: receipt };
  transport.last.refuse({ ...refusal, code: 'rate-limited', message: 'Too fast.', retryAfterMs: 2_000 });
  await clock.advance(1_999);
  expect(transport.last.sentTo(EDIT)).toHaveLength(1);
  await clock.advance(1);
  expect(transport.last.sentTo(EDIT)).toHaveLength(2);
  transport.last.refuse({ ...refusal, code: 'forbidden', message: 'Not your message.' });
  await expect(edited).rejects.toMatchObject({ code: 'forbidden', message: 'Not your message.' });
});

test('a request made while offline goes out with the next connection', async () => {
  const { chat, transport, clock } = await onlineClient();
  transport.last.drop(1006);
  const left = chat.leave('abcdefgh');
  await clock.advance(500);
  transport.last.connected();
  await settle();
  transport.last.receipt(transport.last.sentTo('/app/chat.leave')[0]?.receipt ?? '');
  await left;
});
