import type { Offence, VerdictCounts } from '@chat/history-checker';
import type { LatencyKind } from './figures/latencies.ts';

/** A load, or a worker's share of it. */
export interface LoadPart {
  /** @returns when all users are connected. @throws LoadRunError where they cannot be */
  connect(): Promise<void>;
  /** Sends, and waits until all of it has arrived. */
  load(): Promise<PartResult>;
  /** Disconnects all users, however far things have come. */
  leave(): Promise<void>;
  /** Sends no more, and goes on to drain. */
  stop(): void;
  /** Does not drain to the end either. */
  abort(): void;
  progress(): Progress;
}

export type Progress = {
  readonly live: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly arrived: number;
  /** Sends without an outcome, and deliveries that are still owed. */
  readonly outstanding: number;
  readonly reconnects: number;
  readonly wrong: number;
};

export type PartResult = {
  /** How many users were on each server when the load began. */
  readonly usersOnServer: Readonly<Record<string, number>>;
  /** Messages that the plan wanted sent, and were given to their users to send. */
  readonly planned: number;
  readonly plannedMs: number;
  readonly sent: number;
  readonly resent: number;
  readonly acknowledged: number;
  /** Acknowledged ones of those that count, being sent after the warm-up. */
  readonly measured: number;
  /** How often one of those arrived, at anyone, its sender included. */
  readonly measuredDeliveries: number;
  readonly refused: Readonly<Record<string, number>>;
  /** At the other user; what the sender gets back are echoes. */
  readonly arrived: number;
  readonly arrivedWhileSending: number;
  readonly echoes: number;
  readonly reconnects: number;
  /** Users without a connection at the end, and why the last one of one of them ended. */
  readonly away: number;
  readonly awayBecause: string;
  /** Sends that had no outcome at the end, written or still waiting for a connection. */
  readonly unfinished: number;
  readonly verdicts: VerdictCounts;
  readonly offences: readonly Offence[];
  readonly latencies: Readonly<Record<LatencyKind, string>>;
};
