import type {
  ChangeRoomBody,
  CreateInviteBody,
  CreateRoomBody,
  InvitePreview,
  MembershipChange,
  NewRoomInvite,
  Room,
  RoomBansPage,
  RoomInvitesList,
  RoomMember,
  RoomMembersPage,
  RoomRole,
  RoomsPage,
} from '@chat/protocol';
import type { AuthorizedHttp } from './authorized-http.ts';

/** The calls about rooms. */
export class RoomsApi {
  readonly #http: AuthorizedHttp;

  constructor(http: AuthorizedHttp) {
    this.#http = http;
  }

  create(body: CreateRoomBody): Promise<Room> {
    return this.#http.request('post', '/api/rooms', { body });
  }

  /** Public rooms by name. The page's `cursor`, if there is one, asks for the next. */
  discover(q: string, cursor?: string): Promise<RoomsPage> {
    return this.#http.request('get', '/api/rooms', { query: { q, cursor } });
  }

  /** The rooms that one is in. */
  own(cursor?: string): Promise<RoomsPage> {
    return this.#http.request('get', '/api/rooms', { query: { mine: true, cursor } });
  }

  get(roomId: string): Promise<Room> {
    return this.#http.request('get', '/api/rooms/{roomId}', { path: { roomId } });
  }

  change(roomId: string, body: ChangeRoomBody): Promise<Room> {
    return this.#http.request('patch', '/api/rooms/{roomId}', { path: { roomId }, body });
  }

  archive(roomId: string, archived: boolean): Promise<Room> {
    return this.#http.request('put', '/api/rooms/{roomId}/archive', { path: { roomId }, body: { archived } });
  }

  /** `q` is the beginning of an id or a name. */
  members(roomId: string, q = '', cursor?: string): Promise<RoomMembersPage> {
    return this.#http.request('get', '/api/rooms/{roomId}/members', { path: { roomId }, query: { q, cursor } });
  }

  addMember(roomId: string, userId: string): Promise<MembershipChange> {
    return this.#http.request('post', '/api/rooms/{roomId}/members', { path: { roomId }, body: { id: userId } });
  }

  /** Expels somebody, or leaves. */
  removeMember(roomId: string, userId: string): Promise<MembershipChange> {
    return this.#http.request('delete', '/api/rooms/{roomId}/members/{userId}', { path: { roomId, userId } });
  }

  setRole(roomId: string, userId: string, role: Exclude<RoomRole, 'owner'>): Promise<RoomMember> {
    return this.#http.request('patch', '/api/rooms/{roomId}/members/{userId}', { path: { roomId, userId }, body: { role } });
  }

  transfer(roomId: string, to: string): Promise<Room> {
    return this.#http.request('post', '/api/rooms/{roomId}/transfer', { path: { roomId }, body: { to } });
  }

  /** The latest first. */
  bans(roomId: string, cursor?: string): Promise<RoomBansPage> {
    return this.#http.request('get', '/api/rooms/{roomId}/bans', { path: { roomId }, query: { cursor } });
  }

  async ban(roomId: string, userId: string, reason?: string): Promise<void> {
    const body = reason === undefined ? {} : { reason };
    await this.#http.request('put', '/api/rooms/{roomId}/bans/{userId}', { path: { roomId, userId }, body });
  }

  async unban(roomId: string, userId: string): Promise<void> {
    await this.#http.request('delete', '/api/rooms/{roomId}/bans/{userId}', { path: { roomId, userId } });
  }

  /** No notifications of it, for oneself: until then (epoch milliseconds), or without end. */
  mute(roomId: string, until?: number): Promise<Room> {
    return this.#http.request('put', '/api/rooms/{roomId}/mute', { path: { roomId }, body: { until } });
  }

  unmute(roomId: string): Promise<Room> {
    return this.#http.request('delete', '/api/rooms/{roomId}/mute', { path: { roomId } });
  }

  /** Moderators see all of them, others their own. */
  invites(roomId: string): Promise<RoomInvitesList> {
    return this.#http.request('get', '/api/rooms/{roomId}/invites', { path: { roomId } });
  }

  async removeInvite(roomId: string, inviteId: string): Promise<void> {
    await this.#http.request('delete', '/api/rooms/{roomId}/invites/{inviteId}', { path: { roomId, inviteId } });
  }

  /** The answer holds the token, which is shown this once. */
  createInvite(roomId: string, body: CreateInviteBody = {}): Promise<NewRoomInvite> {
    return this.#http.request('post', '/api/rooms/{roomId}/invites', { path: { roomId }, body });
  }

  previewInvite(token: string): Promise<InvitePreview> {
    return this.#http.request('post', '/api/invites/preview', { body: { token } });
  }

  acceptInvite(token: string): Promise<MembershipChange> {
    return this.#http.request('post', '/api/invites/accept', { body: { token } });
  }
}
