import { bodyText, ChatError, FrameError, type Frame } from '@chat/protocol';
import type { Caller, CommandTable } from '../commands/command-table.ts';
import { destinationOf, ProtocolFault, receiptOf } from './frame-headers.ts';
import { SendOutcome, type SendAnswers } from './send-outcome.ts';

export type SendsParts = {
  readonly commands: CommandTable;
  readonly caller: Caller;
  readonly answers: SendAnswers;
};

/** SEND of one session: finds the command, and sees to it that each gets its outcome. */
export class Sends {
  readonly #parts: SendsParts;

  constructor(parts: SendsParts) {
    this.#parts = parts;
  }

  /** While the promise is pending no further frame may be handled; the outcome may come later than that. */
  send(frame: Frame): void | Promise<void> {
    const { commands, caller, answers } = this.#parts;
    const destination = destinationOf(frame);
    if (frame.headers.has('transaction')) throw new ProtocolFault('Transactions are not available.');
    let clientId: string | undefined;
    let outcome: SendOutcome | undefined;
    try {
      const command = commands.at(destination);
      const body = parseJson(frame);
      clientId = clientIdOf(body);
      outcome = new SendOutcome(answers, { destination, receipt: receiptOf(frame), clientId });
      const pending = command.handle(body, caller, outcome);
      return pending === undefined ? undefined : pending.catch(refuse(outcome));
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      if (outcome !== undefined) outcome.refused(error);
      else answers.refuse(error, { destination, receipt: receiptOf(frame), clientId });
      return undefined;
    }
  }
}

function parseJson(frame: Frame): unknown {
  try {
    return JSON.parse(bodyText(frame)) as unknown;
  } catch (error) {
    if (error instanceof FrameError) throw new ChatError('bad-request', 'The body is not UTF-8.');
    throw new ChatError('bad-request', 'The body is not JSON.');
  }
}

function clientIdOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('clientId' in body)) return undefined;
  return typeof body.clientId === 'string' ? body.clientId.slice(0, 64) : undefined;
}

function refuse(outcome: SendOutcome): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ChatError)) throw error;
    outcome.refused(error);
  };
}
