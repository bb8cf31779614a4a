/**
 * Says on which servers a user's sessions are, and which servers hold a member of a room. What it holds may be lost
 * at any time; each server then writes its own part anew.
 *
 * Every start of a server is an epoch, and its entries count only while it holds a lease under that epoch.
 */
export interface Directory {
  /**
   * Takes the lease of this server and starts to renew it. If a lease of an earlier start still lives, waits for it to
   * run out; rejects with `LeaseHeld` if somebody goes on renewing it.
   */
  start(listener: DirectoryListener): Promise<void>;

  /**
   * From when this resolves, look-ups by any server name this server for the user. Idempotent. While the directory is
   * away it stays pending, and resolves when the entry is written, or its removal where that was asked for meanwhile.
   * Rejects with `DirectoryUnavailable` only if that will never be: after `close`, or superseded.
   */
  addUser(userId: string): Promise<void>;

  /** The reverse. A removal is repeated until done; a later `addUser` wins over it. Fire and forget. */
  removeUser(userId: string): void;

  /** Whether everything that was added and removed is written. */
  readonly settled: boolean;

  /** The same for rooms of which this server holds a member or a subscriber. */
  addRoom(roomId: string): Promise<void>;
  removeRoom(roomId: string): void;

  /**
   * The servers (this one included) that hold a session of each user, in the order asked; one round trip for all, never
   * cached. Servers known to be dead are left out; a server of which it is not known is in. Rejects with
   * `DirectoryUnavailable` after at most the command time-out.
   */
  serversOfUsers(userIds: readonly string[]): Promise<readonly (readonly string[])[]>;
  serversOfRooms(roomIds: readonly string[]): Promise<readonly (readonly string[])[]>;

  /** All servers with a lease, as of the last renewal (this one included): what is fallen back on while it is away. */
  readonly liveServers: readonly string[];

  /** False while the lease could not be renewed or commands fail. Names the directory as degraded in `/readyz`. */
  readonly available: boolean;

  /** Resolves once the lease has been confirmed, under the present epoch, by a renewal that began after this call. */
  leaseConfirmed(): Promise<void>;

  /** Removes this server's entries and gives up the lease. */
  close(): Promise<void>;
}

export interface DirectoryListener {
  /** Leases of these servers ended (no renewal, or a newer epoch): they may have died between commit and publish. */
  onServersEnded(serverIds: readonly string[]): void;

  /**
   * This server was, or may have been, missing from look-ups for a while (lease lost, entries lost, directory emptied),
   * and is in again under a new epoch: whatever came meanwhile must be read from the log.
   */
  onReregistered(reason: string): void;

  /** A newer start of the same server id holds the lease. This process must stop: it never competes. */
  onSuperseded(): void;

  onAvailability(available: boolean): void;
}

export class DirectoryUnavailable extends Error {
  override readonly name = 'DirectoryUnavailable';
}

/** Another living process renews the lease of this server id. */
export class LeaseHeld extends Error {
  override readonly name = 'LeaseHeld';
}
