import { parseConversationId } from '@chat/protocol';
import type { Publisher } from '../bus/publisher.ts';
import { StoreUnavailable, type MessageStore, type UserRef } from '../conversations/message-store.port.ts';
import type { Directory } from '../directory/directory.port.ts';
import type { PresenceDesk } from '../stomp/session-services.ts';
import { within } from '../timing/within.ts';

/** Changes gather this long before anyone is told; a reconnect within it is no change. */
const COALESCE_MS = 1_000;
/** News may be lost: what is watched is looked up again in this interval. */
const REFRESH_MS = 5_000;
const LOOKUP_CHUNK = 500;
/** That somebody is gone does not wait longer than this for 'last seen' to be written. */
const TOUCH_WITHIN_MS = 500;

type Watcher = { readonly tell: (body: Buffer, id: string) => void; readonly watched: Set<string> };
type Watched = { online: boolean | undefined; readonly watchers: Set<Watcher> };

export type PresenceParts = {
  readonly serverId: string;
  readonly directory: Directory;
  readonly publisher: Publisher;
  readonly store: MessageStore;
  readonly onDefect: (error: unknown) => void;
};

/**
 * Who is online: who has a session under a live lease, by the directory. Servers tell each other only whose state may
 * have changed; each looks up those it watches, and again every few seconds, so that lost news and dead servers are
 * noticed. Bounded by the people whom the watching sessions share a conversation with.
 */
