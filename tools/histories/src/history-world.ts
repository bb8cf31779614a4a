import type { HistoryChecker, Outcome } from '@chat/history-checker';
import type { ChatDevice } from './chat-device.ts';
import type { ObservedLogs } from './observed-logs.ts';
import type { ConnectionTarget } from './stomp-connection.ts';

/** What the devices of one history share. */
export interface HistoryWorld {
  readonly history: HistoryChecker;
  readonly logs: ObservedLogs;
  target(device: ChatDevice, server: number): ConnectionTarget;
  outcome(device: ChatDevice, conversation: string, key: string, outcome: Outcome): void;
}
