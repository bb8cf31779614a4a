import { parseConversationId } from '@chat/protocol';
import type { Publisher } from '../bus/publisher.ts';
import type { LogEntry } from '../conversations/log-entry.ts';
import { StoreUnavailable, type MessageStore, type UserRef } from '../conversations/message-store.port.ts';
import type { Directory } from '../directory/directory.port.ts';
import type { PresenceDesk } from '../stomp/session-services.ts';
import { within } from '../timing/within.ts';
import { ContactRefresh } from './contact-refresh.ts';
import type { ContactStore } from './contact-store.ts';
import { DirectoryLookup, type OnlineLookup } from './online-lookup.ts';
import { WatchList, type Watcher } from './watch-list.ts';

/** Changes gather this long before anyone is told; a reconnect within it is no change. */
const COALESCE_MS = 1_000;
/** News may be lost: what is watched is looked up again in this interval. */
const REFRESH_MS = 5_000;
const USERS_PER_RECORD = 500;
/** That somebody is gone does not wait longer than this for 'last seen' to be written. */
const TOUCH_WITHIN_MS = 500;

export type PresenceParts = {
  readonly serverId: string;
  readonly directory: Directory;
  readonly publisher: Publisher;
  readonly store: Pick<MessageStore, 'touchLastSeen' | 'lastSeen'>;
  readonly contacts: ContactStore;
  readonly onDefect: (error: unknown) => void;
};

/**
 * Who is online: who has a session under a live lease, by the directory. Servers tell each other only whose state may
 * have changed; each looks up those it watches, and again every few seconds, so that lost news and dead servers are
 * noticed. People see those with whom they share a direct conversation or a small room; in a large one they ask
 * (`onlineOf`). So what a change costs is bounded by the people who may see it, never by the size of a room.
 */
export class Presence implements PresenceDesk, OnlineLookup {
  readonly #parts: PresenceParts;
  readonly #lookup: OnlineLookup;
  readonly #watchList: WatchList;
  readonly #contactRefresh: ContactRefresh;
  /** Sessions of each user here. */
  readonly #sessions = new Map<string, number>();
  /** By user id, and the same sets by number. */
  readonly #watchersOf = new Map<string, Set<Watcher>>();
  readonly #watchersOfNo = new Map<number, Set<Watcher>>();
  readonly #changed = new Set<string>();
  #announce: NodeJS.Timeout | undefined;
  readonly #refresh: NodeJS.Timeout;

  constructor(parts: PresenceParts) {
    const { onDefect } = parts;
    this.#parts = parts;
    this.#lookup = new DirectoryLookup(parts.directory);
    this.#watchList = new WatchList({ lookup: this.#lookup, lastSeen: (userIds) => this.#lastSeen(userIds), onDefect });
    this.#contactRefresh = new ContactRefresh({
      contacts: parts.contacts,
      watching: () => this.#watchersOfNo.keys(),
      onContacts: (userNo, contacts) => this.#onContacts(userNo, contacts),
      onDefect,
    });
    this.#refresh = setInterval(() => this.onServersEnded(), REFRESH_MS);
    this.#refresh.unref();
  }

  /** Users whose state is followed here. */
  get watched(): number {
    return this.#watchList.size;
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
    const watcher: Watcher = { ...user, tell, watched: new Set() };
    const ofUser = this.#watchersOf.get(user.userId) ?? new Set();
    this.#watchersOf.set(user.userId, ofUser.add(watcher));
    this.#watchersOfNo.set(user.userNo, ofUser);
    this.#contactRefresh.want(user.userNo);
    const stop = (): void => {
      ofUser.delete(watcher);
      if (ofUser.size === 0 && this.#watchersOf.get(user.userId) === ofUser) {
        this.#watchersOf.delete(user.userId);
        this.#watchersOfNo.delete(user.userNo);
      }
      this.#watchList.drop(watcher);
    };
    return { stop };
  }

  onlineOf(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#lookup.onlineOf(userIds);
  }

  /** An entry came by on this server: it may be the first of two people, or change who is in a room. */
  onEntry({ conversationId, type, seq }: Pick<LogEntry, 'conversationId' | 'type' | 'seq'>): void {
    if (type === 'JOIN' || type === 'LEAVE') this.#contactRefresh.onRoomChanged(conversationId.slice('room:'.length));
    else if (seq === 1) this.onConversation(conversationId);
  }

  /** A conversation lives here: the two who are in it see each other from now on. */
  onConversation(conversationId: string): void {
    const parsed = parseConversationId(conversationId);
    if (parsed?.kind !== 'direct' || parsed.a === parsed.b) return;
    const { a, b } = parsed;
    for (const watcher of this.#watchersOf.get(a) ?? []) this.#watchList.add(watcher, b);
    for (const watcher of this.#watchersOf.get(b) ?? []) this.#watchList.add(watcher, a);
  }

  /** Another server says that these may have come or gone. */
  onNews(userIds: readonly string[]): void {
    this.#watchList.lookUp(userIds);
  }

  /** Whoever is watched may have been on one of them. */
  onServersEnded(): void {
    this.#watchList.lookUpAll();
  }

  stop(): void {
    clearInterval(this.#refresh);
    clearTimeout(this.#announce);
    this.#watchList.stop();
    this.#contactRefresh.stop();
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
    for (let i = 0; i < userIds.length; i += USERS_PER_RECORD) {
      this.#parts.publisher.send(others, { kind: 'presence', userIds: userIds.slice(i, i + USERS_PER_RECORD) });
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

  #onContacts(userNo: number, contacts: readonly string[]): void {
    for (const watcher of this.#watchersOfNo.get(userNo) ?? []) this.#watchList.setContacts(watcher, contacts);
  }

  async #lastSeen(userIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    try {
      return await this.#parts.store.lastSeen(userIds);
    } catch (error) {
      if (error instanceof StoreUnavailable) return new Map();
      throw error;
    }
  }
}
