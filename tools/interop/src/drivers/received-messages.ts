import type { ClientCommand, Headers } from '../client-driver.ts';
import type { ClientEvents } from '../client-events.ts';
import { transactionHeader } from '../transaction-header.ts';

/** A MESSAGE as the libraries for JavaScript hand it over: what acknowledges it is part of it. */
interface ReceivedMessage {
  readonly headers: Headers;
  readonly body: string;
  ack(headers?: Headers): void;
  nack(headers?: Headers): void;
}

/** Tells of each message that a library hands over, and keeps it to be acknowledged by its `message-id`. */
export class ReceivedMessages {
  readonly #events: ClientEvents;
  readonly #byId = new Map<string, ReceivedMessage>();

  constructor(events: ClientEvents) {
    this.#events = events;
  }

  readonly take = (message: ReceivedMessage): void => {
    this.#byId.set(message.headers['message-id'] ?? '', message);
    this.#events.add('message', { ...message.headers }, message.body);
  };

  acknowledge(command: Extract<ClientCommand, { readonly kind: 'ack' | 'nack' }>): void {
    this.#byId.get(command.message['message-id'] ?? '')?.[command.kind](transactionHeader(command));
  }
}
