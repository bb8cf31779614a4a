import type { CursorKeeper } from './history-event.ts';
import type { StreamPosition } from './stream-position.ts';

/** One device, over all its connections. */
export type Device = {
  readonly name: string;
  readonly user: string;
  /** When it connected first, on the checker's own clock of events. */
  readonly since: number;
  readonly positions: Map<string, StreamPosition>;
  /** Conversations of its user that the SYNCED with which it began anew did not name, with the JOIN known then. */
  readonly unnamed: Map<string, number>;
  /** When it began anew: what others had read by then it asks for elsewhere. */
  anewAt: number;
  /** When this connection's SYNCED came; Infinity before that, and for ever on a device that never syncs. */
  syncedAt: number;
  connected: boolean;
  /** How many connections it has had, this one included. */
  connections: number;
  /** `fresh` until its first SYNCED, `device` from then on. */
  cursors: CursorKeeper;
};

/** All devices that ever connected, and which of them are whose. */
export class Devices {
  readonly #byName = new Map<string, Device>();
  readonly #byUser = new Map<string, Device[]>();

  get(name: string): Device {
    const device = this.#byName.get(name);
    if (!device) throw new HistoryFormatError(`device ${name} did nothing that begins with 'connected'`);
    return device;
  }

  connected(name: string, user: string, cursors: CursorKeeper, now: number): Device {
    const known = this.#byName.get(name);
    if (known) {
      if (known.user !== user) throw new HistoryFormatError(`device ${name} belongs to ${known.user}, not to ${user}`);
      known.connected = true;
      known.connections++;
      known.cursors = cursors;
      return known;
    }
    const device: Device = {
      name, user, since: now, positions: new Map(), unnamed: new Map(), anewAt: 0, syncedAt: Infinity, connected: true, connections: 1, cursors,
    };
    this.#byName.set(name, device);
    const ofUser = this.#byUser.get(user);
    if (ofUser) ofUser.push(device);
    else this.#byUser.set(user, [device]);
    return device;
  }

  ofUser(user: string): readonly Device[] {
    return this.#byUser.get(user) ?? [];
  }

  all(): Iterable<Device> {
    return this.#byName.values();
  }
}

/** The history itself cannot be: whoever recorded it has a bug. */
export class HistoryFormatError extends Error {
  override readonly name = 'HistoryFormatError';
  readonly code = 'history-format';
}
