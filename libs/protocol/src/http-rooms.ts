import Type, { type Static } from 'typebox';
import { User } from './http-api.ts';
import { ConversationId, RoomId, Seq, UserId } from './identifier-schemas.ts';

// The JSON bodies of `/api/rooms` and `/api/invites`. Lengths count code points; times are epoch milliseconds by the
// database's clock.

export const RoomName = Type.String({ minLength: 1, maxLength: 100 });
export const RoomTopic = Type.String({ maxLength: 500 });
/** A picture's address: a path on this server, or https. */
export const RoomPicture = Type.String({ pattern: '^(/[^/\\\\\\s]|https://[^\\s/])[^\\s\\\\]{0,2000}$' });

/** Who may find a room: everybody who is signed in (and read it, and join), or members alone. Fixed when it is made. */
export const RoomVisibility = Type.Union([Type.Literal('public'), Type.Literal('private')]);
export type RoomVisibility = Static<typeof RoomVisibility>;

/** What a member may read of the time before joining: all of it, or nothing. Fixed when the room is made. */
export const RoomHistory = Type.Union([Type.Literal('all'), Type.Literal('joined')]);
export type RoomHistory = Static<typeof RoomHistory>;

export const RoomRole = Type.Union([Type.Literal('owner'), Type.Literal('moderator'), Type.Literal('member')]);
export type RoomRole = Static<typeof RoomRole>;

const Time = Type.Integer({ minimum: 0 });

/** What the caller is in a room. */
export const RoomMembership = Type.Object({
  /** Missing: not a member. */
  role: Type.Optional(RoomRole),
  joinedAt: Type.Optional(Time),
  /** The `seq` before the JOIN: where cursors began. */
  joinedSeq: Type.Optional(Seq),
  /** No notifications until then; missing: not muted. Muted without end is the largest time there is. */
  mutedUntil: Type.Optional(Time),
  /** Must not join. */
  banned: Type.Optional(Type.Boolean()),
});
export type RoomMembership = Static<typeof RoomMembership>;

export const Room = Type.Object({
  id: RoomId,
  conversationId: ConversationId,
  name: RoomName,
  /** May be empty. */
  topic: RoomTopic,
  picture: Type.Optional(RoomPicture),
  visibility: RoomVisibility,
  history: RoomHistory,
  /** How many are members at present. */
  members: Type.Integer({ minimum: 0 }),
  createdAt: Time,
  /** Since when nobody can write or join; missing: not archived. */
  archivedAt: Type.Optional(Time),
  /** Entries older than this many days are forgotten; missing: what the server keeps. */
  retentionDays: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Only this many newest entries are kept; missing: what the server keeps. */
  retentionEntries: Type.Optional(Type.Integer({ minimum: 1 })),
  lastSeq: Seq,
  me: RoomMembership,
});
export type Room = Static<typeof Room>;

/** `POST /api/rooms`. `history` is `all` in public rooms and `joined` in private ones, unless it says otherwise. */
export const CreateRoomBody = Type.Object({
  name: RoomName,
  visibility: RoomVisibility,
  history: Type.Optional(RoomHistory),
  topic: Type.Optional(RoomTopic),
  picture: Type.Optional(RoomPicture),
});
export type CreateRoomBody = Static<typeof CreateRoomBody>;

/** `PATCH /api/rooms/{roomId}`: what is missing stays, null takes it away. */
export const ChangeRoomBody = Type.Object({
  name: Type.Optional(RoomName),
  topic: Type.Optional(RoomTopic),
  picture: Type.Optional(Type.Union([RoomPicture, Type.Null()])),
  retentionDays: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()])),
  retentionEntries: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000_000 }), Type.Null()])),
});
export type ChangeRoomBody = Static<typeof ChangeRoomBody>;

/** Where the next page begins, as the page before said it. */
const PageCursor = Type.String({ minLength: 1, maxLength: 1_000 });
const PageLimit = Type.Integer({ minimum: 1, maximum: 200 });

/** `GET /api/rooms`: public rooms by name, or with `mine` those that one is a member of, archived ones included. */
export const RoomsQuery = Type.Object({
  /** Part of the name; small and capital letters count as the same. */
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  mine: Type.Optional(Type.Boolean()),
  cursor: Type.Optional(PageCursor),
  limit: Type.Optional(PageLimit),
});
export type RoomsQuery = Static<typeof RoomsQuery>;

/** The last page has no `cursor`. */
export const RoomsPage = Type.Object({ rooms: Type.Array(Room), cursor: Type.Optional(Type.String()) });
export type RoomsPage = Static<typeof RoomsPage>;

export const RoomMember = Type.Object({ ...User.properties, role: RoomRole, joinedAt: Time });
export type RoomMember = Static<typeof RoomMember>;

/** `GET /api/rooms/{roomId}/members`: the owner, then moderators, then members. */
export const RoomMembersQuery = Type.Object({
  /** The beginning of an id or a name. */
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  cursor: Type.Optional(PageCursor),
  limit: Type.Optional(PageLimit),
});
export type RoomMembersQuery = Static<typeof RoomMembersQuery>;

