import type { ChatError, Frame, StompVersion } from '@chat/protocol';
import { ProtocolFault, receiptOf } from './frame-headers.ts';
import type { Outbox } from './outbox.ts';
import type { SendAnswers } from './send-outcome.ts';
import type { Subscription } from './subscription.ts';

export type AcknowledgementsParts = {
  readonly outbox: Outbox;
  readonly subscription: (id: string) => Subscription | undefined;
  readonly answers: Pick<SendAnswers, 'started' | 'settled' | 'refuse'>;
};

/** ACK and NACK of one session. */
export class Acknowledgements {
  readonly #parts: AcknowledgementsParts;

  constructor(parts: AcknowledgementsParts) {
    this.#parts = parts;
  }

  /**
   * An entry that does not wait for it is no fault: it may have been acknowledged by a later one, its subscription may
   * have ended, and signals need none. `answered` when there is nothing more to wait for.
   */
  handle(frame: Frame, answered?: () => void): void {
    const { outbox } = this.#parts;
    const { entryId, subscriptionId } = namedBy(frame, outbox.version);
    const subscription = this.#parts.subscription(subscriptionId);
    const receipt = receiptOf(frame);
    const moves = subscription?.window?.answer(entryId, frame.command === 'ACK') ?? [];
    if (subscription?.onAcknowledged === undefined || moves.length === 0) {
      if (receipt !== undefined) outbox.receipt(receipt);
      answered?.();
      return;
    }
    const told = this.#outcome(subscription, moves.length, receipt, answered);
    for (const move of moves) subscription.onAcknowledged(move, told);
  }

  /** Throws `ProtocolFault` where a frame names no message that this server could have sent. */
  check(frame: Frame): void {
    namedBy(frame, this.#parts.outbox.version);
  }

  /** Called for each cursor: the RECEIPT says that all are stored. */
  #outcome(
    subscription: Subscription,
    cursors: number,
    receipt: string | undefined,
    answered: (() => void) | undefined,
  ): (error?: ChatError) => void {
    const { outbox, answers } = this.#parts;
    let left = cursors;
    let refused: ChatError | undefined;
    answers.started();
    return (error) => {
      refused ??= error;
      if (--left > 0) return;
      if (refused !== undefined) answers.refuse(refused, { destination: subscription.destination, receipt, clientId: undefined });
      else if (receipt !== undefined) outbox.receipt(receipt);
      answers.settled();
      answered?.();
    };
  }
}

/**
 * Since STOMP 1.2 `id` is the `ack` of the MESSAGE; before, `message-id`, which says the same here. Some clients of 1.2
 * name it that way still.
 */
function namedBy(frame: Frame, version: StompVersion): { readonly entryId: string; readonly subscriptionId: string } {
  if (frame.command === 'NACK' && version === '1.0') throw new ProtocolFault('NACK begins with STOMP 1.1.');
  const id = (version === '1.2' ? frame.headers.get('id') : undefined) ?? frame.headers.get('message-id');
  if (id === undefined) throw new ProtocolFault(`${frame.command} without ${version === '1.2' ? 'an id' : 'a message-id'}.`);
  const end = id.indexOf('/');
  if (end < 1) throw new ProtocolFault(`${frame.command} of what is no message of this server.`);
  return { entryId: id.slice(0, end), subscriptionId: id.slice(end + 1) };
}
