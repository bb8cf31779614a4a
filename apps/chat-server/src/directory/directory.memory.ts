import { DirectoryUnavailable, LeaseHeld, type Directory, type DirectoryListener } from './directory.port.ts';
import type { EntryKind } from './wanted-entries.ts';

export type MemoryDirectoryOptions = {
  readonly serverId: string;
  /** Given where several servers live in one process; by default this server is alone. */
  readonly registry?: MemoryRegistry;
};

/** What Redis is to servers in different processes. Without epochs: who loses its lease loses its entries with it. */
export class MemoryRegistry {
  readonly #leases = new Map<string, MemoryDirectory>();
  readonly #entries = { user: new Map<string, Set<string>>(), room: new Map<string, Set<string>>() };

  get servers(): readonly string[] {
    return [...this.#leases.keys()];
  }

  /** False if somebody holds the lease already. */
  take(serverId: string, directory: MemoryDirectory): boolean {
    if (this.#leases.has(serverId)) return false;
    this.#leases.set(serverId, directory);
    return true;
  }

  release(serverId: string): void {
    if (!this.#leases.delete(serverId)) return;
    for (const kind of ['user', 'room'] as const) {
      for (const id of [...this.#entries[kind].keys()]) this.set(kind, id, serverId, false);
    }
    for (const directory of this.#leases.values()) directory.onServerEnded(serverId);
  }

  set(kind: EntryKind, id: string, serverId: string, present: boolean): void {
    const entries = this.#entries[kind];
    const servers = entries.get(id) ?? new Set();
    if (present) servers.add(serverId);
    else servers.delete(serverId);
    if (servers.size > 0) entries.set(id, servers);
    else entries.delete(id);
  }

  serversOf(kind: EntryKind, id: string): readonly string[] {
    return [...(this.#entries[kind].get(id) ?? [])];
  }

  /** As if the server's lease had run out: the others are told that it ended, and it registers anew. */
  loseLease(serverId: string): void {
    const directory = this.#leases.get(serverId);
    this.release(serverId);
    directory?.onLeaseLost();
  }

  /** As if a newer start of the server had taken its lease, and had ended since. */
  supersede(serverId: string): void {
    const directory = this.#leases.get(serverId);
    this.release(serverId);
    directory?.onSuperseded();
  }
}

/** The directory of servers in one process: never away, never late. Bounded by this process's users and rooms. */
export class MemoryDirectory implements Directory {
  readonly settled = true;
  readonly #serverId: string;
  readonly #registry: MemoryRegistry;
  readonly #wanted = { user: new Set<string>(), room: new Set<string>() };
  #listener: DirectoryListener | undefined;
  #registered = false;
  #ended = false;

  constructor(options: MemoryDirectoryOptions) {
    this.#serverId = options.serverId;
    this.#registry = options.registry ?? new MemoryRegistry();
  }

  get available(): boolean {
    return this.#registered;
  }

  get liveServers(): readonly string[] {
    const servers = this.#registry.servers;
    return servers.includes(this.#serverId) ? servers : [...servers, this.#serverId];
  }

  start(listener: DirectoryListener): Promise<void> {
    this.#listener = listener;
    if (this.#register()) return Promise.resolve();
    return Promise.reject(new LeaseHeld(`another server of this process holds the lease of ${this.#serverId}`));
  }

  addUser(userId: string): Promise<void> {
    return this.#set('user', userId, true);
  }

  removeUser(userId: string): void {
    void this.#set('user', userId, false).catch(() => undefined); // after the end there is nothing to remove
  }

  addRoom(roomId: string): Promise<void> {
    return this.#set('room', roomId, true);
  }

  removeRoom(roomId: string): void {
    void this.#set('room', roomId, false).catch(() => undefined); // after the end there is nothing to remove
  }

  serversOfUsers(userIds: readonly string[]): Promise<readonly (readonly string[])[]> {
    return Promise.resolve(userIds.map((id) => this.#registry.serversOf('user', id)));
  }

  serversOfRooms(roomIds: readonly string[]): Promise<readonly (readonly string[])[]> {
    return Promise.resolve(roomIds.map((id) => this.#registry.serversOf('room', id)));
  }

  leaseConfirmed(): Promise<void> {
    return this.#registered ? Promise.resolve() : new Promise(() => undefined);
  }

  close(): Promise<void> {
    const held = this.#registered;
    this.#end();
    if (held) this.#registry.release(this.#serverId);
    return Promise.resolve();
  }

  onServerEnded(serverId: string): void {
    this.#tell((listener) => listener.onServersEnded([serverId]));
  }

  onLeaseLost(): void {
    this.#registered = false;
    this.#tell((listener) => listener.onAvailability(false));
    if (this.#register()) this.#tell((listener) => listener.onReregistered('lease lost'));
  }

  onSuperseded(): void {
    this.#end();
    this.#tell((listener) => listener.onSuperseded());
  }

  #register(): boolean {
    if (!this.#registry.take(this.#serverId, this)) return false;
    this.#registered = true;
    for (const kind of ['user', 'room'] as const) {
      for (const id of this.#wanted[kind]) this.#registry.set(kind, id, this.#serverId, true);
    }
    this.#tell((listener) => listener.onAvailability(true));
    return true;
  }

  #set(kind: EntryKind, id: string, present: boolean): Promise<void> {
    if (this.#ended) return Promise.reject(new DirectoryUnavailable('closed'));
    if (present) this.#wanted[kind].add(id);
    else this.#wanted[kind].delete(id);
    if (this.#registered) this.#registry.set(kind, id, this.#serverId, present);
    return Promise.resolve();
  }

  #end(): void {
    this.#ended = true;
    if (!this.#registered) return;
    this.#registered = false;
    this.#tell((listener) => listener.onAvailability(false));
  }

  /** Later, as from another process: whoever causes an event is not called back in the middle of it. */
  #tell(event: (listener: DirectoryListener) => void): void {
    const listener = this.#listener;
    if (listener !== undefined) setImmediate(() => event(listener));
  }
}
