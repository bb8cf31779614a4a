import { CloseCode, type Frame } from '@chat/protocol';
import { destinationOf, ProtocolFault } from './frame-headers.ts';

export type TransactionLimits = {
  readonly transactionsPerSession: number;
  readonly framesInTransactions: number;
  readonly bytesInTransactions: number;
};

type Open = { readonly frames: Frame[]; bytes: number };

/** The open transactions of one session: frames that wait for their COMMIT. The bounds are those of all of them together. */
export class Transactions {
  readonly #limits: TransactionLimits;
  readonly #open = new Map<string, Open>();
  #frames = 0;
  #bytes = 0;

  constructor(limits: TransactionLimits) {
    this.#limits = limits;
  }

  begin(frame: Frame): void {
    const name = named(frame);
    if (this.#open.has(name)) throw new ProtocolFault('BEGIN of a transaction that is open already.');
    if (this.#open.size >= this.#limits.transactionsPerSession) {
      throw new ProtocolFault(`A session may have ${this.#limits.transactionsPerSession} transactions open at most.`);
    }
    this.#open.set(name, { frames: [], bytes: 0 });
  }

  /** Keeps a SEND, ACK or NACK that names its transaction. */
  keep(frame: Frame): void {
    const transaction = this.#named(frame);
    if (frame.command === 'SEND') destinationOf(frame);
    const bytes = sizeOf(frame);
    if (this.#frames >= this.#limits.framesInTransactions) {
      throw new ProtocolFault(`The open transactions of a session may hold ${this.#limits.framesInTransactions} frames at most.`);
    }
    if (this.#bytes + bytes > this.#limits.bytesInTransactions) {
      const message = `The open transactions of a session may hold ${this.#limits.bytesInTransactions} bytes at most.`;
      throw new ProtocolFault(message, CloseCode.tooLarge);
    }
    // The body is a view of what the socket brought, which does not live on.
    transaction.frames.push({ ...frame, body: Uint8Array.from(frame.body) });
    transaction.bytes += bytes;
    this.#frames++;
    this.#bytes += bytes;
  }

  /** Ends the transaction that a COMMIT or ABORT names, and gives what it held, in order. */
  end(frame: Frame): readonly Frame[] {
    const { frames, bytes } = this.#named(frame);
    this.#open.delete(named(frame));
    this.#frames -= frames.length;
    this.#bytes -= bytes;
    return frames;
  }

  #named(frame: Frame): Open {
    const transaction = this.#open.get(named(frame));
    if (transaction === undefined) throw new ProtocolFault(`${frame.command} in a transaction that is not open.`);
    return transaction;
  }
}

function named(frame: Frame): string {
  const name = frame.headers.get('transaction');
  if (name === undefined) throw new ProtocolFault(`${frame.command} without the header transaction.`);
  return name;
}

/** What keeping it costs, about: headers in memory have two bytes a character. */
function sizeOf({ headers, body }: Frame): number {
  let characters = 0;
  for (const text of headers.flat) characters += text.length;
  return body.byteLength + 2 * characters;
}
