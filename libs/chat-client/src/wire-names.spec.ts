import * as protocol from '@chat/protocol';
import { expect, test } from 'vitest';
import * as names from './wire-names.ts';

test('the names are the protocol\'s', () => {
  expect(names.SendDestination).toEqual(protocol.SendDestination);
  expect(names.SubscribeDestination).toEqual(protocol.SubscribeDestination);
  expect(names.CloseCode).toEqual(protocol.CloseCode);
  for (const [a, b] of [['anna', 'ben'], ['ben', 'anna'], ['anna', 'anna'], ['a-z', 'a.z']] as const) {
    expect(names.directConversationId(a, b)).toBe(protocol.directConversationId(a, b));
  }
});
