import { type ChatMessage, type Entry, type ErrorBody, type Frame, isEntry, roomTopic, SendDestination, SubscribeDestination } from '@chat/protocol';
import { entryContent } from './entry-content.ts';
import type { HistoryWorld } from './history-world.ts';
import { acknowledging, type Acknowledging } from './acknowledging.ts';
import type { AckMode, Ending, Return } from './plan.ts';
import { StompConnection, type ConnectionListener } from './stomp-connection.ts';

/** A send that wants one entry in a log. It goes again, with the same key, on each connection until it has an outcome. */
export type LogSend = {
  readonly conversation: string;
  readonly key: string;
  readonly destination: string;
  readonly body: object;
  readonly content: string;
  /** Without one, the echo is the outcome. */
  readonly receipt: boolean;
  /** The transaction in which it goes, always with the same others. */
  readonly transaction?: string;
};

/** Anything else that is asked for with a receipt. It ends with its connection. */
type Request = { readonly what: string; readonly onDone: (headers: Frame['headers']) => void };
type Topic = { readonly conversation: string; readonly opened: () => void };

/** One client: keeps cursors and an outbox over its connections, and writes down everything that happens to it. */
export class ChatDevice implements ConnectionListener {
  readonly name: string;
  readonly user: string;
  readonly keeps: 'device' | 'server';
  readonly #world: HistoryWorld;
  readonly #cursors = new Map<string, number>();
  readonly #outbox = new Map<string, LogSend>();
  readonly #requests = new Map<string, Request>();
  readonly #topics = new Map<string, Topic>();
  readonly #connections: StompConnection[] = [];
  #connection: StompConnection | undefined;
  #stage: 'away' | 'connecting' | 'subscribing' | 'live' = 'away';
  #return: Return & { readonly fresh: boolean } = { server: 0, fresh: false };
  /** Sends that went out on the present connection. */
  readonly #written = new Set<string>();
  /** Of those the ones without a receipt: if another device was first, each is answered with the entry once more. */
  readonly #answeredByEntry = new Set<string>();
  #numbers = 0;
  #lastEnd = '';
  readonly #ack: AckMode;
  #acknowledge: Acknowledging = () => [];

  constructor(name: string, user: string, { keeps, ack }: { readonly keeps: 'device' | 'server'; readonly ack: AckMode }, world: HistoryWorld) {
    this.name = name;
    this.user = user;
    this.keeps = keeps;
    this.#ack = ack;
    this.#world = world;
  }

  get isLive(): boolean {
    return this.#stage === 'live';
  }

  get isAway(): boolean {
    return this.#stage === 'away';
  }

