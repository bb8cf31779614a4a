export const SCENARIOS = ['direct', 'room', 'long-absence'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

/** Everything a run needs to know. Times in milliseconds. */
export type Options = {
  readonly scenario: ScenarioName;
  /** WebSocket addresses, the path included. */
  readonly urls: readonly string[];
  readonly users: number;
  /** Messages a second, of all users together. */
  readonly rate: number;
  readonly duration: number;
  /** At the start of the duration; what is sent then does not count in latencies and CPU. */
  readonly warmup: number;
  /** How long, after sending, to wait for what does not come while nothing else comes either. */
  readonly drain: number;
  readonly arrivals: 'constant' | 'poisson';
  /** How many people each user writes to, in `direct`. */
  readonly peers: number;
  /** Members of the room, in `room`: the users, who are online, and others who never come. */
  readonly members: number;
  /** Members that join a second, while the room is set up. */
  readonly joinRate: number;
  /** Connections that are opened a second. */
  readonly connectRate: number;
  /** Entries that the device of `long-absence` has missed. */
  readonly missed: number;
  /** How often it syncs, one sync after the other. */
  readonly syncs: number;
  /** Least length of a message's text. */
  readonly textLength: number;
  readonly seed: number;
  readonly processes: readonly NamedProcess[];
  readonly jwtSecret: string | undefined;
  readonly jsonFile: string | undefined;
  readonly workers: number;
  readonly run: string;
};

/** A process whose CPU time, its children's included, is measured. */
export type NamedProcess = { readonly name: string; readonly pid: number };

/** What was typed cannot be done. The message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
