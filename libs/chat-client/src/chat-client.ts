import type { PeerCursor } from '@chat/protocol';
import type { Account } from './account/account.ts';
import type { ClientEvents } from './client-events.ts';
import { BackOff } from './connection/back-off.ts';
import type { ConnectionState } from './connection/connection-state.ts';
import { Connector } from './connection/connector.ts';
import { TokenPresenter } from './connection/token-presenter.ts';
import type { StompConnection, StompHeaders, Transport } from './connection/transport.port.ts';
import type { Cursors } from './delivery/entry-order.ts';
import { Inbox } from './delivery/inbox.ts';
import type { DeliveryMark } from './delivery/member-cursors.ts';
import { parseChatMessage, parseErrorBody } from './delivery/parse-message.ts';
import type { OutboxItem } from './outbox/outbox-item.ts';
import { type NewMessage, Outbox } from './outbox/outbox.ts';
import type { Clock } from './platform/clock.ts';
import { Events } from './platform/events.ts';
import type { Locks } from './platform/locks.ts';
import type { Network } from './platform/network.ts';
import { type RequestOutcome, Requests } from './requests/requests.ts';
import { type RoomWatcher, RoomWatches } from './rooms/room-watches.ts';
import { ReadMarker } from './signals/read-marker.ts';
import { TypingSender } from './signals/typing-sender.ts';
import type { ClientStore } from './store/client-store.port.ts';
import { SendDestination, SubscribeDestination } from '@chat/protocol';

export type ChatClientParts = {
  readonly account: Account;
  readonly userId: string;
  readonly transport: Transport;
  readonly store: ClientStore;
  readonly device: string;
  readonly cursors: Cursors | undefined;
  readonly syncLimit: number | undefined;
  readonly locks: Locks;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onFault: (fault: unknown) => void;
};

/**
 * One user's chat on this device: keeps a connection, delivers every entry once and in order, and repeats every message
 * until the server has it. Made by `ChatService.openChat`.
 */
export class ChatClient {
  readonly userId: string;
  readonly events: Events<ClientEvents>;
  readonly #parts: ChatClientParts;
  readonly #connector: Connector;
  readonly #tokens: TokenPresenter;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #roomWatches: RoomWatches;
  readonly #typingSender: TypingSender;
  readonly #readMarker: ReadMarker;
  readonly #requests: Requests;
  readonly #stopWatching: (() => void)[] = [];
  #connection: StompConnection | undefined;

