import type { InvitePreview, NewRoomInvite, Room, RoomBan, RoomInvite, RoomMember, User } from '@chat/protocol';

type Body = Readonly<Record<string, unknown>>;

/** What is asked of `/api/rooms` and below it. */
export type RoomRequest = { readonly method: string; readonly parts: readonly string[]; readonly body: Body; readonly query: URLSearchParams };

const WEEK_MS = 7 * 86_400_000;

/** The rooms of a scripted server: they answer as the API says, and who may do what is up to the script. */
export class ScriptedRooms extends Map<string, { room: Room; members: readonly RoomMember[] }> {
  readonly bans: RoomBan[] = [];
  readonly invites: RoomInvite[] = [];
  readonly #self: User;

  constructor(self: User) {
    super();
    this.#self = self;
  }

  answer({ method, parts: [roomId, part, of], body, query }: RoomRequest): unknown {
    if (roomId === undefined) return method === 'POST' ? this.#made(body) : this.#listed(query);
    const known = this.get(roomId);
    if (!known) return undefined;
    switch (part) {
      case 'members':
        return method === 'GET' ? { members: known.members } : { ...known.room };
      case 'invites':
        return this.#invite(method, of, body);
      case 'bans':
        return this.#ban(method, of, body);
      case 'mute':
        return this.#changed(roomId, { me: { ...known.room.me, mutedUntil: method === 'PUT' ? Number.MAX_SAFE_INTEGER : undefined } });
      case 'archive':
        return this.#changed(roomId, { archivedAt: body['archived'] === true ? 1 : undefined });
      default:
        return method === 'PATCH' ? this.#changed(roomId, withoutNulls(body)) : known.room;
    }
  }

  /** What every link leads to: the room that was made first. */
  preview(): InvitePreview | undefined {
    const [first] = this.values();
    const owner = first?.members.find(({ role }) => role === 'owner');
    return first && owner && { room: first.room, invitedBy: owner, expiresAt: Date.now() + WEEK_MS, member: false };
  }

  #changed(roomId: string, change: Partial<Room>): Room | undefined {
    const known = this.get(roomId);
    if (!known) return undefined;
    const room = { ...known.room, ...change };
    this.set(roomId, { ...known, room });
    return room;
  }

  #listed(query: URLSearchParams): { rooms: Room[] } {
    const isMine = query.get('mine') === 'true';
    return { rooms: [...this.values()].map(({ room }) => room).filter((room) => !isMine || room.me.role !== undefined) };
  }

  #made({ name, visibility, topic, history }: Body): Room {
    const id = `room${String(this.size).padStart(4, '0')}`;
    const room = {
      id, conversationId: `room:${id}`, name, visibility, history, topic, members: 1, createdAt: 0, lastSeq: 1, me: { role: 'owner', joinedSeq: 0 },
    } as Room; // what the form sends
    this.set(id, { room, members: [{ ...this.#self, role: 'owner', joinedAt: 0 }] });
    return room;
  }

  #invite(method: string, id: string | undefined, { expiresInSeconds, uses, label }: Body): unknown {
    if (method === 'GET') return { invites: this.invites };
    if (method === 'DELETE') return this.invites.splice(this.invites.findIndex((invite) => invite.id === id), 1);
    const at = Date.now();
    const invite = {
      id: `invite${this.invites.length}`, createdBy: this.#self.id, createdAt: at,
      expiresAt: at + (typeof expiresInSeconds === 'number' ? expiresInSeconds * 1_000 : WEEK_MS),
      ...(typeof uses === 'number' ? { usesLeft: uses } : {}),
      ...(typeof label === 'string' ? { label } : {}),
    };
    this.invites.unshift(invite);
    return { ...invite, token: 'AbCdEfGhIjKlMnOpQrStUv' } satisfies NewRoomInvite;
  }

  #ban(method: string, id: string | undefined, { reason }: Body): unknown {
    if (method === 'GET') return { bans: this.bans };
    const at = this.bans.findIndex(({ user }) => user.id === id);
    if (at >= 0) this.bans.splice(at, 1);
    if (method === 'PUT' && id !== undefined) {
      const ban = { user: { id, displayName: id }, by: this.#self.id, at: Date.now() };
      this.bans.unshift(typeof reason === 'string' ? { ...ban, reason } : ban);
    }
    return {};
  }
}

function withoutNulls(body: Body): Partial<Room> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value ?? undefined]));
}
