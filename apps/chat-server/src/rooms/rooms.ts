import { randomInt } from 'node:crypto';
import type { ChangeRoomBody, ChatError, CreateRoomBody, Room, RoomsPage, RoomsQuery } from '@chat/protocol';
import type { UserRef } from '../conversations/message-store.port.ts';
import { searchName } from '../identity/users.ts';
import { decodeNameCursor, encodeCursor } from './page-cursor.ts';
import type { Memberships } from './memberships.ts';
import { known, knownTo } from './room-rules.ts';
import type { RoomStore } from './room-store.port.ts';
import { checkTexts, roomName } from './room-text.ts';

/** One bucket of tokens a user, the one that sends are taken from. */
export interface Rates {
  /** Takes tokens, or answers the refusal. */
  take(userId: string, tokens: number): ChatError | undefined;
}

export type RoomsParts = { readonly store: RoomStore; readonly memberships: Memberships; readonly rates: Rates };

/** What a change of what a room is costs, and what coming and going does. */
export const CHANGE_TOKENS = 1;
export const MEMBERSHIP_TOKENS = 5;

const PAGE = 50;
const ROOM_ID_LENGTH = 20;
const ROOM_ID_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Muted without end. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** What rooms are called and how they are found. Everything throws `ChatError` for what may not be. */
export class Rooms {
  readonly #parts: RoomsParts;

  constructor(parts: RoomsParts) {
    this.#parts = parts;
  }

  /** The creator is its owner, and the first in it. */
  async create(owner: UserRef, body: CreateRoomBody): Promise<Room> {
    const name = roomName(body.name);
    checkTexts({ topic: body.topic });
    takeTokens(this.#parts.rates, owner, MEMBERSHIP_TOKENS);
    const roomId = newRoomId();
    const { visibility, topic = '', picture = null } = body;
    const history = body.history ?? (visibility === 'public' ? 'all' : 'joined');
    await this.#parts.memberships.create({ roomId, name, searchName: searchName(name), topic, picture, visibility, history, owner });
    return this.view(roomId, owner);
  }

  async view(roomId: string, user: UserRef): Promise<Room> {
    return known(await this.#parts.store.view(roomId, user.userNo)).room;
  }

  async list(user: UserRef, query: RoomsQuery): Promise<RoomsPage> {
    checkTexts({ q: query.q });
    const { store } = this.#parts;
    const from = query.cursor === undefined ? undefined : decodeNameCursor(query.cursor);
    const page = { after: from && { name: from.name, conversationNo: from.number }, limit: query.limit ?? PAGE };
    const list = query.mine === true ? store.listOwn.bind(store) : store.listPublic.bind(store);
    const { items, next } = await list(user.userNo, query.q, page);
    return { rooms: [...items], ...(next && { cursor: encodeCursor([next.name, next.conversationNo]) }) };
  }

  async change(roomId: string, user: UserRef, body: ChangeRoomBody): Promise<Room> {
    const keeping = body.retentionDays !== undefined || body.retentionEntries !== undefined;
    const { conversation } = knownTo(keeping ? 'owner' : 'moderator', await this.#parts.store.view(roomId, user.userNo));
    checkTexts({ topic: body.topic, picture: body.picture });
    const name = body.name === undefined ? undefined : roomName(body.name);
    takeTokens(this.#parts.rates, user, CHANGE_TOKENS);
    await this.#parts.store.update(conversation.conversationNo, { ...body, name });
    return this.view(roomId, user);
  }

  async archive(roomId: string, user: UserRef, archived: boolean): Promise<Room> {
    takeTokens(this.#parts.rates, user, CHANGE_TOKENS);
    await this.#parts.memberships.archive(roomId, user, archived);
    return this.view(roomId, user);
  }

  /** Without a time it has no end. */
  async mute(roomId: string, user: UserRef, until: number = FOR_EVER): Promise<Room> {
    const { conversation } = knownTo('member', await this.#parts.store.view(roomId, user.userNo));
    await this.#parts.store.mute(user.userNo, conversation.conversationNo, until);
    return this.view(roomId, user);
  }

  async unmute(roomId: string, user: UserRef): Promise<Room> {
    const { conversation } = knownTo('member', await this.#parts.store.view(roomId, user.userNo));
    await this.#parts.store.mute(user.userNo, conversation.conversationNo, undefined);
    return this.view(roomId, user);
  }
}

/** Throws the refusal if there are too few. */
export function takeTokens(rates: Rates, user: UserRef, tokens: number): void {
  const tooFast = rates.take(user.userId, tokens);
  if (tooFast !== undefined) throw tooFast;
}

function newRoomId(): string {
  return Array.from({ length: ROOM_ID_LENGTH }, () => ROOM_ID_CHARACTERS[randomInt(ROOM_ID_CHARACTERS.length)]).join('');
}
