import { type ChatApi, type ChatClient, RequestError } from '@chat/chat-client';
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

/** Not everybody who shows a larger room asks for its members at the same moment. */
const SMALL_UP_TO = 100;
const SPREAD_MS = 5_000;

/** What is known of one room; looked up when first asked for, and while it is shown again when somebody came or went. */
export class RoomModel {
  readonly state = new Observed<RoomState>(NOTHING);
  readonly roomId: string;
  readonly #api: ChatApi;
  readonly #people: People;
  readonly #onRoom: (room: Room) => void;
  #cursor: string | undefined;
  #loads = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(roomId: string, api: ChatApi, people: People, onRoom: (room: Room) => void) {
    this.roomId = roomId;
    this.#api = api;
    this.#people = people;
    this.#onRoom = onRoom;
    void this.load();
  }

  readonly loadSoon = coalesced(() => void this.load());

  /** Somebody else came or went: looked up where the room is shown. Where it is not, opening it asks anyway. */
  membersChanged(): void {
    if (this.#waiting !== undefined) return;
    const isLarge = (this.state.value.room?.members ?? 0) > SMALL_UP_TO;
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined;
      if (this.state.isWatched) void this.load();
    }, isLarge ? Math.random() * SPREAD_MS : 0);
  }

  /** Names, topics, roles and bans are no entries of the log: nobody is told of them, whoever looks asks again. */
  refresh(): void {
    if (this.state.value.status !== 'loading') void this.load();
  }

  async load(): Promise<void> {
    const load = ++this.#loads;
    try {
      const [room, page] = await Promise.all([this.#api.rooms.get(this.roomId), this.#api.rooms.members(this.roomId)]);
      if (load !== this.#loads) return; // a later look has been asked for
      this.#learn(page.members);
      this.#cursor = page.cursor;
      this.state.set({ status: 'ready', room, members: page.members, hasMoreMembers: page.cursor !== undefined });
      this.#onRoom(room);
    } catch (fault) {
      if (load === this.#loads) this.#failed(fault);
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

  #failed(fault: unknown): void {
    const { room, status } = this.state.value;
    const isOutside = fault instanceof RequestError && (fault.code === 'not-found' || fault.code === 'forbidden');
    // A private room is not there for whoever is not in it any more.
    if (room && isOutside) this.state.set({ ...NOTHING, status: 'ready', room: { ...room, me: {} } });
    // Otherwise what is shown already stays; the details offer to try again.
    else if (status !== 'ready') this.state.set({ ...NOTHING, status: 'failed' });
  }

  #learn(members: readonly RoomMember[]): void {
    for (const member of members) this.#people.learn(member);
  }
}

/** The rooms that have been looked at. */
export class Rooms {
  readonly #api: ChatApi;
  readonly #people: People;
  readonly #onRoom: (room: Room) => void;
  readonly #rooms = new Map<string, RoomModel>();

  /** `onRoom` hears of a room whenever it has been looked up. */
  constructor(chat: ChatClient, api: ChatApi, people: People, onRoom: (room: Room) => void) {
    this.#api = api;
    this.#people = people;
    this.#onRoom = onRoom;
    chat.events.on('entry', (entry) => {
      if (entry.type !== 'JOIN' && entry.type !== 'LEAVE') return;
      const room = this.#rooms.get(entry.conversationId.slice('room:'.length));
      if (entry.from === chat.userId) room?.loadSoon();
      else room?.membersChanged();
    });
  }

  room(roomId: string): RoomModel {
    const known = this.#rooms.get(roomId) ?? new RoomModel(roomId, this.#api, this.#people, this.#onRoom);
    this.#rooms.set(roomId, known);
    return known;
  }
}
