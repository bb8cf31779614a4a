import type { Logger } from 'pino';
import type { CommandTable } from '../commands/command-table.ts';
import type { EntrySubmission } from '../commands/entry-submission.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { UserRef } from '../conversations/message-store.port.ts';
import type { CursorBook } from '../delivery/cursor-book.ts';
import type { Redeliveries } from '../delivery/redeliveries.ts';
import type { DeliveryCounts } from '../delivery/delivery-counts.ts';
import type { FeedReads } from '../delivery/feed-reads.ts';
import type { Gates } from '../delivery/gates.ts';
import type { Principal } from '../identity/principal.ts';
import type { MessageFrames } from './message-frames.ts';
import type { OutboundBudget } from './outbound-budget.ts';
import type { RoomTopics } from './room-topics.ts';
import type { Sessions } from './sessions.ts';
import type { Rate } from './token-bucket.ts';

/** Who is there: told of every session, asked by those who watch. */
export interface PresenceDesk {
  /** A session of the user is connected here. Resolves once other servers route to it. */
  arrived(user: UserRef): Promise<void>;
  left(user: UserRef): void;
  /** The user wants to see who of the people they share a conversation with is there. */
  watch(user: UserRef, tell: (presence: Buffer, id: string) => void): { stop(): void };
}

/** Who a token or a password belongs to. */
export interface Authenticator {
  authenticate(accessToken: string): Promise<Principal>;
  authenticateByPassword(id: string, password: string): Promise<Principal>;
  hasEnded(principal: Principal): boolean;
  /** Epoch ms by the database's clock. */
  now(): number;
}

/** Keeps addresses from guessing tokens and passwords. */
export interface ConnectGuard {
  /** Throws `ChatError` rate-limited if this address has failed too often lately. */
  check(address: string): void;
  failed(address: string): void;
}

/** Who may come in while there is much to do. */
export interface ConnectAdmission {
  /** Does it when it is its turn. Throws `ChatError` unavailable, with when to come back, if there is too much to do. */
  connect<Result>(connect: () => Promise<Result>): Promise<Result>;
}

export type SessionLimits = {
  readonly frameBytes: number;
  readonly frameBytesBeforeConnected: number;
  readonly headers: number;
  readonly headerBytes: number;
  readonly subscriptionsPerSession: number;
  /** Of one session: open transactions, and what they hold together. */
  readonly transactionsPerSession: number;
  readonly framesInTransactions: number;
  readonly bytesInTransactions: number;
  readonly pendingSends: number;
  readonly connectWithinMs: number;
  readonly frameWithinMs: number;
  /** Entries that a subscription may leave unacknowledged, where it acknowledges. */
  readonly unacknowledgedEntries: number;
  /** Bytes that may wait for a session to read them, and how long without one of them being taken. */
  readonly outboundBytes: number;
  readonly outboundStalledMs: number;
  /** What the server announces: it sends, and wants to receive, a beat in that many ms. */
  readonly beatMs: number;
  /** After this long without any data a client is pinged, and gone after as long again without an answer. */
  readonly silentMs: number;
};

/** What every session of a server works with. */
export type SessionServices = {
  readonly serverId: string;
  readonly limits: SessionLimits;
  /** SUBSCRIBE and `chat.sync` of one session; `undefined` for no bound. */
  readonly subscribeRate: Rate | undefined;
  readonly authenticator: Authenticator;
  readonly connects: ConnectGuard;
  readonly admission: ConnectAdmission;
  readonly sessions: Sessions;
  /** Bounds what waits for all of them together. */
  readonly outbound: OutboundBudget;
  readonly commands: CommandTable;
  readonly submission: EntrySubmission;
  readonly presence: PresenceDesk;
  readonly roomTopics: RoomTopics;
  readonly gates: Gates;
  readonly log: LogReader;
  readonly reads: FeedReads;
  readonly cursors: CursorBook;
  readonly redeliveries: Redeliveries;
  /** Something may have passed this server by: reads from the log what is missing. */
  readonly catchUp: () => void;
  readonly counts: DeliveryCounts;
  readonly frames: MessageFrames;
  readonly logger: Logger;
};