  get topics(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** What it still waits for, in words. */
  get waitsFor(): readonly string[] {
    const sends = [...this.#outbox.values()].map(({ key, destination }) => `${destination} ${key}`);
    return [...(this.isLive ? [] : [`going live (${this.#lastEnd || this.#stage})`]), ...sends, ...[...this.#requests.values()].map(({ what }) => what)];
  }

  /** The last entry of the conversation that it has. */
  position(conversation: string): number {
    return this.#cursors.get(conversation) ?? 0;
  }

  connect(how: Return, fresh = false): void {
    if (this.#stage !== 'away') return;
    this.#return = { ...how, fresh };
    this.#stage = 'connecting';
    this.#connection = new StompConnection(this.#world.target(this, how.server), this);
    this.#connections.push(this.#connection);
  }

  end(how: Ending): void {
    this.#connection?.end(how);
  }

  dispose(): void {
    for (const connection of this.#connections) connection.dispose();
  }

  send(send: LogSend): void {
    if (this.#outbox.has(send.key)) return;
    if (this.isLive) this.#write(send);
    else this.#outbox.set(send.key, send);
  }

  sendTogether(sends: readonly LogSend[]): void {
    if (this.isLive) return this.#writeTogether(sends);
    for (const send of sends) this.#outbox.set(send.key, send);
  }

  read(conversation: string, seq: number): void {
    if (!this.isLive) return;
    const { history } = this.#world;
    history.record({ type: 'read-started', device: this.name, conversation, seq });
    this.request(SendDestination.chatRead, { conversationId: conversation, seq }, () =>
      history.record({ type: 'read-stored', device: this.name, conversation, seq }));
  }

  type(conversation: string): void {
    if (this.isLive) this.#connection?.send(SendDestination.chatTyping, { conversationId: conversation, typing: true });
  }

  changeMembership(kind: 'join' | 'leave', roomId: string): void {
    if (!this.isLive) return;
    const destination = kind === 'join' ? SendDestination.chatJoin : SendDestination.chatLeave;
    this.request(destination, { roomId }, () => undefined);
  }

  /** Asks for what came after its cursors, on the connection that stands. Only where nothing is on its way. */
  syncAgain(): void {
    this.#world.history.record({ type: 'resumed', device: this.name, cursors: this.#cursorRecord() });
    this.#sync({ server: 0, fresh: false });
    this.#requests.set('sync', { what: 'SYNCED', onDone: () => undefined });
  }

  watch(roomId: string, room: { readonly public: boolean; readonly history: 'all' | 'joined' }, after: number | undefined): void {
    if (!this.isLive) return;
    const topic = `t${++this.#numbers}`;
    const conversation = `room:${roomId}`;
    let isOpen = false;
    const opened = (): void => {
      // One that was ended before it was live gets its RECEIPT all the same.
      if (isOpen || !this.#topics.has(topic)) return;
      isOpen = true;
      this.#world.history.record({ type: 'topic-opened', device: this.name, topic, conversation, after, ...room });
    };
    const receipt = this.#expect(`SUBSCRIBE ${roomTopic(roomId)}`, opened);
    this.#topics.set(topic, { conversation, opened });
    this.#connection?.frame('SUBSCRIBE', { id: topic, destination: roomTopic(roomId), receipt, after: after === undefined ? undefined : String(after) });
  }

  unwatch(topic: string): void {
    if (!this.isLive || !this.#topics.delete(topic)) return;
    this.#connection?.frame('UNSUBSCRIBE', { id: topic });
    this.#world.history.record({ type: 'topic-closed', device: this.name, topic });
  }

  onConnected(): void {
    this.#stage = 'subscribing';
    this.#acknowledge = acknowledging(this.#ack);
    const { history } = this.#world;
    const { fresh } = this.#return;
    const byServer = this.keeps === 'server';
    history.record({ type: 'connected', device: this.name, user: this.user, cursors: fresh ? 'fresh' : this.keeps });
    this.#connection?.frame('SUBSCRIBE', { id: 'e', destination: SubscribeDestination.errors });
    const receipt = this.#expect('SUBSCRIBE /user/queue/messages', () => byServer && this.#goLive());
    this.#connection?.frame('SUBSCRIBE', { id: 'm', destination: SubscribeDestination.messages, receipt, ack: this.#ack, resume: byServer ? undefined : 'sync' });
    if (byServer) return;
    if (!fresh) history.record({ type: 'resumed', device: this.name, cursors: this.#cursorRecord() });
    this.#sync(this.#return);
  }

  onMessage(subscription: string, body: string, ack: string | undefined): void {
    for (const id of ack === undefined ? [] : this.#acknowledge(ack)) this.#connection?.frame('ACK', { id });
    const message = JSON.parse(body) as ChatMessage | ErrorBody; // the checker and the end of the history find out
    if ('code' in message) return this.#onRefusal(message);
    if (subscription === 'm') return this.#onStream(message);
    const topic = this.#topics.get(subscription);
    if (!topic || !isEntry(message)) return;
    topic.opened();
    this.#world.logs.add(message);
    this.#world.history.record({ type: 'topic-entry', topic: subscription, ...this.#described(message) });
  }

  onReceipt(id: string, headers: Frame['headers']): void {
    const send = this.#outbox.get(id);
    if (send) {
      this.#outbox.delete(id);
      const seq = headers.get('seq');
      this.#settle(send, { kind: 'receipt', seq: seq === undefined ? undefined : Number(seq), id: headers.get('id') });
      return;
    }
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    request?.onDone(headers);
  }

  onEnded(why: string): void {
    if (this.#stage === 'subscribing' || this.#stage === 'live') this.#world.history.record({ type: 'disconnected', device: this.name });
    this.#stage = 'away';
    this.#lastEnd = why;
    this.#connection = undefined;
    this.#requests.clear();
    this.#topics.clear();
    this.#written.clear();
    this.#answeredByEntry.clear();
  }

  request(destination: string, body: object, onDone: Request['onDone']): void {
    const receipt = this.#expect(`${destination} ${JSON.stringify(body)}`, onDone);
    this.#connection?.send(destination, body, receipt);
  }

  #expect(what: string, onDone: Request['onDone']): string {
    const receipt = `r${++this.#numbers}`;
    this.#requests.set(receipt, { what, onDone });
    return receipt;
  }

  #goLive(): void {
    this.#stage = 'live';
    // With a receipt: an echo that comes now may be the answer, or the stream that brings what was missed.
    const transactions = new Set<string>();
    for (const send of [...this.#outbox.values()]) {
      const { transaction } = send;
      if (transaction === undefined) this.#write({ ...send, receipt: true });
      else if (!transactions.has(transaction)) {
        transactions.add(transaction);
        this.#writeTogether([...this.#outbox.values()].filter((other) => other.transaction === transaction));
      }
    }
  }

  #writeTogether(sends: readonly LogSend[]): void {
    const transaction = sends[0]?.transaction;
    this.#connection?.frame('BEGIN', { transaction });
    for (const send of sends) this.#write(send);
    this.#connection?.frame('COMMIT', { transaction });
  }

  #sync({ limit, inTwoFrames, fresh }: Return & { readonly fresh: boolean }): void {
    const cursors = fresh ? [] : [...this.#cursors];
    const first = inTwoFrames ? cursors.splice(0, Math.ceil(cursors.length / 2)) : [];
    if (first.length > 0) this.#connection?.send(SendDestination.chatSync, { cursors: Object.fromEntries(first), more: true });
    this.#connection?.send(SendDestination.chatSync, { cursors: Object.fromEntries(cursors), ...(limit !== undefined && { limit }), ...(fresh && { fresh }) });
  }

  #write(send: LogSend): void {
    const { conversation, key, content } = send;
    this.#outbox.set(key, send);
    this.#written.add(key);
    if (!send.receipt) this.#answeredByEntry.add(key);
    this.#world.history.record({ type: 'send-started', device: this.name, conversation, key, content });
    this.#connection?.send(send.destination, send.body, send.receipt ? key : undefined, send.transaction);
  }

  #settle({ conversation, key }: LogSend, outcome: Parameters<HistoryWorld['outcome']>[3]): void {
    this.#world.outcome(this, conversation, key, outcome);
  }

  #onStream(message: ChatMessage): void {
    if (isEntry(message)) return this.#onEntry(message);
    if (message.type === 'SYNCED') return this.#onSynced(message.cursors, message.truncated ?? []);
    if (message.type === 'READ' && 'from' in message) {
      const { conversationId: conversation, from: user, seq } = message;
      this.#world.history.record({ type: 'read-seen', device: this.name, conversation, user, seq });
    }
  }

  #onEntry(entry: Entry): void {
    const { conversationId: conversation, seq, id, from } = entry;
    const key = 'clientId' in entry ? entry.clientId : undefined;
    const send = from === this.user && key !== undefined ? this.#outbox.get(key) : undefined;
    // Another device may have been first under this key, with another text: then this one's answer is `conflict`.
    const said = entryContent(entry);
    const isSame = send !== undefined && (said === undefined || said === send.content);
    const isEcho = isSame && !send.receipt && send.conversation === conversation && this.#written.has(send.key);
    // The repeat of a stored send is answered with the entry again: an outcome, and no news.
    const isAnswer = from === this.user && key !== undefined && seq <= this.position(conversation) && this.#answeredByEntry.delete(key);
    if (!isAnswer) {
      this.#world.history.record({ type: 'delivered', ...this.#described(entry) });
      this.#world.logs.add(entry);
      if (seq > this.position(conversation)) this.#cursors.set(conversation, seq);
    }
    if (!isEcho) return;
    this.#outbox.delete(send.key);
    this.#settle(send, { kind: 'echo', seq, id });
  }

  #onSynced(cursors: Readonly<Record<string, number>>, truncated: readonly { conversationId: string; from: number; to: number }[]): void {
    this.#world.history.record({
      type: 'synced', device: this.name, cursors, truncated: truncated.map(({ conversationId, from, to }) => ({ conversation: conversationId, from, to })),
    });
    for (const [conversation, seq] of Object.entries(cursors)) if (seq > this.position(conversation)) this.#cursors.set(conversation, seq);
    this.#requests.delete('sync');
    if (this.#stage === 'subscribing') this.#goLive();
  }

  #onRefusal({ code, clientId, receipt }: ErrorBody): void {
    const key = clientId ?? receipt ?? '';
    const send = this.#outbox.get(key);
    this.#requests.delete(key);
    if (!send) return;
    this.#outbox.delete(key);
    this.#settle(send, { kind: 'error', code });
  }

  #described(entry: Entry) {
    const { conversationId: conversation, seq, id, from, type } = entry;
    const key = 'clientId' in entry ? entry.clientId : undefined;
    return { device: this.name, conversation, seq, id, from, key, content: entryContent(entry), ...(type !== 'CHAT' && { entry: type }), ...(type === 'DELETE' && { erases: entry.target }) };
  }

  #cursorRecord(): Record<string, number> {
    return Object.fromEntries([...this.#cursors].filter(([, seq]) => seq > 0));
  }
}
