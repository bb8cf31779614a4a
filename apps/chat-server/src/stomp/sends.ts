import { ChatError, type Frame } from '@chat/protocol';
import type { Caller, CommandTable } from '../commands/command-table.ts';
import { destinationOf, receiptOf } from './frame-headers.ts';
import { clientIdOf, parseJson } from './send-body.ts';
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

function refuse(outcome: SendOutcome): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ChatError)) throw error;
    outcome.refused(error);
  };
}
