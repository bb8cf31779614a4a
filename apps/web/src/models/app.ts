import { type ChatClient, type ChatService, type ClientStore, IndexedDbClientStore, MemoryClientStore, type SignedOutReason } from '@chat/chat-client';
import { deviceName } from '../platform/device.ts';
import { Router } from '../platform/router.ts';
import { watchAttention } from '../platform/attention.ts';
import { ChatSession } from './chat-session.ts';
import { Observed } from './observed.ts';
import { Preferences } from './preferences.ts';

export type AppState =
  | { readonly status: 'signed-out'; readonly reason: SignedOutReason | undefined }
  | { readonly status: 'opening' }
  | { readonly status: 'signed-in'; readonly session: ChatSession };

/** The most entries of one conversation that a sync brings; what is older is read as history when it is looked at. */
const SYNC_LIMIT = 200;

export type OpenChat = (service: ChatService) => Promise<{ chat: ChatClient; store: ClientStore }>;

/** The app: who is signed in, where they are, what they prefer. */
export class App {
  readonly service: ChatService;
  readonly state: Observed<AppState>;
  readonly router = new Router();
  readonly preferences = new Preferences();
  readonly attention = watchAttention();
  readonly #openChat: OpenChat;
  #store: ClientStore | undefined;

  constructor(service: ChatService, openChat: OpenChat = openStoredChat) {
    this.service = service;
    this.#openChat = openChat;
    this.state = new Observed<AppState>({ status: 'signed-out', reason: undefined });
    service.account.events.on('signedIn', () => void this.#open());
    service.account.events.on('signedOut', (reason) => void this.#signedOut(reason));
    if (service.account.current) void this.#open();
  }

  async #open(): Promise<void> {
    this.#close();
    const signIn = this.service.account.current;
    if (!signIn) return;
    this.state.set({ status: 'opening' });
    const { chat, store } = await this.#openChat(this.service);
    if (this.service.account.current?.user.id !== signIn.user.id) return store.close(); // signed out meanwhile
    this.#store = store;
    const session = new ChatSession(signIn.user, this.service.api, chat);
    session.start();
    this.state.set({ status: 'signed-in', session });
  }

  /** Whoever signs out here leaves nothing behind; whoever is signed out by the server finds the outbox again. */
  async #signedOut(reason: SignedOutReason): Promise<void> {
    const { value } = this.state;
    const store = this.#store;
    if (value.status === 'signed-in') value.session.stop();
    if (reason === 'chosen') {
      if (value.status === 'signed-in') value.session.drafts.forget();
      await store?.clear().catch((fault: unknown) => console.error(fault)); // the browser's storage failed: there is no more to do
    }
    this.#close();
    this.state.set({ status: 'signed-out', reason });
    if (reason !== 'ended') this.router.replace({ place: 'sign-in' });
  }

  #close(): void {
    if (this.state.value.status === 'signed-in') this.state.value.session.stop();
    this.#store?.close();
    this.#store = undefined;
  }
}

/** With what this browser remembers of the user; where it remembers nothing, as a new device. */
async function openStoredChat(service: ChatService): Promise<{ chat: ChatClient; store: ClientStore }> {
  const userId = service.account.current?.user.id ?? '';
  const store = await IndexedDbClientStore.open(userId).catch(() => new MemoryClientStore());
  const chat = await service.openChat({ store, device: deviceName(), syncLimit: SYNC_LIMIT });
  return { chat, store };
}
