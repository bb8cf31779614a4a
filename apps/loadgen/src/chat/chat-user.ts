import type { Outcome } from '@chat/history-checker';
import { CloseCode, type Entry, type Frame, isEntry } from '@chat/protocol';
import { BackOff } from './back-off.ts';
import { ChatConnection, type ConnectionEnd, type ConnectionListener } from './chat-connection.ts';
import { setUpFault } from './connect-failure.ts';
import type { LoadWorld } from './load-world.ts';

/** A send without an outcome. It goes again, with the same key, on every new connection. */
type OpenSend = { readonly key: string; readonly conversation: string; readonly frame: Uint8Array; readonly intended: number; written: boolean };

/** A connection whose stream is not live by then is given up. */
const NOT_LIVE_MS = 30_000;
/** After this close a server wants to be left at once, and another one answers. */
const AT_ONCE = new Set<number>([CloseCode.draining]);

/** One user with one device, who outlives connections: keeps cursors, and what was sent until it has an outcome. */
export class ChatUser implements ConnectionListener {
  readonly id: string;
  readonly #world: LoadWorld;
  readonly #backOff = new BackOff();
  readonly #cursors = new Map<string, number>();
  readonly #open = new Map<string, OpenSend>();
  #connection: ChatConnection | undefined;
  #url: string;
  #stage: 'away' | 'connecting' | 'subscribing' | 'live' = 'away';
  #connectingSince = 0;
  #resuming = false;
  /** Until its first SYNCED it knows nothing, and asks for nothing of what was. */
  #isFresh: boolean;
  #arrivals: { resolve(): void; reject(reason: unknown): void } | undefined;
  #lastEnd = '';
  #leaving = false;
  /** What the server of the present connection calls itself, or its address. */
  server = '';

  /** @param start where the stream of the first connection begins */
  constructor(id: string, url: string, world: LoadWorld, start: 'server' | 'fresh' = 'server') {
    this.id = id;
    this.#isFresh = start === 'fresh';
    this.#url = url;
    this.#world = world;
  }

