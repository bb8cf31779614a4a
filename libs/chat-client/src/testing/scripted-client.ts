import { Account } from '../account/account.ts';
import { MemorySignInStore, type SignInStore } from '../account/sign-in-store.ts';
import { Http } from '../api/http.ts';
import { ChatClient, type ChatClientParts } from '../chat-client.ts';
import { ScriptedClock, settle } from '../platform/clock.scripted.ts';
import { ProcessLocks } from '../platform/locks.ts';
import type { Network } from '../platform/network.ts';
import { MemoryClientStore } from '../store/client-store.memory.ts';
import { ScriptedTransport } from './scripted-transport.ts';

export const SELF = 'anna';

/** A network that a test switches. */
export class ScriptedNetwork implements Network {
  #isOnline = true;
  readonly #listeners = new Set<() => void>();

  isOnline(): boolean {
    return this.#isOnline;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  become(isOnline: boolean): void {
    this.#isOnline = isOnline;
    for (const listener of this.#listeners) listener();
  }
}

/** Answers of the refresh call, in order; the last one stays. */
export type RefreshAnswer = 'renewed' | 'refused' | 'unreachable';

export class ScriptedHttp extends Http {
  readonly calls: string[] = [];
  refresh: RefreshAnswer = 'renewed';
  expiresIn = 3_600;

  constructor() {
    super('http://chat.test', (input) => this.#answer(new URL(input instanceof Request ? input.url : input)));
  }

  async #answer(url: URL): Promise<Response> {
    await Promise.resolve();
    this.calls.push(url.pathname);
    if (url.pathname === '/api/auth/logout') return new Response(null, { status: 204 });
    if (url.pathname === '/api/auth/refresh' && this.refresh === 'unreachable') throw new TypeError('no network');
    if (url.pathname === '/api/auth/refresh' && this.refresh === 'refused') {
      return Response.json({ code: 'unauthorized', message: 'No.' }, { status: 401 });
    }
    const n = this.calls.length;
    const user = { id: SELF, displayName: 'Anna' };
    return Response.json({ user, accessToken: `access-${n}`, refreshToken: `refresh-${n}`, expiresIn: this.expiresIn });
  }
}

export type ScriptedClient = {
  readonly chat: ChatClient;
  readonly account: Account;
  readonly transport: ScriptedTransport;
  readonly clock: ScriptedClock;
  readonly http: ScriptedHttp;
  readonly network: ScriptedNetwork;
  readonly faults: unknown[];
};

type ScriptedOptions = Partial<Pick<ChatClientParts, 'store' | 'cursors' | 'syncLimit' | 'locks' | 'random'>> & { readonly signIns?: SignInStore };

/** A signed-in client whose time, network and randomness a test drives; randomness gives the longest delays. */
export async function scriptedClient(options: ScriptedOptions = {}): Promise<ScriptedClient> {
  const clock = new ScriptedClock();
  const http = new ScriptedHttp();
  const transport = new ScriptedTransport();
  const network = new ScriptedNetwork();
  const faults: unknown[] = [];
  const onFault = (fault: unknown): void => void faults.push(fault);
  const locks = options.locks ?? new ProcessLocks();
  const account = new Account({ http, store: options.signIns ?? new MemorySignInStore(), locks, clock, onFault });
  await account.signIn({ id: SELF, password: 'password' });
  const { store = new MemoryClientStore(), cursors, syncLimit, random = () => 1 } = options;
  const chat = new ChatClient({
    account, userId: SELF, transport, store, device: 'device-1', cursors, syncLimit, locks, network, clock, random, onFault,
  });
  return { chat, account, transport, clock, http, network, faults };
}

/** The same, connected and synced. */
export async function onlineClient(options: ScriptedOptions = {}): Promise<ScriptedClient> {
  const client = await scriptedClient(options);
  client.chat.start();
  await settle();
  client.transport.last.connected();
  client.transport.last.synced(options.cursors);
  await settle();
  return client;
}
