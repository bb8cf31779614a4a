import type { HistoryChecker } from '@chat/history-checker';
import type { ChatEntry, ChatMessage, ErrorBody } from '@chat/protocol';
import type { Accounts } from '../accounts/accounts.ts';
import type { ChatUser } from './chat-user.ts';

/** What users share, and what they tell of themselves. */
export interface LoadWorld {
  readonly accounts: Accounts;
  readonly history: HistoryChecker;
  /** Milliseconds of a monotonic clock. */
  now(): number;
  decode(body: Uint8Array): ChatMessage;
  decodeRefusal(body: Uint8Array): ErrorBody;
  /** Where to go after a connection to `url` ended. */
  anotherUrl(url: string): string;
  written(isRepeat: boolean): void;
  acknowledged(intended: number): void;
  refused(refusal: ErrorBody): void;
  delivered(entry: ChatEntry, to: ChatUser): void;
  reconnecting(): void;
}
