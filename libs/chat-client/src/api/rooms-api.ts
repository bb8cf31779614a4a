import type {
  ChangeRoomBody,
  CreateInviteBody,
  CreateRoomBody,
  InvitePreview,
  MembershipChange,
  NewRoomInvite,
  Room,
  RoomMember,
  RoomMembersPage,
  RoomRole,
  RoomsPage,
} from '@chat/protocol';
import type { AuthorizedHttp } from './authorized-http.ts';

/** The calls about rooms. Answers are taken as the server's contract says; the casts name which part of it. */
export class RoomsApi {
  readonly #http: AuthorizedHttp;

  constructor(http: AuthorizedHttp) {
    this.#http = http;
  }

  async create(room: CreateRoomBody): Promise<Room> {
    return (await this.#http.call('/api/rooms', { method: 'POST', body: room })) as Room;
  }

  /** Public rooms by name. The page's `cursor`, if there is one, asks for the next. */
  async discover(q: string, cursor?: string): Promise<RoomsPage> {
    return (await this.#http.call(`/api/rooms${query({ q, cursor })}`)) as RoomsPage;
  }

  async get(roomId: string): Promise<Room> {
    return (await this.#http.call(at(roomId))) as Room;
  }

  async change(roomId: string, change: ChangeRoomBody): Promise<Room> {
    return (await this.#http.call(at(roomId), { method: 'PATCH', body: change })) as Room;
  }

  async archive(roomId: string, archived: boolean): Promise<Room> {
    return (await this.#http.call(at(roomId, 'archive'), { method: 'PUT', body: { archived } })) as Room;
  }

  /** `q` is the beginning of an id or a name. */
  async members(roomId: string, q = '', cursor?: string): Promise<RoomMembersPage> {
    return (await this.#http.call(at(roomId, 'members') + query({ q, cursor }))) as RoomMembersPage;
  }

  async addMember(roomId: string, userId: string): Promise<MembershipChange> {
    return (await this.#http.call(at(roomId, 'members'), { method: 'POST', body: { id: userId } })) as MembershipChange;
  }

  /** Expels somebody, or leaves. */
  async removeMember(roomId: string, userId: string): Promise<MembershipChange> {
    return (await this.#http.call(at(roomId, 'members', userId), { method: 'DELETE' })) as MembershipChange;
  }

  async setRole(roomId: string, userId: string, role: Exclude<RoomRole, 'owner'>): Promise<RoomMember> {
    return (await this.#http.call(at(roomId, 'members', userId), { method: 'PATCH', body: { role } })) as RoomMember;
  }

  async transfer(roomId: string, to: string): Promise<Room> {
    return (await this.#http.call(at(roomId, 'transfer'), { method: 'POST', body: { to } })) as Room;
  }

  async ban(roomId: string, userId: string, reason?: string): Promise<void> {
    await this.#http.call(at(roomId, 'bans', userId), { method: 'PUT', body: reason === undefined ? {} : { reason } });
  }

  async unban(roomId: string, userId: string): Promise<void> {
    await this.#http.call(at(roomId, 'bans', userId), { method: 'DELETE' });
  }

  /** The answer holds the token, which is shown this once. */
  async createInvite(roomId: string, invite: CreateInviteBody = {}): Promise<NewRoomInvite> {
    return (await this.#http.call(at(roomId, 'invites'), { method: 'POST', body: invite })) as NewRoomInvite;
  }

  async previewInvite(token: string): Promise<InvitePreview> {
    return (await this.#http.call('/api/invites/preview', { method: 'POST', body: { token } })) as InvitePreview;
  }

  async acceptInvite(token: string): Promise<MembershipChange> {
    return (await this.#http.call('/api/invites/accept', { method: 'POST', body: { token } })) as MembershipChange;
  }
}

function at(roomId: string, ...rest: readonly string[]): string {
  return ['/api/rooms', roomId, ...rest].map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join('/');
}

function query(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
