import { CloseCode, type ChatError } from '@chat/protocol';
import type { Outcome } from '../commands/command-table.ts';
import type { LogEntry } from '../conversations/log-entry.ts';

/** What a SEND was, for its answer. */
export type SendRequest = {
  /** None: it is a COMMIT. */
  readonly destination: string | undefined;
  readonly receipt: string | undefined;
  readonly clientId: string | undefined;
};

export interface SendAnswers {
  receipt(receiptId: string, headers?: Readonly<Record<string, string>>): void;
  sendAgain(entry: LogEntry): void;
  refuse(error: ChatError, request: SendRequest): void;
  end(code: CloseCode, reason: string): void;
  /** One SEND more without its outcome. */
  started(): void;
  /** And one less. */
  settled(): void;
}

/** Gives a SEND exactly one answer: RECEIPT (or the echo, where none was asked for), an error, or the connection's end. */
export class SendOutcome implements Outcome {
  readonly #answers: SendAnswers;
  readonly #request: SendRequest;
  #open = true;

  constructor(answers: SendAnswers, request: SendRequest) {
    this.#answers = answers;
    this.#request = request;
    answers.started();
  }

  done(headers?: Readonly<Record<string, string>>): void {
    if (!this.#close()) return;
    if (this.#request.receipt !== undefined) this.#answers.receipt(this.#request.receipt, headers);
    this.#answers.settled();
  }

  repeated(entry: LogEntry, headers: Readonly<Record<string, string>>): void {
    if (this.#request.receipt === undefined && this.#open) this.#answers.sendAgain(entry);
    this.done(headers);
  }

  refused(error: ChatError): void {
    if (!this.#close()) return;
    this.#answers.refuse(error, this.#request);
    this.#answers.settled();
  }

  unknown(): void {
    if (!this.#close()) return;
    this.#answers.end(CloseCode.overloaded, 'The outcome of a SEND is unknown. Reconnect and repeat it.');
    this.#answers.settled();
  }

  #close(): boolean {
    const open = this.#open;
    this.#open = false;
    return open;
  }
}
