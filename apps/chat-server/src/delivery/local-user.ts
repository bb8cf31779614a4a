import type { LogEntry } from '../conversations/log-entry.ts';
import type { Feed } from './feed.ts';
import type { Gate } from './gate.ts';
import type { Signal } from './signal.ts';

/** A user with at least one feed on this server, or had one moments ago. */
export class LocalUser {
  readonly userNo: number;
  readonly userId: string;
  readonly feeds = new Set<Feed>();
  /** The gates that let through to this user. */
  readonly gates = new Set<Gate>();

  constructor(userNo: number, userId: string) {
    this.userNo = userNo;
    this.userId = userId;
  }

  /** Has a feed that has begun to read. One that has not takes everything from the log when it does, and needs no gate. */
  get isListening(): boolean {
    for (const feed of this.feeds) if (feed.begun) return true;
    return false;
  }

  onEntry(entry: LogEntry): void {
    for (const feed of this.feeds) feed.onEntry(entry);
  }

  onSignal(signal: Signal): void {
    for (const feed of this.feeds) feed.onSignal(signal);
  }

  /** This user's JOIN or LEAVE has passed a gate here, whether or not that let through to the user. */
  onMembership(entry: LogEntry): void {
    for (const feed of this.feeds) feed.onMembership(entry);
  }

  /** What passes from now on comes here. What has passed already a feed that is opening reads from the log. */
  enter(gate: Gate): void {
    if (this.gates.has(gate)) return;
    this.join(gate);
    for (const feed of this.feeds) feed.owe(gate.conversation.conversationId, gate.position);
  }

  /** This user's JOIN is about to be handed over: what was before is none of its business. */
  join(gate: Gate): void {
    gate.members.add(this);
    this.gates.add(gate);
  }

  leave(gate: Gate): void {
    gate.members.delete(this);
    this.gates.delete(gate);
  }
}

/** The users of this server, by id and by number. */
export class LocalUsers {
  readonly #byId = new Map<string, LocalUser>();
  readonly #byNo = new Map<number, LocalUser>();

  /** The user to attach a feed to; made if there is none. */
  open(userNo: number, userId: string): LocalUser {
    let user = this.#byId.get(userId);
    if (user === undefined) {
      user = new LocalUser(userNo, userId);
      this.#byId.set(userId, user);
      this.#byNo.set(userNo, user);
    }
    return user;
  }

  get(userId: string): LocalUser | undefined {
    return this.#byId.get(userId);
  }

  byNo(userNo: number): LocalUser | undefined {
    return this.#byNo.get(userNo);
  }

  has(user: LocalUser): boolean {
    return this.#byId.get(user.userId) === user;
  }

  delete(user: LocalUser): void {
    this.#byId.delete(user.userId);
    this.#byNo.delete(user.userNo);
  }

  get anyListening(): boolean {
    for (const user of this.#byId.values()) if (user.isListening) return true;
    return false;
  }

  /** Users with a feed here that has begun. */
  *listening(): IterableIterator<LocalUser> {
    for (const user of this.#byId.values()) if (user.isListening) yield user;
  }
}
