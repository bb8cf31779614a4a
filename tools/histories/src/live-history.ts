import { HistoryChecker, type Outcome } from '@chat/history-checker';
import type { Cluster } from '@chat/cluster';
import { directConversationId, type MembershipChange, type Room, SendDestination } from '@chat/protocol';
import { accessToken } from './access-token.ts';
import { ChatApi } from './chat-api.ts';
import { ChatDevice, type LogSend } from './chat-device.ts';
import { deleteContent, editContent, reactionContent } from './entry-content.ts';
import type { HistoryWorld } from './history-world.ts';
import { ObservedLogs } from './observed-logs.ts';
import { type Command, type Plan, type RoomPlan } from './plan.ts';
import { itemAt } from './random.ts';
import type { ConnectionTarget } from './stomp-connection.ts';

/** One in so many does in a room what is for its members. */
const STRANGERS = 12;

export type LiveRoom = RoomPlan & { readonly id: string };

/** The people, devices and rooms of one history on a cluster, and what they do when a step of the plan says so. */
export class LiveHistory implements HistoryWorld {
  readonly history = new HistoryChecker();
  readonly logs = new ObservedLogs();
  readonly users: readonly string[];
  readonly devices: ChatDevice[];
  readonly rooms: LiveRoom[] = [];
  /** What is wrong and no event of the history: answers over HTTP that should not be. */
  readonly problems: string[] = [];
  /** What went out together, for who asks whether it stands together. */
  readonly transactions: { readonly user: string; readonly sends: readonly LogSend[] }[] = [];
  readonly #plan: Plan;
  readonly #cluster: Cluster;
  readonly #servers = new Map<ChatDevice, number>();
  readonly #sends: LogSend[] = [];
  readonly #senders = new Map<LogSend, string>();
  readonly #apis = new Map<string, ChatApi>();
  /** Requests over HTTP that are under way. */
  readonly #under = new Set<Promise<unknown>>();
  #numbers = 0;

  /** @param run names the people of this run, so that no two runs share one */
  constructor(plan: Plan, cluster: Cluster, run: string) {
    this.#plan = plan;
    this.#cluster = cluster;
    this.users = Array.from({ length: plan.users }, (_, index) => `u${index}-${run}`);
    this.devices = plan.devices.map(({ user, ...how }, index) => new ChatDevice(`d${index} of u${user}`, itemAt(this.users, user), how, this));
  }

  get conversations(): readonly string[] {
    const directs = this.#plan.directs.map(([a, b]) => directConversationId(itemAt(this.users, a), itemAt(this.users, b)));
    return [...directs, ...this.rooms.map(({ id }) => `room:${id}`)];
  }

  get requestsUnderWay(): number {
    return this.#under.size;
  }

