import { SockJsSession, type SockJsSessionParts } from './sockjs-session.ts';

const TICK_MS = 500;
/** How long the end of a session is told to whoever asks for it. */
const FAREWELL_MS = 5_000;
const FAREWELLS_AT_MOST = 10_000;

export type SockJsBounds = {
  /** Sessions that have not said who they are, which cost whoever makes them no socket. */
  readonly strangers: number;
  /** Of these from one address; `undefined` for no bound. */
  readonly strangersOfAddress: number | undefined;
  readonly maxBodyBytes: number;
  readonly strangerBytes: number;
  readonly streamEndsMs: number;
};

/** Something that beats. */
export type Ticking = { tick(now: number): void };

/** The SockJS sessions of this server by their ids, how many there may be, and their clock. */
export class SockJsSessions {
  readonly #bounds: SockJsBounds;
  readonly #sessions = new Map<string, SockJsSession>();
  readonly #farewells = new Map<string, { readonly frame: Buffer; readonly at: number }>();
  readonly #strangers = new Map<string, number>();
  readonly #webSockets = new Set<Ticking>();
  readonly #timer: NodeJS.Timeout;
  #strangerCount = 0;
  /** Sessions refused because there were too many strangers. */
  refused = 0;

  constructor(bounds: SockJsBounds) {
    this.#bounds = bounds;
    // One timer for all. Copies, as a tick may end what it ticks.
    this.#timer = setInterval(() => this.#tick(performance.now()), TICK_MS);
    this.#timer.unref();
  }

  /** Sessions over HTTP and over WebSockets. */
  get size(): number {
    return this.#sessions.size + this.#webSockets.size;
  }

  find(id: string): SockJsSession | undefined {
    return this.#sessions.get(id);
  }

  /** What is left to say to who asks for a session that has ended. */
  farewell(id: string): Buffer | undefined {
    return this.#farewells.get(id)?.frame;
  }

  /** A session of an id that has none. Nothing if there are too many strangers. `addressKey` is what counts as one address. */
  open(id: string, remoteAddress: string, addressKey: string): SockJsSession | undefined {
    const { strangers, strangersOfAddress = Infinity, maxBodyBytes, strangerBytes, streamEndsMs } = this.#bounds;
    const ofAddress = this.#strangers.get(addressKey) ?? 0;
    if (this.#strangerCount >= strangers || ofAddress >= strangersOfAddress) {
      this.refused++;
      return undefined;
    }
    let stranger = true;
    const known = (): void => {
      if (stranger) this.#forgetStranger(addressKey);
      stranger = false;
    };
    const parts: SockJsSessionParts = {
      remoteAddress,
      maxBodyBytes,
      strangerBytes,
      streamEndsMs,
      onTrusted: known,
      onEnded: (farewell) => {
        known();
        this.#sessions.delete(id);
        if (farewell !== undefined) this.#remember(id, farewell);
      },
    };
    this.#strangerCount++;
    this.#strangers.set(addressKey, ofAddress + 1);
    const session = new SockJsSession(parts);
    this.#sessions.set(id, session);
    return session;
  }

  addWebSocket(webSocket: Ticking): void {
    this.#webSockets.add(webSocket);
  }

  removeWebSocket(webSocket: Ticking): void {
    this.#webSockets.delete(webSocket);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(now: number): void {
    for (const session of [...this.#sessions.values(), ...this.#webSockets]) session.tick(now);
    for (const [id, { at }] of this.#farewells) {
      if (now - at <= FAREWELL_MS) break; // they are in the order of their time
      this.#farewells.delete(id);
    }
  }

  #remember(id: string, frame: Buffer): void {
    this.#farewells.delete(id);
    this.#farewells.set(id, { frame, at: performance.now() });
    const [oldest] = this.#farewells.keys();
    if (this.#farewells.size > FAREWELLS_AT_MOST && oldest !== undefined) this.#farewells.delete(oldest);
  }

  #forgetStranger(addressKey: string): void {
    this.#strangerCount--;
    const left = (this.#strangers.get(addressKey) ?? 0) - 1;
    if (left > 0) this.#strangers.set(addressKey, left);
    else this.#strangers.delete(addressKey);
  }
}
