import { ackAuto, ackClient, ackIndividual, nack } from './acknowledge-cases.ts';
import type { CaseName, InteropCase } from './case.ts';
import { echo, errorQueue, large, receipt, send, unsubscribe } from './message-cases.ts';
import { bearer, connect, disconnect, errorFrame, heartBeat, login, refusal } from './session-cases.ts';
import { abort, commit } from './transaction-cases.ts';

/** All but `reconnect`, for which a server dies: that one is made for all clients together. */
export const CASES: Readonly<Record<Exclude<CaseName, 'reconnect'>, InteropCase>> = {
  connect,
  Bearer: bearer,
  login,
  refusal,
  send,
  echo,
  receipt,
  large,
  'error queue': errorQueue,
  ERROR: errorFrame,
  unsubscribe,
  disconnect,
  'ack auto': ackAuto,
  'ack client': ackClient,
  'ack individual': ackIndividual,
  nack,
  commit,
  abort,
  'heart-beat': heartBeat,
};
