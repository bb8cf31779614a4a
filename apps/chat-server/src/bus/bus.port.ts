/**
 * Carries envelopes between chat servers. It is fast and forgetful: every promise to users rests on the log, so the
 * bus may lose an envelope or bring it twice, but it must say when it may have lost some.
 */
export interface Bus {
  /**
   * Joins as this server and starts listening. Resolves when envelopes published from then on by others arrive here.
   * Rejects only if the settings can never work (bad address, access refused); a broker that is away is waited for.
   */
  start(listener: BusListener): Promise<void>;

  /**
   * Sends one envelope to each of the named servers.
   *
   * Resolves once the broker has taken it. That does not prove that it will arrive: a queue may be gone or die with
   * the broker. Rejects with `BusUnavailable` if it was not taken or nobody knows; it may have arrived all the same.
   * Envelopes to one server arrive in the order of the calls, except around a rejection. Never waits longer than
   * the configured confirm time-out (a few seconds).
   */
  publish(serverIds: readonly string[], envelope: Uint8Array): Promise<void>;

  /** False while publishing is known to fail or to block. Names the bus as degraded in `/readyz`. */
  readonly available: boolean;

  /** Stops listening, waits shortly for confirms under way, and leaves nothing of this server behind in the broker. */
  close(): Promise<void>;
}

export interface BusListener {
  /** One envelope, in order. If it throws `UnreadableEnvelope` that is a dead letter, and `onPossibleLoss` follows. */
  onEnvelope(envelope: Uint8Array): void;

  /**
   * Envelopes may have been lost since the last one: the consumer was rebuilt, a beacon went missing, an envelope was
   * unreadable. Called after listening works again, so that a read of the log from now on misses nothing.
   */
  onPossibleLoss(reason: string): void;

  /** `available` changed. */
  onAvailability(available: boolean): void;
}

/** The envelope was not, or not knowingly, taken by the broker. */
export class BusUnavailable extends Error {
  override readonly name = 'BusUnavailable';
}

/** The envelope cannot be decoded here: another version, or poison. */
export class UnreadableEnvelope extends Error {
  override readonly name = 'UnreadableEnvelope';
}
