import type { ChatApi, ChatClient, OutboxItem } from '@chat/chat-client';
import type { User } from '@chat/protocol';
import { ConnectionNotice } from './connection-notice.ts';
import { ConversationList } from './conversation-list.ts';
import { Drafts } from './drafts.ts';
import { People } from './people.ts';
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

  constructor(user: User, api: ChatApi, chat: ChatClient) {
    this.user = user;
    this.api = api;
    this.chat = chat;
    this.people = new People(api);
    this.drafts = new Drafts(user.id);
    this.list = new ConversationList({ chat, api, people: this.people, drafts: this.drafts });
    this.rooms = new Rooms(chat, api, this.people, ({ conversationId, name }) => this.list.learnName(conversationId, name));
    this.notice = new ConnectionNotice(chat);
    this.people.learnName(user.id, user.displayName);
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
    const known = this.list.find(conversationId);
    const isNew = !known && this.list.isComplete && conversationId.startsWith('direct:');
    if (isNew) timeline.beginEmpty();
    else void timeline.load(known?.unread ?? 0);
    return timeline;
  }
}