  target(device: ChatDevice, server: number): ConnectionTarget {
    this.#servers.set(device, server);
    return { url: itemAt(this.#cluster.servers, server).url, token: accessToken(device.user, this.#cluster.jwtSecret), device: device.name };
  }

  outcome(device: ChatDevice, conversation: string, key: string, outcome: Outcome): void {
    this.history.record({ type: 'send-outcome', device: device.name, conversation, key, outcome });
  }

  api(user: string, server = 0): ChatApi {
    const name = `${user} ${server}`;
    const known = this.#apis.get(name);
    if (known) return known;
    const api = new ChatApi(itemAt(this.#cluster.servers, server).url, user, this.#cluster.jwtSecret);
    this.#apis.set(name, api);
    return api;
  }

  connectAll(): void {
    for (const [index, device] of this.devices.entries()) device.connect({ server: itemAt(this.#plan.devices, index).server });
  }

  /** Everyone who is away comes back, to the server where they were last. */
  reconnectAll(): void {
    for (const device of this.devices) device.connect({ server: this.#servers.get(device) ?? 0 });
  }

  /** Everyone must be connected: a user exists from the first connection on. */
  async makeRooms(): Promise<void> {
    const rooms = await Promise.all(this.#plan.rooms.map((room, index) => this.#makeRoom(room, index)));
    this.rooms.push(...rooms);
  }

  dispose(): void {
    for (const device of this.devices) device.dispose();
  }

  take(command: Command): void {
    if ('room' in command && this.rooms.length === 0) return;
    switch (command.do) {
      case 'send':
        return this.#send(this.#party(command), this.#conversation(command), command.receipt);
      case 'repeat':
        return this.#repeat(this.#device(command.device), command.send, command.sameText);
      case 'together':
        return this.#together(this.#party(command), [this.#conversation(command), itemAt(this.conversations, command.other)], command.count);
      case 'edit':
      case 'delete':
      case 'react':
        return this.#change(command.do, this.#party(command), this.#conversation(command), command.back);
      case 'read':
        return this.#read(this.#party(command), this.#conversation(command), command.back);
      case 'type':
        return this.#party(command).type(this.#conversation(command));
      case 'join':
      case 'leave':
        return this.#comeOrGo(command.do, this.#device(command.device), this.#room(command.room));
      case 'invite':
      case 'expel':
        return this.#byOwner(command.do, itemAt(this.users, command.user), this.#room(command.room), command.server);
      case 'disconnect':
        return this.#device(command.device, (device) => device.isLive).end(command.how);
      case 'connect':
        return this.#device(command.device, (device) => device.isAway).connect(command);
      case 'new-device':
        return this.#newDevice(command.user, command.server);
      case 'watch':
        return this.#watch(this.#device(command.device), this.#room(command.room), command.after);
      case 'unwatch':
        return this.#unwatch(command.topic, this.#device(command.device));
    }
  }

  #send(device: ChatDevice, conversation: string, receipt: boolean): void {
    const key = `k${++this.#numbers}`;
    const message = `message ${key} of ${device.name}`;
    this.#go(device, { conversation, key, receipt, destination: SendDestination.chatSend, content: message, body: { conversationId: conversation, clientId: key, message } });
  }

  #together(device: ChatDevice, conversations: readonly string[], count: number): void {
    const transaction = `t${++this.#numbers}`;
    const sends = Array.from({ length: count }, (_, i): LogSend => {
      const [conversation, key] = [itemAt(conversations, i), `${transaction}.${i}`];
      const message = `message ${key} of ${device.name}`;
      return { conversation, key, transaction, receipt: true, destination: SendDestination.chatSend, content: message, body: { conversationId: conversation, clientId: key, message } };
    });
    this.transactions.push({ user: device.user, sends });
    device.sendTogether(sends);
  }

  #repeat(device: ChatDevice, index: number, sameText: boolean): void {
    const own = this.#sends.filter((send) => send.key.startsWith('k') && this.#senders.get(send) === device.user);
    if (own.length === 0) return;
    const send = itemAt(own, index);
    const content = sameText ? send.content : `${send.content}, changed`;
    device.send({ ...send, receipt: true, content, body: { ...send.body, message: content } });
  }

  #change(kind: 'edit' | 'delete' | 'react', device: ChatDevice, conversation: string, back: number): void {
    const target = device.position(conversation) - back;
    if (target < 1) return;
    const key = `${kind}${++this.#numbers}`;
    const body = { conversationId: conversation, clientId: key, target };
    const send = { conversation, key, receipt: true };
    switch (kind) {
      case 'edit': {
        const message = `edited by ${key}`;
        return this.#go(device, { ...send, destination: SendDestination.chatEdit, content: editContent(target, message), body: { ...body, message } });
      }
      case 'delete':
        return this.#go(device, { ...send, destination: SendDestination.chatDelete, content: deleteContent(target), body });
      case 'react': {
        const [emoji, on] = ['👍', this.#numbers % 3 > 0] as const;
        return this.#go(device, { ...send, destination: SendDestination.chatReact, content: reactionContent(target, emoji, on), body: { ...body, emoji, on } });
      }
    }
  }

  #go(device: ChatDevice, send: LogSend): void {
    this.#sends.push(send);
    this.#senders.set(send, device.user);
    device.send(send);
  }

  #read(device: ChatDevice, conversation: string, back: number): void {
    const position = device.position(conversation);
    // A `back` below zero asks for more than there is, which counts as the end.
    if (position > 0 && position - back > 0) device.read(conversation, back < 0 ? position + 1_000 : position - back);
  }

  #comeOrGo(kind: 'join' | 'leave', device: ChatDevice, room: LiveRoom): void {
    if (device.user !== itemAt(this.users, room.owner)) device.changeMembership(kind, room.id);
  }

  #byOwner(kind: 'invite' | 'expel', user: string, room: LiveRoom, server: number): void {
    const owner = itemAt(this.users, room.owner);
    if (user === owner) return;
    const path = `/api/rooms/${room.id}/members`;
    const api = this.api(owner, server);
    const call = kind === 'invite' ? api.call<MembershipChange>('POST', path, { id: user }) : api.call<MembershipChange>('DELETE', `${path}/${user}`);
    const done = call.then(({ status }) => {
      // What there is nothing to change about may be refused; only a fault of the server's is none of its answers.
      if (status >= 500) this.problems.push(`${kind} of ${user} into ${room.id}: ${status}`);
    }, (error: unknown) => void this.problems.push(`${kind} of ${user}: ${String(error)}`));
    this.#under.add(done);
    void done.finally(() => this.#under.delete(done));
  }

  #newDevice(user: number, server: number): void {
    const device = new ChatDevice(`d${this.devices.length} of u${user}`, itemAt(this.users, user), { keeps: 'device', ack: 'auto' }, this);
    this.devices.push(device);
    device.connect({ server }, true);
  }

  #watch(device: ChatDevice, { id, visibility, history }: LiveRoom, after: number | undefined): void {
    // Beyond the end counts as the end, wherever that is when the server looks: what is asked for is somewhere seen.
    const known = after === undefined ? undefined : Math.min(after, this.logs.top(`room:${id}`));
    device.watch(id, { public: visibility === 'public', history }, known);
  }

  #unwatch(index: number, device: ChatDevice): void {
    if (device.topics.length > 0) device.unwatch(itemAt(device.topics, index));
  }

  async #makeRoom(room: RoomPlan, index: number): Promise<LiveRoom> {
    const { visibility, history } = room;
    const api = this.api(itemAt(this.users, room.owner), index);
    const { status, body } = await api.call<Room>('POST', '/api/rooms', { name: `room ${index}`, visibility, history });
    if (!body) throw new Error(`POST /api/rooms gave ${status}.`);
    await Promise.all(room.members.map(async (user) => {
      const answer = await api.call('POST', `/api/rooms/${body.id}/members`, { id: itemAt(this.users, user) });
      if (!answer.body) throw new Error(`POST /api/rooms/${body.id}/members gave ${answer.status}.`);
    }));
    return { ...room, id: body.id };
  }

  #device(index: number, is: (device: ChatDevice) => boolean = () => true): ChatDevice {
    const fitting = this.devices.filter(is);
    return itemAt(fitting.length > 0 ? fitting : this.devices, index);
  }

  /** A device of someone in the conversation; now and then, in rooms, of anyone, who is to be refused. */
  #party({ device, conversation: index }: { readonly device: number; readonly conversation: number }): ChatDevice {
    const conversation = itemAt(this.conversations, index);
    const isAnyone = conversation.startsWith('room:') && device % STRANGERS === 0;
    return this.#device(device, ({ user }) => isAnyone || this.logs.memberSince(conversation, user) !== undefined);
  }

  #conversation({ conversation }: { readonly conversation: number }): string {
    return itemAt(this.conversations, conversation);
  }

  #room(index: number): LiveRoom {
    return itemAt(this.rooms, index);
  }
}
