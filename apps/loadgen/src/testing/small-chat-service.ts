import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ChatEntry, directConversationId, encodeFrame, type Entry, type Frame, FrameDecoder, type JoinEntry } from '@chat/protocol';
import { type WebSocket, WebSocketServer } from 'ws';

/** What the service does wrong with one delivery; `hold` keeps it until after the next of its conversation. */
export type DeliveryFault = 'drop' | 'double' | 'hold' | undefined;
/** What it does wrong with one SEND. */
export type SendFault = 'refuse' | 'cut-before-storing' | 'cut-after-storing' | undefined;

export type ServiceFaults = {
  /** @param count of deliveries so far, to all users together, this one included */
  readonly delivery?: (count: number, entry: Entry, user: string) => DeliveryFault;
  readonly send?: (count: number) => SendFault;
  /** Stores every repeat of a send again. */
  readonly forgetsClientIds?: boolean;
  readonly refusesTokens?: boolean;
};

type Session = { readonly user: string; readonly socket: WebSocket; readonly server: string; isLive: boolean; held: Entry[] };
type SendBody = { readonly to?: string; readonly roomId?: string; readonly message: string; readonly clientId: string };

/** A chat service of the smallest kind, without a database and with faults to order: some servers over one store. */
export class SmallChatService {
  readonly #faults: ServiceFaults;
  readonly #servers: { readonly http: Server; readonly webSocket: WebSocketServer }[] = [];
  readonly #logs = new Map<string, Entry[]>();
  readonly #sessions = new Set<Session>();
  #deliveries = 0;
  #sends = 0;

  constructor(faults: ServiceFaults = {}) {
    this.#faults = faults;
  }

  /** @returns the address of another server of the service */
  async listen(): Promise<string> {
    const http = createServer((request, response) => void this.#answer(request, response));
    const webSocket = new WebSocketServer({ server: http });
    await once(http.listen(0, '127.0.0.1'), 'listening');
    const name = `server${this.#servers.push({ http, webSocket })}`;
    webSocket.on('connection', (socket) => this.#serve(socket, name));
    // A server on a TCP port has an address object.
    return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws-chat`;
  }

  get entries(): readonly ChatEntry[] {
    return [...this.#logs.values()].flat().filter((entry) => entry.type === 'CHAT');
  }

  /** Ends all connections without a word, of all servers or of one. */
  cutConnections(server?: string): void {
    for (const session of this.#sessions) if (server === undefined || session.server === server) session.socket.terminate();
  }

  /** Server `number` (from 1) is gone for good. */
  kill(number: number): void {
    this.#servers[number - 1]?.http.close();
    this.cutConnections(`server${number}`);
  }

  async close(): Promise<void> {
    this.cutConnections();
    await Promise.all(this.#servers.map(({ http }) => new Promise((resolve) => {
      http.close(resolve);
      http.closeAllConnections();
    })));
  }

  /** `POST /api/rooms` and `POST /api/rooms/{id}/members`, and no look at who asks. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { id } = JSON.parse(body) as { id?: string }; // the load generator's own
    const { sub } = tokenPayload(request.headers.authorization ?? '');
    const [, , , room, members] = (request.url ?? '').split('/');
    const roomId = members === undefined ? `room${this.#logs.size}` : (room ?? '');
    const seq = this.#join(`room:${roomId}`, roomId, id ?? sub);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(members === undefined ? { id: roomId } : { seq }));
  }

  #join(conversationId: string, roomId: string, user: string): number {
    const log = this.#logs.get(conversationId) ?? [];
    this.#logs.set(conversationId, log);
    const seq = log.length + 1;
    const join: JoinEntry = { type: 'JOIN', conversationId, roomId, seq, id: `${conversationId}#${seq}`, from: user, sentAt: 0 };
    log.push(join);
    return seq;
  }

  /** Members of rooms never leave here. */
  #isMember(conversationId: string, user: string): boolean {
    if (!conversationId.startsWith('room:')) return conversationId.split(':').includes(user);
    return this.#logs.get(conversationId)?.some(({ type, from }) => type === 'JOIN' && from === user) ?? false;
  }

  #serve(socket: WebSocket, server: string): void {
    const decoder = new FrameDecoder({ from: 'client' });
    let session: Session | undefined;
    socket.on('message', (data: Buffer) => {
      decoder.push(data);
      for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
        if (frame.command === 'CONNECT') {
          session = this.#connect(frame, socket, server);
          decoder.version = '1.2';
        } else if (session) this.#act(frame, session);
      }
    });
    socket.on('close', () => session && this.#sessions.delete(session));
  }

