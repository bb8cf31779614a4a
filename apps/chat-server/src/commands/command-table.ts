import { ChatError } from '@chat/protocol';
import type { LogEntry } from '../conversations/log-entry.ts';
import type { FeedStart } from '../delivery/feed.ts';
import type { Principal } from '../identity/principal.ts';

/** The session that a command came from, as commands see it. */
export interface Caller {
  readonly principal: Principal;
  /** Makes its feeds go live from there. `outcome` is done when SYNCED has been sent. */
  sync(start: FeedStart, outcome: Outcome): void;
  /** Lives on under the new token. Throws `ChatError` unauthorized if that belongs to somebody else. */
  renew(principal: Principal): void;
}

/** What becomes of a SEND: exactly one of these, once. */
export interface Outcome {
  /** Done; `headers` go into the RECEIPT, if one was asked for. */
  done(headers?: Readonly<Record<string, string>>): void;
  /** Stored by an earlier send. Without a receipt to give the entry is sent again, to this session alone. */
  repeated(entry: LogEntry, headers: Readonly<Record<string, string>>): void;
  refused(error: ChatError): void;
  /** Nobody knows whether it happened: the connection ends. */
  unknown(): void;
}

/**
 * An application destination. `handle` may throw `ChatError`, which refuses the SEND. While a promise of it is pending
 * no further frame of the session is handled; what it started through `outcome` may end later.
 */
export interface Command {
  readonly destination: string;
  handle(body: unknown, caller: Caller, outcome: Outcome): void | Promise<void>;
}

/** Finds the command of a destination. */
export class CommandTable {
  readonly #commands: ReadonlyMap<string, Command>;

  constructor(commands: readonly Command[]) {
    this.#commands = new Map(commands.map((command) => [command.destination, command]));
  }

  /** Throws `ChatError` for a destination that there is not, or that only the server may send to. */
  at(destination: string): Command {
    const command = this.#commands.get(destination);
    if (command !== undefined) return command;
    if (/^\/(topic|queue|user|exchange|amq)\//.test(destination)) {
      throw new ChatError('forbidden', `Clients may not SEND to ${printable(destination)}.`);
    }
    throw new ChatError('not-found', `There is no destination ${printable(destination)}.`);
  }
}

function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- what a client sent must not break the line it is quoted in
  return text.slice(0, 100).replace(/[\u0000-\u001f\u007f]/g, ' ');
}
