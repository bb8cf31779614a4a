/** Server ids remembered after their end. Past it the oldest is forgotten, and its entries count again until swept. */
const MAX_REMEMBERED = 10_000;
/** Different texts of entries whose servers are kept at hand; past it all are parsed again. */
const MAX_PARSED = 4_096;

/**
 * What this server knows of the leases of all, from the lists that its renewals bring, and so which entries count.
 * A server of which nothing is known counts as living: it may have started since the last list.
 */
export class KnownLeases {
  #live: ReadonlyMap<string, number> = new Map();
  #servers: readonly string[] = [];
  /** By server: epochs below this one have ended. */
  readonly #oldestLiving = new Map<string, number>();
  readonly #parsed = new Map<string, readonly string[]>();

  get servers(): readonly string[] {
    return this.#servers;
  }

  /** Whether this very lease is in the last list. */
  has(serverId: string, epoch: number): boolean {
    return this.#live.get(serverId) === epoch;
  }

  /** Takes in a list of all leases, as epochs by server; returns the servers of which one has ended since the last. */
  update(leases: ReadonlyMap<string, number>): readonly string[] {
    const ended: string[] = [];
    for (const [serverId, epoch] of this.#live) {
      const now = leases.get(serverId);
      if (now !== undefined && now <= epoch) continue;
      ended.push(serverId);
      this.#oldestLiving.set(serverId, now ?? epoch + 1);
    }
    const live = new Map<string, number>();
    for (const [serverId, epoch] of leases) {
      const oldest = this.#oldestLiving.get(serverId) ?? 0;
      if (epoch < oldest) continue; // from an older copy of the directory
      this.#oldestLiving.set(serverId, epoch);
      live.set(serverId, epoch);
    }
    this.#live = live;
    this.#servers = [...live.keys()];
    this.#parsed.clear();
    this.#forgetOldest();
    return ended;
  }

  /** The servers in an entry, `server1:12 server2:15`, without those that have ended. */
  serversIn(entry: string | null): readonly string[] {
    if (entry === null) return [];
    const known = this.#parsed.get(entry);
    if (known !== undefined) return known;
    const servers = parseEntry(entry)
      .filter(({ serverId, epoch }) => epoch >= (this.#oldestLiving.get(serverId) ?? 0))
      .map(({ serverId }) => serverId);
    if (this.#parsed.size >= MAX_PARSED) this.#parsed.clear();
    this.#parsed.set(entry, servers);
    return servers;
  }

  #forgetOldest(): void {
    for (const serverId of this.#oldestLiving.keys()) {
      if (this.#oldestLiving.size <= MAX_REMEMBERED) return;
      if (!this.#live.has(serverId)) this.#oldestLiving.delete(serverId);
    }
  }
}

export type EntryPart = { readonly serverId: string; readonly epoch: number };

export function parseEntry(entry: string): readonly EntryPart[] {
  return entry.split(' ').map((part) => {
    const colon = part.lastIndexOf(':');
    return { serverId: part.slice(0, colon), epoch: Number(part.slice(colon + 1)) };
  });
}