  constructor(parts: ChatClientParts) {
    const { clock, random, onFault } = parts;
    this.#parts = parts;
    this.userId = parts.userId;
    this.events = new Events(onFault);
    this.#connector = new Connector({ ...parts, backOff: new BackOff({ random }) }, this.#connectorListener());
    this.#tokens = new TokenPresenter({ account: parts.account, clock, onSilence: () => this.#connector.giveUp(), onFault });
    this.#inbox = new Inbox({
      ...parts,
      events: this.events,
      requestSync: (body) => this.#send(SendDestination.chatSync, body),
      onOwnEntry: (clientId, seq) => this.#outbox.delivered(clientId, seq),
      onSynced: (cursors) => this.#synced(cursors),
    });
    this.#roomWatches = new RoomWatches(parts.userId, clock);
    this.#outbox = new Outbox({
      ...parts,
      transmit: ({ clientId, conversationId, message, replyTo }) =>
        this.#send(SendDestination.chatSend, { clientId, conversationId, message, replyTo }, { receipt: clientId }),
      onChange: (conversationId) => this.events.emit('outbox', { conversationId }),
      onHeld: (until) => this.events.emit('held', until),
    });
    this.#requests = new Requests({
      clock,
      transmit: (destination, body, receipt) => this.#send(destination, body, { receipt }),
    });
    this.#typingSender = new TypingSender(clock, (conversationId, typing) =>
      this.#send(SendDestination.chatTyping, { conversationId, typing }),
    );
    this.#readMarker = new ReadMarker(clock, (conversationId, seq, receipt) =>
      this.#send(SendDestination.chatRead, { conversationId, seq }, { receipt }),
    );
  }

  get connection(): ConnectionState {
    return this.#connector.state;
  }

  /** Connects, and stays connected until `stop`. Also after `replaced`, when the user wants this session back. */
  start(): void {
    if (this.#stopWatching.length === 0) {
      const { account, network } = this.#parts;
      this.#stopWatching.push(
        account.events.on('renewed', () => this.#tokens.renewed()),
        account.events.on('signedOut', (reason) => this.#connector.signedOut(reason)),
        network.onChange(() => this.#tokens.probe()),
      );
      void this.#outbox.load();
    }
    this.#connector.start();
  }

  /** Says goodbye and stays away. What is in the outbox stays there. */
  stop(): void {
    for (const stop of this.#stopWatching.splice(0)) stop();
    this.#inbox.saveCursors();
    this.#connector.stop();
  }

  /** Tries at once what `waiting` would only try later. */
  retryNow(): void {
    this.#connector.retryNow();
  }

  /** Puts a message into the outbox. It is sent as soon as may be, and sent again until the server has it. */
  send(message: NewMessage): OutboxItem {
    this.#typingSender.sent(message.conversationId);
    return this.#outbox.add(message);
  }

  /** Sends again what the server refused. */
  retry(clientId: string): void {
    this.#outbox.retry(clientId);
  }

  /** Forgets what the server refused. */
  discard(clientId: string): void {
    this.#outbox.discard(clientId);
  }

  // What follows resolves when the server has done it, after lost connections too, and rejects with `RequestError` if it
  // refuses. What it changes comes to everyone as an entry.

  join(roomId: string): Promise<RequestOutcome> {
    return this.#requests.request(SendDestination.chatJoin, { roomId }, false);
  }

  leave(roomId: string): Promise<RequestOutcome> {
    return this.#requests.request(SendDestination.chatLeave, { roomId }, false);
  }

  edit(conversationId: string, target: number, message: string): Promise<RequestOutcome> {
    return this.#requests.request(SendDestination.chatEdit, { conversationId, target, message }, true);
  }

  /** Deletes a message for everyone. */
  delete(conversationId: string, target: number): Promise<RequestOutcome> {
    return this.#requests.request(SendDestination.chatDelete, { conversationId, target }, true);
  }

  react(conversationId: string, target: number, emoji: string, on: boolean): Promise<RequestOutcome> {
    return this.#requests.request(SendDestination.chatReact, { conversationId, target, emoji, on }, true);
  }

  /** Passes on, to `conversationId`, the message at `seq` of the conversation `from`. */
  forward(conversationId: string, from: string, seq: number): Promise<RequestOutcome> {
    return this.#requests.request(SendDestination.chatSend, { conversationId, forward: { conversationId: from, seq } }, true);
  }

  /**
   * Looks at a room, live, behind the entry at `after`: a public one, or one that this user is in. Goes on over lost
   * connections until the answer is called or the watcher hears that it has ended. No `entry` events come of it.
   */
  watchRoom(roomId: string, after: number, watcher: RoomWatcher): () => void {
    return this.#roomWatches.watch(roomId, after, watcher);
  }

  /** Messages of this conversation that are not entries yet, oldest first. */
  outbox(conversationId: string): readonly OutboxItem[] {
    return this.#outbox.items(conversationId);
  }

  /** When sending goes on, if the server asked for patience: epoch milliseconds, else a time in the past. */
  get sendingHeldUntil(): number {
    return this.#outbox.heldUntil;
  }

  /** To be called at each key; what goes out is throttled. */
  sendTyping(conversationId: string, typing: boolean): void {
    this.#typingSender.set(conversationId, typing);
  }

  /** Who is typing in this conversation now. */
  typing(conversationId: string): readonly string[] {
    return this.#inbox.typingNow.in(conversationId);
  }

  /** To be called whenever something has been read; only what moves the cursor forward is told, and coalesced. */
  markRead(conversationId: string, seq: number): void {
    this.#readMarker.mark(conversationId, seq);
  }

  /** Takes over what `GET /api/conversations` told of the members' cursors, of a room with its number of members. */
  learnCursors(conversationId: string, cursors: readonly PeerCursor[], members?: number): void {
    this.#inbox.learnCursors(conversationId, cursors, members);
  }

  /** How far an own message has come. */
  markOf(conversationId: string, seq: number): DeliveryMark {
    return this.#inbox.memberCursors.markOf(conversationId, seq, this.userId);
  }

  /** How many members of a room have not read the own message at `seq`; `undefined` where too little is known. */
  notRead(conversationId: string, seq: number): number | undefined {
    return this.#inbox.memberCursors.notRead(conversationId, seq, this.userId);
  }

  /** How far `userId` has read, as far as this client has heard. */
  readSeq(conversationId: string, userId: string): number {
    return this.#inbox.memberCursors.readSeq(conversationId, userId);
  }

  /** The last `seq` that `entry` events have reached in this conversation. */
  cursor(conversationId: string): number {
    return this.#inbox.cursorOf(conversationId);
  }

  #connectorListener(): ConstructorParameters<typeof Connector>[1] {
    return {
      stateChanged: (state) => this.events.emit('connection', state),
      opened: (connection) => this.#opened(connection),
      lost: () => this.#lost(),
      message: (subscription, _headers, body) => this.#message(subscription, body),
      receipt: (receiptId, headers) => this.#receipt(receiptId, headers),
      // The close code that follows decides what is done about it.
      error: (message) => this.#parts.onFault(new Error(`The chat server ended the connection: ${message}`)),
    };
  }

  #opened(connection: StompConnection): void {
    this.#connection = connection;
    connection.subscribe('errors', SubscribeDestination.errors);
    connection.subscribe('presence', SubscribeDestination.presence);
    connection.subscribe('messages', SubscribeDestination.messages, { resume: 'sync' });
    this.#inbox.opened();
    // On a fresh device the sync decides where its past ends: nothing is sent before, or it might end behind that.
    if (!this.#inbox.isFresh) this.#outbox.connected();
    this.#readMarker.resume();
    this.#requests.connected();
    this.#roomWatches.opened(connection);
    this.#tokens.opened(connection);
  }

  #lost(): void {
    this.#connection = undefined;
    this.#tokens.lost();
    this.#inbox.lost();
    this.#outbox.disconnected();
    this.#requests.disconnected();
    this.#roomWatches.lost();
  }

  #send(destination: string, body: object, headers: StompHeaders = {}): void {
    this.#connection?.send(destination, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
  }

  #receipt(receiptId: string, headers: StompHeaders): void {
    this.#tokens.heard();
    if (this.#requests.receipt(receiptId, headers)) return;
    this.#readMarker.receipt(receiptId);
    const seq = Number(headers['seq']);
    if (!Number.isSafeInteger(seq) || seq < 1) return;
    // Entries up to the cursor have come, or will be read as history: this one is not going to.
    if (seq <= this.#inbox.cursorOf(headers['conversation-id'] ?? '')) this.#outbox.delivered(receiptId, seq);
    else this.#outbox.receipt(receiptId, seq);
  }

  #message(subscription: string, body: string): void {
    this.#tokens.heard();
    if (subscription === 'errors') return this.#refused(body);
    const message = parseChatMessage(body);
    if (message && !this.#roomWatches.message(subscription, message)) this.#inbox.deliver(message);
  }

  #synced(cursors: Cursors): void {
    this.#outbox.passed(cursors);
    this.#connector.proven();
    this.#outbox.connected();
  }

  #refused(body: string): void {
    const error = parseErrorBody(body);
    if (!error || this.#roomWatches.refused(error)) return;
    const clientId = error.clientId ?? error.receipt;
    if (clientId !== undefined && this.#requests.refused(error.receipt ?? clientId, error)) return;
    if (error.destination === SendDestination.chatSync) this.#inbox.syncRefused(error.retryAfterMs);
    else if (error.destination === SendDestination.chatSend && clientId) this.#outbox.refused(clientId, error);
    else this.events.emit('refused', error);
  }
}