export class Presence implements PresenceDesk {
  readonly #parts: PresenceParts;
  /** Sessions of each user here. */
  readonly #sessions = new Map<string, number>();
  readonly #watched = new Map<string, Watched>();
  readonly #watchersOf = new Map<string, Set<Watcher>>();
  readonly #changed = new Set<string>();
  readonly #lookups = new Set<string>();
  #announce: NodeJS.Timeout | undefined;
  #lookup: NodeJS.Timeout | undefined;
  readonly #refresh: NodeJS.Timeout;
  #messages = 0;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
    this.#refresh = setInterval(() => this.onServersEnded(), REFRESH_MS);
    this.#refresh.unref();
  }

  arrived(user: UserRef): Promise<void> {
    const sessions = this.#sessions.get(user.userId) ?? 0;
    this.#sessions.set(user.userId, sessions + 1);
    if (sessions === 0) this.#onChanged(user.userId);
    return this.#parts.directory.addUser(user.userId);
  }

  left(user: UserRef): void {
    const sessions = (this.#sessions.get(user.userId) ?? 1) - 1;
    if (sessions > 0) {
      this.#sessions.set(user.userId, sessions);
      return;
    }
    this.#sessions.delete(user.userId);
    this.#onChanged(user.userId);
  }

  watch(user: UserRef, tell: (body: Buffer, id: string) => void): { stop(): void } {
    const watcher: Watcher = { tell, watched: new Set() };
    const ofUser = this.#watchersOf.get(user.userId) ?? new Set();
    this.#watchersOf.set(user.userId, ofUser.add(watcher));
    void this.#addContacts(user, watcher);
    const stop = (): void => {
      ofUser.delete(watcher);
      if (ofUser.size === 0 && this.#watchersOf.get(user.userId) === ofUser) this.#watchersOf.delete(user.userId);
      for (const userId of watcher.watched) this.#unwatch(userId, watcher);
    };
    return { stop };
  }

  /** A conversation lives here: the two who are in it see each other from now on. */
  onConversation(conversationId: string): void {
    const parsed = parseConversationId(conversationId);
    if (parsed?.kind !== 'direct' || parsed.a === parsed.b) return;
    const { a, b } = parsed;
    for (const watcher of this.#watchersOf.get(a) ?? []) this.#watchOne(b, watcher);
    for (const watcher of this.#watchersOf.get(b) ?? []) this.#watchOne(a, watcher);
  }

  /** Another server says that these may have come or gone. */
  onNews(userIds: readonly string[]): void {
    for (const userId of userIds) if (this.#watched.has(userId)) this.#lookups.add(userId);
    this.#planLookup();
  }

  /** Whoever is watched may have been on one of them. */
  onServersEnded(): void {
    for (const userId of this.#watched.keys()) this.#lookups.add(userId);
    this.#planLookup();
  }

  stop(): void {
    clearInterval(this.#refresh);
    clearTimeout(this.#announce);
    clearTimeout(this.#lookup);
  }

  #onChanged(userId: string): void {
    this.#changed.add(userId);
    this.#announce ??= setTimeout(() => {
      this.#announce = undefined;
      void this.#announceChanges().catch(this.#parts.onDefect);
    }, COALESCE_MS);
  }

  async #announceChanges(): Promise<void> {
    const userIds = [...this.#changed];
    this.#changed.clear();
    const gone = userIds.filter((userId) => !this.#sessions.has(userId));
    if (gone.length > 0) await this.#noteGone(gone);
    this.onNews(userIds);
    const others = this.#parts.directory.liveServers.filter((serverId) => serverId !== this.#parts.serverId);
    for (let i = 0; i < userIds.length; i += LOOKUP_CHUNK) {
      this.#parts.publisher.send(others, { kind: 'presence', userIds: userIds.slice(i, i + LOOKUP_CHUNK) });
    }
  }

  /**
   * Only now do they leave the directory, and with 'last seen' written: whoever looks them up by chance meanwhile takes
   * neither a reconnect for a change nor finds them gone without it.
   */
  async #noteGone(userIds: readonly string[]): Promise<void> {
    const touched = this.#parts.store.touchLastSeen(userIds).catch((error: unknown) => {
      // 'Last seen' is then the time before.
      if (!(error instanceof StoreUnavailable)) this.#parts.onDefect(error);
    });
    await within(TOUCH_WITHIN_MS, touched).catch(() => undefined); // a slow store holds nobody back
    for (const userId of userIds) if (!this.#sessions.has(userId)) this.#parts.directory.removeUser(userId);
  }

  async #addContacts(user: UserRef, watcher: Watcher): Promise<void> {
    try {
      const contacts = await this.#parts.store.contacts(user.userNo);
      if (!this.#watchersOf.get(user.userId)?.has(watcher)) return;
      for (const contact of contacts) this.#watchOne(contact.userId, watcher);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) return this.#parts.onDefect(error);
      setTimeout(() => {
        if (this.#watchersOf.get(user.userId)?.has(watcher)) void this.#addContacts(user, watcher);
      }, COALESCE_MS).unref();
    }
  }

  #watchOne(userId: string, watcher: Watcher): void {
    if (watcher.watched.has(userId)) return;
    watcher.watched.add(userId);
    const watched = this.#watched.get(userId) ?? { online: undefined, watchers: new Set() };
    this.#watched.set(userId, watched);
    watched.watchers.add(watcher);
    if (watched.online === undefined) {
      this.#lookups.add(userId);
      this.#planLookup();
    } else {
      void this.#tell(userId, watched.online, [watcher]).catch(this.#parts.onDefect);
    }
  }

  #unwatch(userId: string, watcher: Watcher): void {
    const watched = this.#watched.get(userId);
    watched?.watchers.delete(watcher);
    if (watched?.watchers.size === 0) this.#watched.delete(userId);
  }

  #planLookup(): void {
    if (this.#lookups.size === 0) return;
    this.#lookup ??= setTimeout(() => {
      this.#lookup = undefined;
      void this.#lookUp().catch(this.#parts.onDefect);
    }, 20);
  }

  async #lookUp(): Promise<void> {
    const userIds = [...this.#lookups];
    this.#lookups.clear();
    for (let i = 0; i < userIds.length; i += LOOKUP_CHUNK) {
      const chunk = userIds.slice(i, i + LOOKUP_CHUNK);
      let servers: readonly (readonly string[])[];
      try {
        servers = await this.#parts.directory.serversOfUsers(chunk);
      } catch {
        return; // the directory is away, and says so itself; the next refresh asks again
      }
      const changes = chunk.flatMap((userId, j) => {
        const watched = this.#watched.get(userId);
        const online = (servers[j]?.length ?? 0) > 0;
        if (watched === undefined || watched.online === online) return [];
        watched.online = online;
        return [{ userId, online, watchers: [...watched.watchers] }];
      });
      for (const { userId, online, watchers } of changes) await this.#tell(userId, online, watchers);
    }
  }

  async #tell(userId: string, online: boolean, watchers: readonly Watcher[]): Promise<void> {
    const lastSeen = online ? undefined : await this.#lastSeen(userId);
    const body = Buffer.from(JSON.stringify({ type: 'PRESENCE', from: userId, online, lastSeen }));
    const id = `p${(++this.#messages).toString(36)}`;
    // While 'last seen' was read the user may have come back, and the watcher may have gone.
    const watched = this.#watched.get(userId);
    if (watched?.online !== online) return;
    for (const watcher of watchers) if (watched.watchers.has(watcher)) watcher.tell(body, id);
  }

  async #lastSeen(userId: string): Promise<number | undefined> {
    try {
      return (await this.#parts.store.lastSeen([userId])).get(userId);
    } catch (error) {
      if (error instanceof StoreUnavailable) return undefined;
      throw error;
    }
  }
}
