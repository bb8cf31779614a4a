import type { HistoryChecker } from '@chat/history-checker';
import type { Accounts } from '../accounts/accounts.ts';
import type { ChatUser } from '../chat/chat-user.ts';

/** What there is before anyone is connected. */
export type Beginning = {
  readonly users: readonly string[];
  readonly accounts: Accounts;
  readonly history: HistoryChecker;
};

/** What the users do under load. */
export interface Scenario {
  /** Where the streams of users begin who connect for the first time: where the server has them, or at the end of all. */
  readonly start: 'server' | 'fresh';
  /**
   * Makes what the users need, before they connect.
   * @throws LoadRunError
   */
  setUp(beginning: Beginning): Promise<void>;
  /** Decides who has to do with whom, once all users are connected and it is known where. */
  prepare(users: readonly ChatUser[]): void;
  /** Sends one message, meant for the time `intended`. */
  send(intended: number): void;
}
