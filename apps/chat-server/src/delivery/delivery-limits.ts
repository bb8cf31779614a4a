/** Bounds of what waits in memory on its way to a session. At each the entries are dropped, and read from the log instead. */
export type DeliveryLimits = {
  /** Entries held while a feed opens. */
  readonly held: number;
  /** Entries of one conversation that wait for an earlier one. */
  readonly waiting: number;
  /** Entries of one unknown conversation that wait until an opening feed knows whether it is in it. */
  readonly undecided: number;
};

export const DELIVERY_LIMITS: DeliveryLimits = { held: 5_000, waiting: 1_000, undecided: 1_000 };