  get isLive(): boolean {
    return this.#stage === 'live';
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  get openSends(): number {
    return this.#open.size;
  }

  /** Why the last connection ended; empty where none did. */
  get lastEnd(): string {
    return this.#lastEnd;
  }

  /**
   * Connects for the first time.
   * @returns once the stream is live
   * @throws LoadRunError where the set-up is at fault
   */
  arrive(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#arrivals = { resolve, reject };
      this.#connect();
    });
  }

  /** Goes out at once, or with the next connection. */
  send(conversation: string, key: string, frame: Uint8Array, intended: number): void {
    const send = { key, conversation, frame, intended, written: false };
    this.#open.set(key, send);
    if (this.#stage === 'live') this.#write(send);
  }

  /** To be called every second or so. */
  checkAlive(now: number): void {
    if (!this.#connection) return;
    if (this.#stage !== 'live' && now - this.#connectingSince > NOT_LIVE_MS) this.#connection.terminate();
    else this.#connection.checkAlive(now);
  }

  leave(): void {
    this.#leaving = true;
    this.#connection?.close();
  }

  terminate(): void {
    this.#connection?.terminate();
  }

  onConnected(server: string | undefined): void {
    this.server = server ?? this.#url;
    this.#stage = 'subscribing';
    this.#world.history.record({ type: 'connected', device: this.id, user: this.id, cursors: this.#isFresh ? 'fresh' : 'device' });
    if (this.#resuming) this.#world.history.record({ type: 'resumed', device: this.id, cursors: Object.fromEntries(this.#cursors) });
  }

  onSubscribed(): void {
    if (!this.#resuming && !this.#isFresh) this.#goLive();
  }

  onMessage(body: Uint8Array): void {
    const message = this.#world.decode(body);
    if (message.type === 'SYNCED') {
      if (this.#isFresh) this.#beginAnew(message.cursors);
      if (this.#stage === 'subscribing') this.#goLive();
    } else if (isEntry(message)) this.#onEntry(message);
  }

  onReceipt(frame: Frame): void {
    const send = this.#open.get(frame.headers.get('receipt-id') ?? '');
    if (!send) return;
    this.#open.delete(send.key);
    const seq = frame.headers.get('seq');
    this.#settle(send, { kind: 'receipt', seq: seq === undefined ? undefined : Number(seq), id: frame.headers.get('id') });
    this.#world.acknowledged(send.intended);
  }

  onRefusal(body: Uint8Array): void {
    const refusal = this.#world.decodeRefusal(body);
    this.#world.refused(refusal);
    const send = this.#open.get(refusal.clientId ?? refusal.receipt ?? '');
    if (!send) return;
    this.#open.delete(send.key);
    this.#settle(send, { kind: 'error', code: refusal.code });
  }

  onEnded(end: ConnectionEnd): void {
    const { closeCode, cause } = end;
    const wasConnected = this.#stage === 'subscribing' || this.#stage === 'live';
    if (wasConnected) {
      this.#world.history.record({ type: 'disconnected', device: this.id });
      this.#resuming = !this.#isFresh;
    }
    if (this.#stage === 'live') this.#backOff.reset();
    this.#stage = 'away';
    this.#connection = undefined;
    this.#lastEnd = `${closeCode} ${cause}`.trimEnd();
    if (this.#leaving) return;
    const fault = this.#arrivals ? setUpFault(this.#url, end) : undefined;
    if (fault) return this.#giveUp(fault);
    if (!this.#arrivals) this.#url = this.#world.anotherUrl(this.#url);
    if (wasConnected) this.#world.reconnecting();
    setTimeout(() => this.#connect(), AT_ONCE.has(closeCode) ? 0 : this.#backOff.next());
  }

  #connect(): void {
    if (this.#leaving) return;
    this.#stage = 'connecting';
    this.#world.accounts.accessToken(this.id).then(
      (accessToken) => this.#openConnection(accessToken),
      (error: unknown) => (this.#arrivals ? this.#giveUp(error) : this.onEnded({ closeCode: 1006, cause: String(error), systemCode: undefined })),
    );
  }

  #openConnection(accessToken: string): void {
    if (this.#leaving) return;
    const resumed = this.#resuming ? Object.fromEntries(this.#cursors) : undefined;
    const start = this.#isFresh ? 'fresh' : resumed;
    this.#connectingSince = this.#world.now();
    this.#connection = new ChatConnection({ url: this.#url, accessToken, device: this.id, start }, this, this.#connectingSince);
  }

  #goLive(): void {
    this.#stage = 'live';
    for (const send of this.#open.values()) this.#write(send);
    this.#arrivals?.resolve();
    this.#arrivals = undefined;
  }

  #beginAnew(cursors: Readonly<Record<string, number>>): void {
    this.#isFresh = false;
    this.#world.history.record({ type: 'synced', device: this.id, cursors });
    for (const [conversation, seq] of Object.entries(cursors)) this.#cursors.set(conversation, seq);
  }

  #onEntry(entry: Entry): void {
    const { conversationId: conversation, seq, id, from, type } = entry;
    const of = type === 'CHAT' ? { key: entry.clientId } : { entry: type };
    this.#world.history.record({ type: 'delivered', device: this.id, conversation, seq, id, from, ...of });
    if (seq > (this.#cursors.get(conversation) ?? 0)) this.#cursors.set(conversation, seq);
    if (type === 'CHAT') this.#world.delivered(entry, this);
  }

  #write(send: OpenSend): void {
    this.#world.history.record({ type: 'send-started', device: this.id, conversation: send.conversation, key: send.key });
    this.#world.written(send.written);
    send.written = true;
    this.#connection?.write(send.frame);
  }

  #settle(send: OpenSend, outcome: Outcome): void {
    this.#world.history.record({ type: 'send-outcome', device: this.id, conversation: send.conversation, key: send.key, outcome });
  }

  #giveUp(reason: unknown): void {
    this.#leaving = true;
    this.#arrivals?.reject(reason);
    this.#arrivals = undefined;
  }
}
