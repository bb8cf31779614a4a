import type { ChatUser } from '../chat/chat-user.ts';

/** What the users do under load. */
export interface Scenario {
  /** Decides who has to do with whom, once all users are connected and it is known where. */
  prepare(users: readonly ChatUser[]): void;
  /** Sends one message, meant for the time `intended`. */
  send(intended: number): void;
}
