import { Account } from './account/account.ts';
import { BrowserSignInStore, MemorySignInStore, type SignInStore } from './account/sign-in-store.ts';
import { AuthorizedHttp } from './api/authorized-http.ts';
import { ChatApi } from './api/chat-api.ts';
import { type Fetch, Http } from './api/http.ts';
import { ChatClient } from './chat-client.ts';
import type { Transport } from './connection/transport.port.ts';
import { type OpenWebSocket, StompTransport } from './connection/transport.stomp.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { type Locks, ProcessLocks, WebLocks } from './platform/locks.ts';
import { assumedNetwork, browserNetwork, type Network } from './platform/network.ts';
import { randomId } from './platform/random-id.ts';
import { MemoryClientStore } from './store/client-store.memory.ts';
import type { ClientStore } from './store/client-store.port.ts';

export type ChatServiceOptions = {
  /** The server's origin, as `https://chat.example.org`. In a page, its own unless told otherwise. */
  readonly origin?: string;
  readonly signIns?: SignInStore;
  readonly fetch?: Fetch;
  readonly openWebSocket?: OpenWebSocket;
  readonly locks?: Locks;
  readonly network?: Network;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Hears of what went wrong and was lived with: a listener that threw, a store that failed. */
  readonly onFault?: (fault: unknown) => void;
};

export type ChatOptions = {
  /** Where outbox and cursors are kept. In memory unless told otherwise. */
  readonly store?: ClientStore;
  /** Names this device: the same again after a restart, or the server takes it for another one. */
  readonly device?: string;
  /** The most entries of one conversation that a sync brings; a longer gap is named in `truncated`. */
  readonly syncLimit?: number;
  readonly transport?: Transport;
};

const isPage = typeof document !== 'undefined';

/** A chat service as one device uses it: who is signed in, its HTTP calls, and the way to chat. */
export class ChatService {
  readonly account: Account;
  readonly api: ChatApi;
  readonly #options: Required<Pick<ChatServiceOptions, 'locks' | 'network' | 'clock' | 'random' | 'onFault'>>;
  readonly #socketUrl: string;
  readonly #openWebSocket: OpenWebSocket | undefined;

  constructor(options: ChatServiceOptions = {}) {
    const origin = options.origin ?? (isPage ? location.origin : 'http://localhost:8080');
    this.#socketUrl = `${origin.replace(/^http/, 'ws').replace(/\/$/, '')}/ws-chat`;
    this.#openWebSocket = options.openWebSocket;
    this.#options = {
      locks: options.locks ?? defaultLocks(),
      network: options.network ?? (isPage ? browserNetwork : assumedNetwork),
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      onFault: options.onFault ?? ((fault) => console.error(fault)),
    };
    const http = new Http(origin, options.fetch);
    const store = options.signIns ?? (isPage ? new BrowserSignInStore() : new MemorySignInStore());
    this.account = new Account({ ...this.#options, http, store });
    this.api = new ChatApi(new AuthorizedHttp(http, this.account));
  }

  /** The signed-in user's chat. It connects when `start` is called. */
  async openChat(options: ChatOptions = {}): Promise<ChatClient> {
    const signIn = this.account.current;
    if (!signIn) throw new Error('Sign in before chatting.');
    const { clock } = this.#options;
    const store = options.store ?? new MemoryClientStore();
    const openWebSocket = this.#openWebSocket ? { openWebSocket: this.#openWebSocket } : {};
    return new ChatClient({
      ...this.#options,
      account: this.account,
      userId: signIn.user.id,
      transport: options.transport ?? new StompTransport({ url: this.#socketUrl, clock, ...openWebSocket }),
      store,
      cursors: await store.cursors(),
      device: options.device ?? randomId(),
      syncLimit: options.syncLimit,
    });
  }
}

function defaultLocks(): Locks {
  // Missing in Node and on pages that are not a secure context, whatever the DOM types say.
  const manager = isPage ? (navigator as { locks?: LockManager }).locks : undefined;
  return manager ? new WebLocks(manager) : new ProcessLocks();
}
