import { ChatError, type Frame } from '@chat/protocol';

/** What no STOMP client may send; the session ends. */
export class ProtocolFault extends Error {
  override readonly name = 'ProtocolFault';
}

export function receiptOf(frame: Frame | undefined): string | undefined {
  return frame?.headers.get('receipt');
}

export function destinationOf(frame: Frame): string {
  const destination = frame.headers.get('destination');
  if (destination === undefined) throw new ProtocolFault(`${frame.command} without a destination.`);
  return destination;
}

/** The `seq` behind which a room's subscription begins. Throws `ChatError` if there is one that cannot be. */
export function afterOf(frame: Frame): number | undefined {
  const after = frame.headers.get('after');
  if (after === undefined) return undefined;
  if (!/^\d{1,15}$/.test(after)) throw new ChatError('bad-request', 'The header after has to be a seq: 0 or a positive whole number.');
  return Number(after);
}
