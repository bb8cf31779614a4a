import { CloseCode } from '@chat/protocol';
import { userOfAllSignIns } from '../identity/principal.ts';
import { spread } from './drain.ts';
import type { StompSession } from './session.ts';

const TICK_MS = 1_000;
/** Sessions tick in that many groups, one after the other: not all pings of a server at the same moment. */
const GROUPS = 20;

/** All sessions of this server, by connection, user and sign-in; and their clock. */
export class Sessions {
  readonly #groups = Array.from({ length: GROUPS }, () => new Set<StompSession>());
  #added = 0;
  #ticked = 0;
  readonly #byUser = new Map<string, Set<StompSession>>();
  readonly #bySignIn = new Map<string, Set<StompSession>>();
  readonly #perUser: number;
  readonly #timer: NodeJS.Timeout;

  constructor(perUser: number) {
    this.#perUser = perUser;
    // One timer for all: each session ticks once a second, which beats, pings, time-outs and expiry need no better than.
    this.#timer = setInterval(() => {
      const now = performance.now();
      for (const session of this.#group(this.#ticked++)) session.tick(now);
    }, TICK_MS / GROUPS);
    this.#timer.unref();
  }

  get size(): number {
    return this.#groups.reduce((size, group) => size + group.size, 0);
  }

  add(session: StompSession): void {
    this.#group(this.#added++).add(session);
  }

  /** The session belongs to this user from now on. The oldest of too many ends with 4409. */
  identify(session: StompSession, userId: string, signIn: string): void {
    const ofUser = join(this.#byUser, userId, session);
    join(this.#bySignIn, signIn, session);
    if (ofUser.size <= this.#perUser) return;
    const [oldest] = ofUser; // a Set keeps the order of adding
    if (oldest === undefined) return;
    // It counts no longer, though its connection takes a moment to close: the next one too many ends another.
    ofUser.delete(oldest);
    oldest.end(CloseCode.replaced, 'Replaced by a newer session of the same user.');
  }

  remove(session: StompSession, userId: string | undefined, signIn: string | undefined): void {
    for (const group of this.#groups) if (group.delete(session)) break;
    if (userId !== undefined) leave(this.#byUser, userId, session);
    if (signIn !== undefined) leave(this.#bySignIn, signIn, session);
  }

  /** The session goes on under another sign-in of the same user. */
  moveSignIn(session: StompSession, from: string, to: string): void {
    leave(this.#bySignIn, from, session);
    join(this.#bySignIn, to, session);
  }

  /** These sign-ins have ended: so do their connections. */
  endSignIns(signIns: readonly string[]): void {
    for (const signIn of signIns) {
      const userId = userOfAllSignIns(signIn);
      const ended = userId === undefined ? this.#bySignIn.get(signIn) : this.#byUser.get(userId);
      for (const session of [...(ended ?? [])]) {
        session.end(CloseCode.unauthorized, 'Signed out.');
      }
    }
  }

  /** Sends everyone elsewhere, spread over this time at most. Resolves when all have been told; they live on until then. */
  drain(withinMs: number): Promise<void> {
    return spread(this.#all(), withinMs, (session) => session.end(CloseCode.draining, 'The server is ending. Reconnect now.'));
  }

  terminateAll(): void {
    for (const session of this.#all()) session.terminate();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #group(number: number): Set<StompSession> {
    const group = this.#groups[number % GROUPS];
    if (group === undefined) throw new RangeError('There is no such group of sessions.');
    return group;
  }

  #all(): StompSession[] {
    return this.#groups.flatMap((group) => [...group]);
  }
}

function join(map: Map<string, Set<StompSession>>, key: string, session: StompSession): Set<StompSession> {
  let sessions = map.get(key);
  if (sessions === undefined) {
    sessions = new Set();
    map.set(key, sessions);
  }
  sessions.add(session);
  return sessions;
}

function leave(map: Map<string, Set<StompSession>>, key: string, session: StompSession): void {
  const sessions = map.get(key);
  sessions?.delete(session);
  if (sessions?.size === 0) map.delete(key);
}