  #connect(frame: Frame, socket: WebSocket, server: string): Session | undefined {
    if (this.#faults.refusesTokens) {
      socket.send(encodeFrame('ERROR', { message: 'the signature is wrong' }, undefined, '1.2'));
      socket.close(4401);
      return undefined;
    }
    const { sub } = tokenPayload(frame.headers.get('Authorization') ?? '');
    const session: Session = { user: sub, socket, server, isLive: false, held: [] };
    this.#sessions.add(session);
    socket.send(encodeFrame('CONNECTED', { version: '1.2', server, 'user-name': sub }, undefined, '1.2'));
    return session;
  }

  #act(frame: Frame, session: Session): void {
    const destination = frame.headers.get('destination');
    const receipt = frame.headers.get('receipt');
    if (frame.command === 'SUBSCRIBE') {
      if (destination === '/user/queue/messages' && frame.headers.get('resume') === undefined) session.isLive = true;
      this.#receipt(session, receipt, {});
      return;
    }
    // The load generator's own bodies.
    const body = JSON.parse(Buffer.from(frame.body).toString()) as { cursors: Record<string, number>; fresh?: boolean } & SendBody;
    if (destination === '/app/chat.sync') this.#sync(session, body.cursors, body.fresh === true);
    else this.#send(session, receipt, body);
  }

  #sync(session: Session, cursors: Readonly<Record<string, number>>, isFresh: boolean): void {
    const reached: Record<string, number> = {};
    for (const [conversation, log] of this.#logs) {
      if (!this.#isMember(conversation, session.user)) continue;
      reached[conversation] = log.length;
      if (isFresh) continue;
      for (const entry of log.slice(cursors[conversation] ?? 0)) this.#message(session, 'm', entry);
    }
    this.#message(session, 'm', { type: 'SYNCED', cursors: reached });
    session.isLive = true;
  }

  #send(session: Session, receipt: string | undefined, { to, roomId, message, clientId }: SendBody): void {
    const fault = this.#faults.send?.(++this.#sends);
    if (fault === 'refuse') return this.#message(session, 'e', { code: 'unavailable', message: 'the store is away', clientId, receipt });
    if (fault === 'cut-before-storing') return session.socket.terminate();
    const conversationId = roomId === undefined ? directConversationId(session.user, to ?? '') : `room:${roomId}`;
    const log = this.#logs.get(conversationId) ?? [];
    this.#logs.set(conversationId, log);
    let entry = this.#faults.forgetsClientIds ? undefined : log.find((each) => each.type === 'CHAT' && each.from === session.user && each.clientId === clientId);
    const isNew = entry === undefined;
    entry ??= { type: 'CHAT', conversationId, seq: log.length + 1, id: `${conversationId}#${log.length + 1}`, from: session.user, to, roomId, message, sentAt: 0, clientId };
    if (isNew) log.push(entry);
    if (fault === 'cut-after-storing') session.socket.terminate();
    else this.#receipt(session, receipt, { 'conversation-id': conversationId, seq: String(entry.seq), id: entry.id });
    if (!isNew) return;
    for (const each of this.#sessions) if (each.isLive && this.#isMember(conversationId, each.user)) this.#deliver(each, entry);
  }

  #deliver(session: Session, entry: Entry): void {
    const fault = this.#faults.delivery?.(++this.#deliveries, entry, session.user);
    if (fault === 'drop') return;
    if (fault === 'hold') return void session.held.push(entry);
    this.#message(session, 'm', entry);
    if (fault === 'double') this.#message(session, 'm', entry);
    const released = session.held.filter((each) => each.conversationId === entry.conversationId);
    session.held = session.held.filter((each) => !released.includes(each));
    for (const each of released) this.#message(session, 'm', each);
  }

  #receipt(session: Session, receipt: string | undefined, headers: Readonly<Record<string, string>>): void {
    if (receipt !== undefined) session.socket.send(encodeFrame('RECEIPT', { 'receipt-id': receipt, ...headers }, undefined, '1.2'));
  }

  #message(session: Session, subscription: string, body: unknown): void {
    session.socket.send(encodeFrame('MESSAGE', { subscription, 'message-id': 'x', destination: '/user/queue/messages' }, JSON.stringify(body), '1.2'));
  }
}

function tokenPayload(authorization: string): { readonly sub: string } {
  return JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }; // signed by the test itself
}
