import { StoreUnavailable } from '../conversations/message-store.port.ts';
import type { ContactStore } from './contact-store.ts';

/** What changes gathers this long: who joins ten rooms at once is looked up once. */
const GATHER_MS = 1_000;
/** A change may pass this server by: everyone's contacts are read again within this time. */
const EVERYONE_MS = 30_000;
const USERS_PER_READ = 100;

export type ContactRefreshParts = {
  readonly contacts: ContactStore;
  /** The users who watch here. */
  readonly watching: () => Iterable<number>;
  readonly onContacts: (userNo: number, contacts: readonly string[]) => void;
  readonly onDefect: (error: unknown) => void;
};

/**
 * Keeps the contacts of those who watch as they are in the store: read when somebody begins to watch, when a room of
 * theirs changes, and slowly over again. Bounded by the users and rooms that it is told of within a second.
 */
export class ContactRefresh {
  readonly #parts: ContactRefreshParts;
  readonly #users = new Set<number>();
  readonly #rooms = new Set<string>();
  readonly #everyone: NodeJS.Timeout;
  #planned: NodeJS.Timeout | undefined;
  #running = false;
  #stopped = false;

  constructor(parts: ContactRefreshParts) {
    this.#parts = parts;
    this.#everyone = setInterval(() => this.#wantEveryone(), EVERYONE_MS);
    this.#everyone.unref();
  }

  /** Reads this user's contacts at once. */
  want(userNo: number): void {
    this.#users.add(userNo);
    void this.#run();
  }

  /** Somebody joined or left. */
  onRoomChanged(roomId: string): void {
    this.#rooms.add(roomId);
    this.#plan();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#everyone);
    clearTimeout(this.#planned);
  }

  #wantEveryone(): void {
    for (const userNo of this.#parts.watching()) this.#users.add(userNo);
    void this.#run();
  }

  #plan(): void {
    if (this.#stopped) return;
    this.#planned ??= setTimeout(() => {
      this.#planned = undefined;
      void this.#run();
    }, GATHER_MS);
    this.#planned.unref();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      await this.#findMembers();
      while (this.#users.size > 0 && !this.#stopped) await this.#readSome();
    } catch (error) {
      // A store that is away is asked again; any other failure waits for the next look at everyone.
      if (error instanceof StoreUnavailable) this.#plan();
      else this.#parts.onDefect(error);
    } finally {
      this.#running = false;
    }
  }

  /** Of the rooms that changed only those matter in which somebody watches here. */
  async #findMembers(): Promise<void> {
    if (this.#rooms.size === 0) return;
    const watching = new Set(this.#parts.watching());
    if (watching.size === 0) return this.#rooms.clear();
    const roomIds = [...this.#rooms];
    for (const userNo of await this.#parts.contacts.membersOf(roomIds)) if (watching.has(userNo)) this.#users.add(userNo);
    for (const roomId of roomIds) this.#rooms.delete(roomId);
  }

  async #readSome(): Promise<void> {
    const userNos = [...this.#users].slice(0, USERS_PER_READ);
    const contacts = await this.#parts.contacts.contactsOf(userNos);
    for (const userNo of userNos) {
      this.#users.delete(userNo);
      this.#parts.onContacts(userNo, contacts.get(userNo) ?? []);
    }
  }
}
