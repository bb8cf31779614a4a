import type { StompConnection, StompHeaders, Transport, TransportListener } from '@chat/chat-client';
import type { ChatEntry, ChatMessage, ConversationSummary, ErrorBody, FoundMessages, SignedIn, User } from '@chat/protocol';
import { ScriptedRooms } from './scripted-rooms.ts';

type Send = { readonly destination: string; readonly body: Record<string, unknown>; readonly receipt: string | undefined };

/**
 * A chat server within the page, for looking at screens and for tests of them: it has a log and answers as the wire
 * contract says, and what it says and when is up to whoever drives it. It knows one signed-in user.
 */
export class ScriptedServer implements Transport {
  readonly self: User;
  readonly users = new Map<string, User>();
  readonly summaries = new Map<string, ConversationSummary>();
  readonly logs = new Map<string, ChatEntry[]>();
  readonly rooms: ScriptedRooms;
  /** By conversation, the last pinned first. */
  readonly pinned = new Map<string, readonly number[]>();
  /** What is answered to questions about one message: `readers <conversation> <seq>`, `edits …`. */
  readonly answers = new Map<string, object>();
  /** Requests to `/api`, in order: method and path. */
  readonly requests: string[] = [];
  /** What is subscribed to, by its id. */
  readonly subscriptions = new Map<string, { readonly destination: string; readonly after: string | undefined }>();
  /** Everything that was sent, in order. */
  readonly sent: Send[] = [];
  /** Answers of `/api` that come as errors, by path or by method and path; a script sets and clears them. */
  readonly refusals = new Map<string, { readonly status: number; readonly body: ErrorBody }>();
  /** What is found, the newest first. */
  search: (query: URLSearchParams) => FoundMessages = (query) => ({ messages: this.#found(query.get('q') ?? '') });
  isReachable = true;
  /** What is to be said about a message instead of storing it. */
  refuse: (body: Record<string, unknown>) => ErrorBody | 'silence' | undefined = () => undefined;
  #listener: TransportListener | undefined;
  #nextId = 1;

  constructor(self: User) {
    this.self = self;
    this.rooms = new ScriptedRooms(self);
    this.users.set(self.id, self);
  }

  // HTTP

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    await Promise.resolve();
    if (!this.isReachable) throw new TypeError('Failed to fetch');
    const url = new URL(input instanceof Request ? input.url : input, 'http://chat.test');
    this.requests.push(`${init?.method ?? 'GET'} ${url.pathname}`);
    const refusal = this.refusals.get(`${init?.method ?? 'GET'} ${url.pathname}`) ?? this.refusals.get(url.pathname);
    if (refusal) return Response.json(refusal.body, { status: refusal.status });
    const answer = this.#answer(url, init);
    return answer === undefined
      ? Response.json({ code: 'not-found', message: 'There is nothing here.' }, { status: 404 })
      : Response.json(answer);
  };

  #answer(url: URL, init: RequestInit | undefined): unknown {
    const path = decodeURIComponent(url.pathname);
    const method = init?.method ?? 'GET';
    const body = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as Record<string, unknown>; // as our client sends it
    const user = /^\/api\/users\/(.+)$/.exec(path)?.[1];
    const [, conversationId, part, seq, of] = /^\/api\/conversations\/([^/]+)\/(\w+)(?:\/(\d+))?(?:\/(\w+))?$/.exec(path) ?? [];
    if (user !== undefined) return this.users.get(user);
    if (conversationId !== undefined && part === 'pins') return this.#pins(conversationId, seq, method);
    if (conversationId !== undefined && of !== undefined) return this.answers.get(`${of} ${conversationId} ${seq}`);
    if (conversationId !== undefined && part === 'messages') return this.#history(conversationId, url.searchParams);
    if (path.startsWith('/api/rooms')) return this.rooms.answer({ method, body, parts: path.split('/').slice(3), query: url.searchParams });
    if (path === '/api/invites/preview') return this.rooms.preview();
    if (path === '/api/search') return this.search(url.searchParams);
    if (path === '/api/conversations') return { conversations: [...this.summaries.values()] };
    if (path.endsWith('/export')) return { type: 'ACCOUNT', id: this.self.id };
    if (path === '/api/me') return { readReceipts: true, ...this.self, ...body };
    if (path === '/api/auth/logout') return {};
    return path.startsWith('/api/auth/') ? this.signedIn() : undefined;
  }

