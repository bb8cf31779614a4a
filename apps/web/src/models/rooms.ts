import type { ChatApi, ChatClient } from '@chat/chat-client';
import type { Room, RoomMember } from '@chat/protocol';
import { coalesced } from './coalesced.ts';
import { Observed } from './observed.ts';
import type { People } from './people.ts';

export type RoomState = {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly room: Room | undefined;
  /** The first of them: the owner, moderators, then members. */
  readonly members: readonly RoomMember[];
  readonly hasMoreMembers: boolean;
};

const NOTHING: RoomState = { status: 'loading', room: undefined, members: [], hasMoreMembers: false };

/** What is known of one room; looked up when first asked for, and again when somebody came or went. */
export class RoomModel {
  readonly state = new Observed<RoomState>(NOTHING);
  readonly roomId: string;
  readonly #api: ChatApi;
  readonly #people: People;
  #cursor: string | undefined;
  #loads = 0;

  constructor(roomId: string, api: ChatApi, people: People) {
    this.roomId = roomId;
    this.#api = api;
    this.#people = people;
    void this.load();
  }

  readonly loadSoon = coalesced(() => void this.load());

  async load(): Promise<void> {
    const load = ++this.#loads;
    try {
      const [room, page] = await Promise.all([this.#api.rooms.get(this.roomId), this.#api.rooms.members(this.roomId)]);
      if (load !== this.#loads) return; // a later look has been asked for
      this.#learn(page.members);
      this.#cursor = page.cursor;
      this.state.set({ status: 'ready', room, members: page.members, hasMoreMembers: page.cursor !== undefined });
    } catch {
      // What is shown already stays; the details offer to try again.
      if (this.state.value.status !== 'ready') this.state.set({ ...NOTHING, status: 'failed' });
    }
  }

  async loadMoreMembers(): Promise<void> {
    if (this.#cursor === undefined) return;
    const page = await this.#api.rooms.members(this.roomId, '', this.#cursor);
    this.#learn(page.members);
    this.#cursor = page.cursor;
    const members = [...this.state.value.members, ...page.members];
    this.state.set({ ...this.state.value, members, hasMoreMembers: page.cursor !== undefined });
  }

  #learn(members: readonly RoomMember[]): void {
    for (const member of members) this.#people.learnName(member.id, member.displayName);
  }
}

/** The rooms that have been looked at. */
export class Rooms {
  readonly #api: ChatApi;
  readonly #people: People;
  readonly #rooms = new Map<string, RoomModel>();

  constructor(chat: ChatClient, api: ChatApi, people: People) {
    this.#api = api;
    this.#people = people;
    chat.events.on('entry', (entry) => {
      if (entry.type === 'JOIN' || entry.type === 'LEAVE') this.#rooms.get(entry.conversationId.slice('room:'.length))?.loadSoon();
    });
  }

  room(roomId: string): RoomModel {
    const known = this.#rooms.get(roomId) ?? new RoomModel(roomId, this.#api, this.#people);
    this.#rooms.set(roomId, known);
    return known;
  }
}
