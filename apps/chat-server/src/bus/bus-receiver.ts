import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import type { Signal } from '../delivery/signal.ts';
import type { BusListener } from './bus.port.ts';
import { decodeEnvelope } from './envelope.ts';

/** Where what other servers tell goes on this one. */
export type BusReceiverParts = {
  readonly local: {
    accept(entry: LogEntry): void;
    reached(conversation: Conversation, seq: number): void;
    signal(signal: Signal): void;
  };
  readonly presence: { onNews(userIds: readonly string[]): void };
  readonly onPossibleLoss: (reason: string) => void;
  readonly onAvailability: (available: boolean) => void;
};

/** Takes envelopes apart. */
export class BusReceiver implements BusListener {
  readonly #parts: BusReceiverParts;

  constructor(parts: BusReceiverParts) {
    this.#parts = parts;
  }

  onEnvelope(envelope: Uint8Array): void {
    const { local, presence } = this.#parts;
    // The whole envelope is decoded before anything of it is acted on.
    for (const record of decodeEnvelope(envelope)) {
      switch (record.kind) {
        case 'entry':
          local.accept(record.entry);
          break;
        case 'reached':
          local.reached(record, record.seq);
          break;
        case 'signal':
          local.signal(record.signal);
          break;
        case 'presence':
          presence.onNews(record.userIds);
          break;
      }
    }
  }

  onPossibleLoss(reason: string): void {
    this.#parts.onPossibleLoss(reason);
  }

  onAvailability(available: boolean): void {
    this.#parts.onAvailability(available);
  }
}
