import type { ChatMessage, Entry, PeerCursor, SyncedSignal } from '@chat/protocol';
import type { Account } from './account/account.ts';
import type { ClientEvents } from './client-events.ts';
import { BackOff } from './connection/back-off.ts';
import type { ConnectionState } from './connection/connection-state.ts';
import { Connector } from './connection/connector.ts';
import { TokenPresenter } from './connection/token-presenter.ts';
import type { StompConnection, StompHeaders, Transport } from './connection/transport.port.ts';
import { type Cursors, EntryOrder } from './delivery/entry-order.ts';
import { type DeliveryMark, MemberCursors } from './delivery/member-cursors.ts';
import { parseChatMessage, parseErrorBody } from './delivery/parse-message.ts';
import { Syncing } from './delivery/syncing.ts';
import type { OutboxItem } from './outbox/outbox-item.ts';
import { type NewMessage, Outbox } from './outbox/outbox.ts';
import type { CancelTimer, Clock } from './platform/clock.ts';
import { Events } from './platform/events.ts';
import type { Locks } from './platform/locks.ts';
import type { Network } from './platform/network.ts';
import { type RequestOutcome, Requests } from './requests/requests.ts';
import { ReadMarker } from './signals/read-marker.ts';
import { TypingNow } from './signals/typing-now.ts';
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

/** Saving each cursor as it moves would write to disk for every message of a busy room. */
const SAVE_CURSORS_AFTER_MS = 1_000;

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
  readonly #order: EntryOrder;
  readonly #syncing: Syncing;
  readonly #outbox: Outbox;
  readonly #memberCursors = new MemberCursors();
  readonly #typingNow: TypingNow;
  readonly #typingSender: TypingSender;
  readonly #readMarker: ReadMarker;
  readonly #requests: Requests;
  readonly #stopWatching: (() => void)[] = [];
  #connection: StompConnection | undefined;
  #cancelSaving: CancelTimer | undefined;

  constructor(parts: ChatClientParts) {
    const { clock, random, onFault } = parts;
    this.#parts = parts;
    this.userId = parts.userId;
    this.events = new Events(onFault);
    this.#connector = new Connector({ ...parts, backOff: new BackOff({ random }) }, this.#connectorListener());
    this.#tokens = new TokenPresenter({ account: parts.account, clock, onSilence: () => this.#connector.giveUp(), onFault });
    this.#order = new EntryOrder(parts.userId, parts.cursors, {
      inOrder: (entry) => this.#inOrder(entry),
      truncated: (gap) => this.events.emit('truncated', gap),
      missing: () => this.#syncing.start(),
    });
    this.#syncing = new Syncing({
      clock,
      random,
      limit: parts.syncLimit,
      isFresh: parts.cursors === undefined,
      cursors: () => this.#order.cursors,
      send: (body) => this.#send(SendDestination.chatSync, body),
      started: () => this.#order.syncStarted(),
    });
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
    this.#typingNow = new TypingNow(clock, (conversationId) => this.events.emit('typing', { conversationId }));
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
    this.#saveCursors();
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
    return this.#typingNow.in(conversationId);
  }

  /** To be called whenever something has been read; only what moves the cursor forward is told, and coalesced. */
  markRead(conversationId: string, seq: number): void {
    this.#readMarker.mark(conversationId, seq);
  }

  /** Takes over what `GET /api/conversations` told of the members' cursors. */
  learnCursors(conversationId: string, cursors: readonly PeerCursor[]): void {
    if (this.#memberCursors.learn(conversationId, cursors)) this.events.emit('cursors', { conversationId });
  }

  /** How far an own message has come. */
  markOf(conversationId: string, seq: number): DeliveryMark {
    return this.#memberCursors.markOf(conversationId, seq, this.userId);
  }

  /** How many members of a room have not read the own message at `seq`; `undefined` where too little is known. */
  notRead(conversationId: string, seq: number): number | undefined {
    return this.#memberCursors.notRead(conversationId, seq, this.userId);
  }

  /** How far `userId` has read, as far as this client has heard. */
  readSeq(conversationId: string, userId: string): number {
    return this.#memberCursors.readSeq(conversationId, userId);
  }

  /** The last `seq` that `entry` events have reached in this conversation. */
  cursor(conversationId: string): number {
    return this.#order.cursorOf(conversationId);
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
    this.#syncing.start();
    // On a fresh device the sync decides where its past ends: nothing is sent before, or it might end behind that.
    if (!this.#syncing.isFresh) this.#outbox.connected();
    this.#readMarker.resume();
    this.#requests.connected();
    this.#tokens.opened(connection);
  }

  #lost(): void {
    this.#connection = undefined;
    this.#tokens.lost();
    this.#syncing.connectionLost();
    this.#outbox.disconnected();
    this.#requests.disconnected();
    this.#typingNow.clear();
    this.#saveCursors();
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
    if (seq <= this.#order.cursorOf(headers['conversation-id'] ?? '')) this.#outbox.delivered(receiptId, seq);
    else this.#outbox.receipt(receiptId, seq);
  }

  #message(subscription: string, body: string): void {
    this.#tokens.heard();
    if (subscription === 'errors') return this.#refused(body);
    const message = parseChatMessage(body);
    if (message) this.#deliver(message);
  }

  #deliver(message: ChatMessage): void {
    switch (message.type) {
      case 'TYPING':
        return this.#typingNow.heard(message.conversationId, message.from, message.typing);
      case 'READ':
      case 'DELIVERED':
        if (this.#memberCursors.signal(message)) this.events.emit('cursors', { conversationId: message.conversationId });
        return;
      case 'PRESENCE':
        if (!message.online) this.#typingNow.left(message.from);
        return this.events.emit('presence', { userId: message.from, online: message.online, lastSeen: message.lastSeen });
      case 'SYNCED':
        return this.#synced(message);
      default:
        return this.#order.entry(message);
    }
  }

  #inOrder(entry: Entry): void {
    this.#typingNow.heard(entry.conversationId, entry.from, false);
    this.#memberCursors.membership(entry);
    this.#cancelSaving ??= this.#parts.clock.after(SAVE_CURSORS_AFTER_MS, () => this.#saveCursors());
    this.events.emit('entry', entry);
    // After the event: who shows both sees the entry before its outbox item goes.
    if (entry.type === 'CHAT' && entry.from === this.userId && entry.clientId) this.#outbox.delivered(entry.clientId, entry.seq);
  }

  #synced(synced: SyncedSignal): void {
    this.#syncing.finished();
    this.#order.synced(synced);
    this.#outbox.passed(this.#order.cursors);
    this.#saveCursors();
    this.#connector.proven();
    this.events.emit('synced', synced);
    this.#outbox.connected();
  }

  #refused(body: string): void {
    const error = parseErrorBody(body);
    if (!error) return;
    const clientId = error.clientId ?? error.receipt;
    if (clientId !== undefined && this.#requests.refused(error.receipt ?? clientId, error)) return;
    if (error.destination === SendDestination.chatSync) this.#syncing.refused(error.retryAfterMs);
    else if (error.destination === SendDestination.chatSend && clientId) this.#outbox.refused(clientId, error);
    else this.events.emit('refused', error);
  }

  #saveCursors(): void {
    this.#cancelSaving?.();
    this.#cancelSaving = undefined;
    // Before the first SYNCED a fresh device stays one: it knows no cursors to go on from.
    if (!this.#syncing.isFresh) this.#parts.store.saveCursors(this.#order.cursors).catch(this.#parts.onFault);
  }
}
