import type { StompConnection, StompHeaders, Transport, TransportListener } from '@chat/chat-client';
import type { ChatEntry, ChatMessage, ConversationSummary, ErrorBody, Room, RoomMember, SignedIn, User } from '@chat/protocol';

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
  readonly rooms = new Map<string, { room: Room; members: readonly RoomMember[] }>();
  /** Everything that was sent, in order. */
  readonly sent: Send[] = [];
  /** Answers of `/api` that come as errors, by path; a script sets and clears them. */
  readonly refusals = new Map<string, { readonly status: number; readonly body: ErrorBody }>();
  isReachable = true;
  /** What is to be said about a message instead of storing it. */
  refuse: (body: Record<string, unknown>) => ErrorBody | 'silence' | undefined = () => undefined;
  #listener: TransportListener | undefined;
  #nextId = 1;

  constructor(self: User) {
    this.self = self;
    this.users.set(self.id, self);
  }

  // HTTP

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    await Promise.resolve();
    if (!this.isReachable) throw new TypeError('Failed to fetch');
    const url = new URL(input instanceof Request ? input.url : input, 'http://chat.test');
    const refusal = this.refusals.get(url.pathname);
    if (refusal) return Response.json(refusal.body, { status: refusal.status });
    const answer = this.#answer(url, init);
    return answer === undefined
      ? Response.json({ code: 'not-found', message: 'There is nothing here.' }, { status: 404 })
      : Response.json(answer);
  };

  #answer(url: URL, init: RequestInit | undefined): unknown {
    const path = decodeURIComponent(url.pathname);
    const user = /^\/api\/users\/(.+)$/.exec(path)?.[1];
    const history = /^\/api\/conversations\/(.+)\/messages$/.exec(path)?.[1];
    if (user !== undefined) return this.users.get(user);
    if (history !== undefined) return this.#history(history, url.searchParams);
    if (path.startsWith('/api/rooms')) return this.#room(path.split('/').slice(3), init);
    if (path === '/api/search') return { messages: this.#found(url.searchParams.get('q') ?? '') };
    if (path === '/api/conversations') return { conversations: [...this.summaries.values()] };
    if (path === '/api/me') return { ...this.self, ...(JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as object) };
    if (path === '/api/auth/logout') return {};
    return path.startsWith('/api/auth/') ? this.signedIn() : undefined;
  }

  #room([roomId, part]: readonly string[], init: RequestInit | undefined): unknown {
    if (roomId === undefined && init?.method === 'POST') return this.#made(JSON.parse(typeof init.body === 'string' ? init.body : '{}') as Pick<Room, 'name' | 'visibility'>);
    if (roomId === undefined) return { rooms: [...this.rooms.values()].map(({ room }) => room) };
    const known = this.rooms.get(roomId);
    if (part === 'members' && init?.method === 'GET') return known && { members: known.members };
    if (part === 'invites') return { token: 'AbCdEfGhIjKlMnOpQrStUv' };
    return known?.room;
  }

  #made({ name, visibility }: Pick<Room, 'name' | 'visibility'>): Room {
    const id = `room${String(this.rooms.size).padStart(4, '0')}`;
    const room: Room = {
      id, conversationId: `room:${id}`, name, visibility, history: 'all', topic: '', members: 1, createdAt: 0, lastSeq: 1, me: { role: 'owner', joinedSeq: 0 },
    };
    this.logs.set(room.conversationId, []);
    this.rooms.set(id, { room, members: [{ ...this.self, role: 'owner', joinedAt: 0 }] });
    return room;
  }

  #found(q: string): ChatEntry[] {
    return [...this.logs.values()].flat().filter((entry) => entry.message.includes(q)).sort((a, b) => b.sentAt - a.sentAt);
  }

  signedIn(): SignedIn {
    return { user: this.self, accessToken: 'access', refreshToken: 'refresh', expiresIn: 900 };
  }

  #history(conversationId: string, query: URLSearchParams): { messages: ChatEntry[] } | undefined {
    const log = this.logs.get(conversationId);
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
      subscribe: () => undefined,
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
  deliver(message: ChatMessage): void {
    this.#listener?.message(message.type === 'PRESENCE' ? 'presence' : 'messages', {}, JSON.stringify(message));
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
    const entry = known ?? this.store(conversationId, this.self.id, String(body['message']), { clientId });
    if (receipt !== undefined) {
      this.#listener?.receipt(receipt, { 'receipt-id': receipt, 'conversation-id': conversationId, seq: String(entry.seq), id: entry.id });
    }
    if (!known) this.deliver(entry);
  }
}
