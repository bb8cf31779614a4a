import { ChatError, CloseCode, type Frame } from '@chat/protocol';
import type { AckMode } from './ack-window.ts';

/** What no STOMP client may send; the session ends. */
export class ProtocolFault extends Error {
  override readonly name = 'ProtocolFault';
  readonly closeCode: CloseCode;
  /** What the ERROR carries beside its message. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, closeCode: CloseCode = CloseCode.protocolError, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.closeCode = closeCode;
    this.headers = headers;
  }
}

export function receiptOf(frame: Frame | undefined): string | undefined {
  return frame?.headers.get('receipt');
}

export function destinationOf(frame: Frame): string {
  const destination = frame.headers.get('destination');
  if (destination === undefined) throw new ProtocolFault(`${frame.command} without a destination.`);
  return destination;
}

const ACK_MODES = new Set(['auto', 'client', 'client-individual']);

/** Whether and how a SUBSCRIBE wants to acknowledge; `undefined`: not. */
export function ackModeOf(frame: Frame): AckMode | undefined {
  const ack = frame.headers.get('ack') ?? 'auto';
  if (!ACK_MODES.has(ack)) throw new ProtocolFault('The header ack is auto, client or client-individual.');
  return ack === 'auto' ? undefined : (ack as AckMode); // one of the set
}

/** The `seq` behind which a room's subscription begins. Throws `ChatError` if there is one that cannot be. */
export function afterOf(frame: Frame): number | undefined {
  const after = frame.headers.get('after');
  if (after === undefined) return undefined;
  if (!/^\d{1,15}$/.test(after)) throw new ChatError('bad-request', 'The header after has to be a seq: 0 or a positive whole number.');
  return Number(after);
}
