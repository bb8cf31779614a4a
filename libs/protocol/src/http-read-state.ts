import Type, { type Static } from 'typebox';
import { DisplayName, User } from './http-api.ts';
import { UserId } from './identifier-schemas.ts';

// The JSON bodies about who has read what, and who wants that to be told.

/** `GET /api/me`. */
export const Profile = Type.Object({
  ...User.properties,
  /** Whether others are told what this user has read. Counts hold either way. */
  readReceipts: Type.Boolean(),
});
export type Profile = Static<typeof Profile>;

/** `PATCH /api/me`: what is missing stays. */
export const ProfileChange = Type.Object(
  {
    displayName: Type.Optional(DisplayName),
    readReceipts: Type.Optional(Type.Boolean()),
  },
  { minProperties: 1 },
);
export type ProfileChange = Static<typeof ProfileChange>;

const NamedReader = Type.Object({ userId: UserId, displayName: DisplayName });

/** `GET /api/conversations/{conversationId}/messages/{seq}/readers`. */
export const Readers = Type.Object({
  /** Present members, of those who were members then and without its sender, who have not read it. */
  notRead: Type.Integer({ minimum: 0 }),
  /** By name in small rooms alone, and without those who turned their receipts off. */
  read: Type.Optional(Type.Array(NamedReader)),
  unread: Type.Optional(Type.Array(NamedReader)),
});
export type Readers = Static<typeof Readers>;
