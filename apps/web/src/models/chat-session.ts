import type { ChatApi, ChatClient, OutboxItem } from '@chat/chat-client';
import type { User } from '@chat/protocol';
import { ConnectionNotice } from './connection-notice.ts';
import { ConversationList } from './conversation-list.ts';
import { Drafts } from './drafts.ts';
import { People } from './people.ts';
import { Pins } from './pins.ts';
import { Rooms } from './rooms.ts';
import { Timeline } from './timeline.ts';

/** Timelines are kept for coming back quickly, up to this many. */
const KEPT_TIMELINES = 8;

/** Everything of one signed-in user, from signing in to signing out. */
export class ChatSession {
  readonly user: User;
  readonly api: ChatApi;
  readonly chat: ChatClient;
  readonly people: People;
  readonly drafts: Drafts;
  readonly list: ConversationList;
  readonly rooms: Rooms;
  readonly notice: ConnectionNotice;
  readonly #timelines = new Map<string, Timeline>();
  readonly #pins = new Map<string, Pins>();

  constructor(user: User, api: ChatApi, chat: ChatClient) {
    this.user = user;
    this.api = api;
    this.chat = chat;
    this.people = new People(api);
    this.drafts = new Drafts(user.id);
    this.list = new ConversationList({ chat, api, people: this.people, drafts: this.drafts });
    this.rooms = new Rooms(chat, api, this.people, (room) => this.list.learnRoom(room));
    this.notice = new ConnectionNotice(chat);
    this.people.learn(user);
    chat.events.on('presence', (presence) => this.people.learnPresence(presence));
    chat.events.on('connection', ({ status }) => {
      if (status !== 'online') this.people.forgetPresence();
    });
  }

  start(): void {
    void this.list.load();
    this.chat.start();
  }

  stop(): void {
    this.chat.stop();
    for (const timeline of this.#timelines.values()) timeline.close();
    this.#timelines.clear();
  }

  timeline(conversationId: string): Timeline {
    const kept = this.#timelines.get(conversationId);
    this.#timelines.delete(conversationId);
    const timeline = kept ?? this.#openTimeline(conversationId);
    this.#timelines.set(conversationId, timeline); // last in, last to go
    const [oldest] = this.#timelines.keys();
    if (this.#timelines.size > KEPT_TIMELINES && oldest !== undefined) {
      this.#timelines.get(oldest)?.close();
      this.#timelines.delete(oldest);
    }
    return timeline;
  }

  /** Looked up anew, as nobody is told of them. */
  loadPins(conversationId: string): void {
    const pins = this.pins(conversationId);
    if (this.#isNew(conversationId)) pins.beginEmpty();
    else void pins.load();
  }

  pins(conversationId: string): Pins {
    const pins = this.#pins.get(conversationId) ?? new Pins(conversationId, this.api);
    this.#pins.set(conversationId, pins);
    return pins;
  }

  send(conversationId: string, message: string, replyTo?: number): OutboxItem {
    const item = this.chat.send({ conversationId, message, ...(replyTo === undefined ? {} : { replyTo }) });
    this.drafts.set(conversationId, '');
    return item;
  }

  readUpTo(conversationId: string, seq: number): void {
    this.chat.markRead(conversationId, seq);
    this.list.readUpTo(conversationId, seq);
  }

  #openTimeline(conversationId: string): Timeline {
    const timeline = new Timeline({ conversationId, chat: this.chat, api: this.api });
    if (this.#isNew(conversationId)) timeline.beginEmpty();
    else void timeline.load(this.list.find(conversationId)?.unread ?? 0);
    return timeline;
  }

  /** A direct conversation in which nothing has been written yet. */
  #isNew(conversationId: string): boolean {
    return conversationId.startsWith('direct:') && this.list.isComplete && this.list.find(conversationId) === undefined;
  }
}
