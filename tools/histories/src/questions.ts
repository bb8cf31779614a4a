import type { ConversationsPage, ConversationSummary, Entry, MessagesPage } from '@chat/protocol';
import { countNotRead, countUnread } from './brute-force.ts';
import type { LiveHistory } from './live-history.ts';

/** Of each conversation, about how many entries are asked for who has not read them. */
const NOT_READ_SAMPLES = 3;
const PAGE = 200;

type Readers = { readonly notRead: number };

/**
 * Everything that the service says over HTTP when asked, held against what the devices have seen: where logs end, read
 * cursors, unread counts, 'not read by', and that nobody reads in a room of which they are no member.
 */
export class Questions {
  readonly #live: LiveHistory;
  /** `readSeq` by conversation and user. */
  readonly #cursors = new Map<string, Map<string, number>>();
  /** What is wrong by what was asked. */
  readonly problems: string[] = [];
  readonly #summaries: { readonly user: string; readonly summary: ConversationSummary }[] = [];

  constructor(live: LiveHistory) {
    this.#live = live;
  }

  /** How far everyone had read when asked. */
  get asked(): string {
    return this.#summaries.map(({ user, summary: { conversationId, readSeq } }) => `${conversationId} ${user} ${readSeq}`).sort().join();
  }

  /** Asks everyone's conversations, and tells the history how far everyone has read. */
  async askConversations(): Promise<void> {
    const { users, history } = this.#live;
    await Promise.all(users.map(async (user, index) => {
      for (const summary of await this.#conversationsOf(user, index)) {
        const { conversationId: conversation, readSeq: seq } = summary;
        this.#summaries.push({ user, summary });
        let cursors = this.#cursors.get(conversation);
        if (!cursors) this.#cursors.set(conversation, (cursors = new Map<string, number>()));
        cursors.set(user, seq);
        history.record({ type: 'read-asked', conversation, user, seq });
      }
    }));
  }

  async judge(): Promise<void> {
    await this.#completeLogs();
    for (const { user, summary } of this.#summaries) this.#judgeSummary(user, summary);
    this.#judgeWhoHasWhat();
    await Promise.all([...this.#cursors.keys()].map((conversation, index) => this.#judgeNotRead(conversation, index)));
    await Promise.all(this.#live.rooms.filter(({ visibility }) => visibility === 'private').map(({ id }) => this.#judgePrivacy(`room:${id}`)));
  }

  async #conversationsOf(user: string, server: number): Promise<ConversationSummary[]> {
    const summaries: ConversationSummary[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const { status, body }: { status: number; body: ConversationsPage | undefined } =
        await this.#live.api(user, server).call<ConversationsPage>('GET', `/api/conversations${cursor && `?cursor=${encodeURIComponent(cursor)}`}`);
      if (!body) {
        this.#problem(`GET /api/conversations of ${user} gave ${status}`);
        return summaries;
      }
      summaries.push(...body.conversations);
      cursor = body.cursor;
    }
    return summaries;
  }

  /** What no stream brought, because a sync with a limit left it out everywhere, is read as history. */
  async #completeLogs(): Promise<void> {
    const { logs } = this.#live;
    for (const [conversation, cursors] of this.#cursors) {
      if (logs.entries(conversation).length === logs.top(conversation)) continue;
      for (const user of cursors.keys()) {
        for (const entry of await this.#history(conversation, user)) logs.add(entry);
      }
    }
  }

  async #history(conversation: string, user: string): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    for (let after = 0; ;) {
      const path = `/api/conversations/${encodeURIComponent(conversation)}/messages?after=${after}&limit=${PAGE}`;
      const { body } = await this.#live.api(user).call<MessagesPage>('GET', path);
      const last = body?.messages.at(-1);
      if (!body || !last) return entries;
      entries.push(...body.messages);
      after = last.seq;
    }
  }

  #judgeSummary(user: string, { conversationId, lastSeq, readSeq, unread, cursors }: ConversationSummary): void {
    const { logs } = this.#live;
    const top = logs.top(conversationId);
    if (lastSeq !== top) this.#problem(`${conversationId}: ${user} is told that it ends at ${lastSeq}, and it ends at ${top}`);
    const counted = countUnread(logs, conversationId, user, readSeq);
    if (unread !== counted) this.#problem(`${conversationId}: ${user} has read up to ${readSeq} and is told of ${unread} unread, and there are ${counted}`);
    for (const peer of cursors) {
      const own = this.#cursors.get(conversationId)?.get(peer.userId);
      if (own !== peer.readSeq) this.#problem(`${conversationId}: ${user} is told that ${peer.userId} has read up to ${peer.readSeq}, who has read up to ${own}`);
    }
  }

  /** Members have their conversations in the list, and nobody else has. */
  #judgeWhoHasWhat(): void {
    const { logs, users } = this.#live;
    for (const conversation of logs.conversations()) {
      for (const user of users) {
        const listed = this.#cursors.get(conversation)?.has(user) === true;
        const member = logs.memberSince(conversation, user) !== undefined;
        if (listed !== member) this.#problem(`${conversation}: ${user} is ${member ? 'a member and does not have it' : 'no member and has it'} in the list`);
      }
    }
  }

  async #judgeNotRead(conversation: string, index: number): Promise<void> {
    const { logs } = this.#live;
    const cursors = this.#cursors.get(conversation) ?? new Map<string, number>();
    const [asker] = cursors.keys();
    const chats = logs.entries(conversation).filter(({ type }) => type === 'CHAT');
    if (asker === undefined) return;
    const every = Math.max(1, Math.floor(chats.length / NOT_READ_SAMPLES));
    const since = conversation.startsWith('room:') ? (logs.memberSince(conversation, asker) ?? 0) : 0;
    for (const { seq } of chats.filter((entry, at) => at % every === 0 && entry.seq > since)) {
      const path = `/api/conversations/${encodeURIComponent(conversation)}/messages/${seq}/readers`;
      const { status, body } = await this.#live.api(asker, index).call<Readers>('GET', path);
      const counted = countNotRead(logs, conversation, seq, cursors);
      if (body?.notRead !== counted) this.#problem(`${conversation} seq ${seq}: not read by ${body?.notRead ?? `(${status})`}, and counted are ${counted}`);
    }
  }

  async #judgePrivacy(conversation: string): Promise<void> {
    const { logs, users } = this.#live;
    const outsiders = users.filter((user) => logs.memberSince(conversation, user) === undefined);
    await Promise.all(outsiders.slice(0, 5).map(async (user, index) => {
      const { status } = await this.#live.api(user, index).call('GET', `/api/conversations/${encodeURIComponent(conversation)}/messages`);
      if (status !== 404) this.#problem(`${conversation}: ${user}, who is no member, reads its history (${status})`);
    }));
  }

  #problem(problem: string): void {
    this.problems.push(problem);
  }
}
