/**
 * Bounds of what waits in memory on its way to a session, in entries and in bytes of their bodies. At each the entries
 * are dropped, and read from the log instead.
 */
export type DeliveryLimits = {
  /** Entries held while a feed opens. */
  readonly held: number;
  readonly heldBytes: number;
  /** Entries of one conversation that wait for an earlier one. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Entries of one conversation that wait until it is known whether somebody here is in it. */
  readonly undecided: number;
  readonly undecidedBytes: number;
};

const MIB = 1024 * 1024;

export const DELIVERY_LIMITS: DeliveryLimits = {
  held: 5_000,
  heldBytes: 4 * MIB,
  waiting: 1_000,
  waitingBytes: MIB,
  undecided: 1_000,
  undecidedBytes: MIB,
};