export const RoomMembersPage = Type.Object({ members: Type.Array(RoomMember), cursor: Type.Optional(Type.String()) });
export type RoomMembersPage = Static<typeof RoomMembersPage>;

/** `POST /api/rooms/{roomId}/members`: oneself (joining a public room), or somebody else whom a member brings in. */
export const AddMemberBody = Type.Object({ id: UserId });
export type AddMemberBody = Static<typeof AddMemberBody>;

/** The JOIN or LEAVE that made somebody's membership what it is now, whether by this request or by an earlier one. */
export const MembershipChange = Type.Object({
  roomId: RoomId,
  conversationId: ConversationId,
  userId: UserId,
  member: Type.Boolean(),
  seq: Seq,
  id: Type.String(),
  /** Whether this request changed anything. */
  changed: Type.Boolean(),
});
export type MembershipChange = Static<typeof MembershipChange>;

/** `PATCH /api/rooms/{roomId}/members/{userId}`. There is one owner: see `TransferRoomBody`. */
export const ChangeMemberBody = Type.Object({ role: Type.Union([Type.Literal('moderator'), Type.Literal('member')]) });
export type ChangeMemberBody = Static<typeof ChangeMemberBody>;

/** `POST /api/rooms/{roomId}/transfer`: the member becomes the owner, who becomes a moderator. */
export const TransferRoomBody = Type.Object({ to: UserId });
export type TransferRoomBody = Static<typeof TransferRoomBody>;

/** `PUT /api/rooms/{roomId}/archive`. */
export const ArchiveRoomBody = Type.Object({ archived: Type.Boolean() });
export type ArchiveRoomBody = Static<typeof ArchiveRoomBody>;

/** `PUT /api/rooms/{roomId}/mute`: for oneself. Without `until` it has no end; a time that has passed ends it. */
export const MuteRoomBody = Type.Object({ until: Type.Optional(Time) });
export type MuteRoomBody = Static<typeof MuteRoomBody>;

/** `PUT /api/rooms/{roomId}/bans/{userId}`. */
export const BanBody = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) });
export type BanBody = Static<typeof BanBody>;

export const RoomBan = Type.Object({
  user: User,
  by: UserId,
  at: Time,
  reason: Type.Optional(Type.String()),
});
export type RoomBan = Static<typeof RoomBan>;

/** `GET /api/rooms/{roomId}/bans`: the latest first. */
export const RoomBansPage = Type.Object({ bans: Type.Array(RoomBan), cursor: Type.Optional(Type.String()) });
export type RoomBansPage = Static<typeof RoomBansPage>;

export const PageQuery = Type.Object({ cursor: Type.Optional(PageCursor), limit: Type.Optional(PageLimit) });
export type PageQuery = Static<typeof PageQuery>;

/** `POST /api/rooms/{roomId}/invites`. Without `expiresInSeconds` it is 7 days, without `uses` as often as one likes. */
export const CreateInviteBody = Type.Object({
  expiresInSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 365 * 86_400 })),
  uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  /** To tell one's invites apart. */
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
});
export type CreateInviteBody = Static<typeof CreateInviteBody>;

/** An invite as lists show it: the token is not kept, so nobody can be shown it again. */
export const RoomInvite = Type.Object({
  /** Names it among the room's invites. It is not the token and does not help to guess it. */
  id: Type.String(),
  createdBy: UserId,
  createdAt: Time,
  expiresAt: Time,
  /** Missing: as often as one likes. */
  usesLeft: Type.Optional(Type.Integer({ minimum: 0 })),
  label: Type.Optional(Type.String()),
});
export type RoomInvite = Static<typeof RoomInvite>;

/** The answer to `POST /api/rooms/{roomId}/invites`: the only time that the token is shown. */
export const NewRoomInvite = Type.Object({ ...RoomInvite.properties, token: Type.String() });
export type NewRoomInvite = Static<typeof NewRoomInvite>;

export const RoomInvitesList = Type.Object({ invites: Type.Array(RoomInvite) });
export type RoomInvitesList = Static<typeof RoomInvitesList>;

/** `POST /api/invites/preview` and `POST /api/invites/accept`: in the body, because addresses are logged on their way. */
export const InviteTokenBody = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{16,128}$' }) });
export type InviteTokenBody = Static<typeof InviteTokenBody>;

/** What somebody who holds an invite may know of the room before joining. */
export const InvitePreview = Type.Object({
  room: Type.Object({
    id: RoomId,
    name: RoomName,
    topic: RoomTopic,
    picture: Type.Optional(RoomPicture),
    visibility: RoomVisibility,
    members: Type.Integer({ minimum: 0 }),
  }),
  invitedBy: User,
  expiresAt: Time,
  /** The caller is a member already. */
  member: Type.Boolean(),
});
export type InvitePreview = Static<typeof InvitePreview>;