  #pins(conversationId: string, seq: string | undefined, method: string): unknown {
    const pinned = (this.pinned.get(conversationId) ?? []).filter((each) => method === 'GET' || each !== Number(seq));
    this.pinned.set(conversationId, method === 'PUT' ? [Number(seq), ...pinned] : pinned);
    if (method !== 'GET') return {};
    const messages = pinned.flatMap((each) => this.logs.get(conversationId)?.find((entry) => entry.seq === each) ?? []);
    return { pins: messages.map((message) => ({ message, by: this.self.id, pinnedAt: Date.now() })) };
  }

  #found(q: string): ChatEntry[] {
    return [...this.logs.values()].flat().filter((entry) => entry.message.includes(q)).sort((a, b) => b.sentAt - a.sentAt);
  }

  signedIn(): SignedIn {
    return { user: this.self, accessToken: 'access', refreshToken: 'refresh', expiresIn: 900 };
  }

  #history(conversationId: string, query: URLSearchParams): { messages: ChatEntry[] } | undefined {
    const log = this.logs.get(conversationId) ?? (this.rooms.has(conversationId.slice('room:'.length)) ? [] : undefined);
    if (!log) return undefined;
    const limit = Number(query.get('limit') ?? 50);
    const after = query.get('after');
    const before = Number(query.get('before') ?? Infinity);
    if (after !== null) return { messages: log.filter((entry) => entry.seq > Number(after)).slice(0, limit) };
    return { messages: log.filter((entry) => entry.seq < before).slice(-limit) };
  }

  // STOMP

  open(_headers: StompHeaders, listener: TransportListener): StompConnection {
    this.#listener = listener;
    queueMicrotask(() => {
      if (this.#listener !== listener) return;
      if (this.isReachable) listener.connected({ server: 'server1', version: '1.2', 'user-name': this.self.id });
      else this.drop(1006);
    });
    const forget = (): void => {
      if (this.#listener === listener) this.#listener = undefined;
    };
    return {
      subscribe: (id, destination, headers) => this.subscriptions.set(id, { destination, after: headers?.['after'] }),
      unsubscribe: (id) => this.subscriptions.delete(id),
      send: (destination, body, headers) =>
        this.#received({ destination, body: JSON.parse(body) as Record<string, unknown>, receipt: headers?.['receipt'] }),
      close: forget,
      abort: forget,
    };
  }

  get isConnected(): boolean {
    return this.#listener !== undefined;
  }

  /** Closes the connection. */
  drop(code: number): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed(code);
  }

  /** Delivers something to the user's messages. */
  deliver(message: ChatMessage, subscription = message.type === 'PRESENCE' ? 'presence' : 'messages'): void {
    this.#listener?.message(subscription, {}, JSON.stringify(message));
  }

  /** Puts an entry into the log and delivers it. */
  say(conversationId: string, from: string, message: string, more: Partial<ChatEntry> = {}): ChatEntry {
    const entry = this.store(conversationId, from, message, more);
    this.deliver(entry);
    return entry;
  }

  /** Puts an entry into the log without a word. */
  store(conversationId: string, from: string, message: string, more: Partial<ChatEntry> = {}): ChatEntry {
    const log = this.logs.get(conversationId) ?? [];
    this.logs.set(conversationId, log);
    const seq = (log.at(-1)?.seq ?? 0) + 1;
    const entry: ChatEntry = {
      type: 'CHAT', conversationId, from, message, seq, id: `e${this.#nextId++}`, sentAt: Date.now(), ...more,
    };
    log.push(entry);
    const summary = this.summaries.get(conversationId);
    if (summary) this.summaries.set(conversationId, { ...summary, lastSeq: seq, last: entry });
    return entry;
  }

  #received(send: Send): void {
    this.sent.push(send);
    queueMicrotask(() => {
      if (send.destination === '/app/chat.sync') this.#synced();
      else if (send.destination === '/app/chat.send') this.#chat(send);
      else if (send.receipt !== undefined) this.#listener?.receipt(send.receipt, { 'receipt-id': send.receipt });
    });
  }

  #content({ message, forward, replyTo }: Record<string, unknown>, clientId: string): [message: string, more: Partial<ChatEntry>] {
    const from = forward as { conversationId: string; seq: number } | undefined; // by the protocol
    const passedOn = from && this.logs.get(from.conversationId)?.find(({ seq }) => seq === from.seq);
    if (passedOn) return [passedOn.message, { clientId, forwardedFrom: { from: passedOn.from, sentAt: passedOn.sentAt } }];
    return [String(message), { clientId, ...(typeof replyTo === 'number' ? { replyTo } : {}) }];
  }

  #synced(): void {
    const cursors = Object.fromEntries([...this.logs].map(([id, log]) => [id, log.at(-1)?.seq ?? 0]));
    this.deliver({ type: 'SYNCED', cursors });
  }

  #chat({ body, receipt, destination }: Send): void {
    const refused = this.refuse(body);
    if (refused === 'silence') return;
    const clientId = String(body['clientId']);
    if (refused) {
      this.#listener?.message('errors', {}, JSON.stringify({ ...refused, destination, clientId }));
      return;
    }
    const conversationId = String(body['conversationId']);
    const known = this.logs.get(conversationId)?.find((entry) => entry.clientId === clientId);
    const entry = known ?? this.store(conversationId, this.self.id, ...this.#content(body, clientId));
    if (receipt !== undefined) {
      this.#listener?.receipt(receipt, { 'receipt-id': receipt, 'conversation-id': conversationId, seq: String(entry.seq), id: entry.id });
    }
    if (!known) this.deliver(entry);
  }
}
