import type { OnlineLookup } from './online-lookup.ts';

/** News of many gathers this long before the directory is asked. */
const GATHER_MS = 20;
const LOOKUP_CHUNK = 500;

/** One subscription to presence. */
export type Watcher = {
  readonly userNo: number;
  readonly userId: string;
  readonly tell: (presence: Buffer, id: string) => void;
  readonly watched: Set<string>;
};

type Watched = { online: boolean | undefined; readonly watchers: Set<Watcher> };
type Change = { readonly userId: string; readonly online: boolean; readonly watchers: readonly Watcher[] };

export type WatchListParts = {
  readonly lookup: OnlineLookup;
  /** When each was last seen, of those of whom it is known. Those who cannot be read now are missing. */
  readonly lastSeen: (userIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly onDefect: (error: unknown) => void;
};

/** Who is watched here by whom, and what they were last told. Bounded by the contacts of those who watch. */
export class WatchList {
  readonly #parts: WatchListParts;
  readonly #watched = new Map<string, Watched>();
  readonly #lookups = new Set<string>();
  #planned: NodeJS.Timeout | undefined;
  #messages = 0;

  constructor(parts: WatchListParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** From now on the watcher sees exactly these. */
  setContacts(watcher: Watcher, contacts: readonly string[]): void {
    const wanted = new Set(contacts);
    for (const userId of watcher.watched) if (!wanted.has(userId)) this.#remove(watcher, userId);
    for (const userId of wanted) this.add(watcher, userId);
  }

  add(watcher: Watcher, userId: string): void {
    if (watcher.watched.has(userId)) return;
    watcher.watched.add(userId);
    const watched = this.#watched.get(userId) ?? { online: undefined, watchers: new Set() };
    this.#watched.set(userId, watched);
    watched.watchers.add(watcher);
    if (watched.online === undefined) this.lookUp([userId]);
    else this.#tell([{ userId, online: watched.online, watchers: [watcher] }]);
  }

  drop(watcher: Watcher): void {
    for (const userId of [...watcher.watched]) this.#remove(watcher, userId);
  }

  /** These may have come or gone: those of them who are watched here are looked up. */
  lookUp(userIds: Iterable<string>): void {
    for (const userId of userIds) if (this.#watched.has(userId)) this.#lookups.add(userId);
    if (this.#lookups.size === 0) return;
    this.#planned ??= setTimeout(() => {
      this.#planned = undefined;
      void this.#lookUp().catch(this.#parts.onDefect);
    }, GATHER_MS);
  }

  lookUpAll(): void {
    this.lookUp(this.#watched.keys());
  }

  stop(): void {
    clearTimeout(this.#planned);
  }

  #remove(watcher: Watcher, userId: string): void {
    watcher.watched.delete(userId);
    const watched = this.#watched.get(userId);
    watched?.watchers.delete(watcher);
    if (watched?.watchers.size === 0) this.#watched.delete(userId);
  }

  async #lookUp(): Promise<void> {
    const userIds = [...this.#lookups];
    this.#lookups.clear();
    for (let i = 0; i < userIds.length; i += LOOKUP_CHUNK) {
      const chunk = userIds.slice(i, i + LOOKUP_CHUNK);
      let online: ReadonlySet<string>;
      try {
        online = await this.#parts.lookup.onlineOf(chunk);
      } catch {
        return; // the directory is away, and says so itself; the next refresh asks again
      }
      this.#tell(chunk.flatMap((userId) => this.#changeOf(userId, online.has(userId))));
    }
  }

  #changeOf(userId: string, online: boolean): Change[] {
    const watched = this.#watched.get(userId);
    if (watched === undefined || watched.online === online) return [];
    watched.online = online;
    return [{ userId, online, watchers: [...watched.watchers] }];
  }

  #tell(changes: readonly Change[]): void {
    const [came, gone] = [changes.filter(({ online }) => online), changes.filter(({ online }) => !online)];
    this.#tellNow(came, new Map());
    if (gone.length === 0) return;
    const lastSeen = this.#parts.lastSeen(gone.map(({ userId }) => userId));
    lastSeen.then((seen) => this.#tellNow(gone, seen)).catch(this.#parts.onDefect);
  }

  #tellNow(changes: readonly Change[], lastSeen: ReadonlyMap<string, number>): void {
    for (const { userId, online, watchers } of changes) {
      // While 'last seen' was read the user may have come back, and the watcher may have gone.
      const watched = this.#watched.get(userId);
      if (watched?.online !== online) continue;
      const body = Buffer.from(JSON.stringify({ type: 'PRESENCE', from: userId, online, lastSeen: lastSeen.get(userId) }));
      const id = `p${(++this.#messages).toString(36)}`;
      for (const watcher of watchers) if (watched.watchers.has(watcher)) watcher.tell(body, id);
    }
  }
}
