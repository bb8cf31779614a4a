import { roomConversationId, type Room, type RoomBan, type RoomInvite, type RoomMember, type RoomMembership } from '@chat/protocol';
import { roleOfNumber } from './room-rules.ts';
import type { BanRow, FoundInviteRow, InviteRow, MemberRow, RoomRow } from './room-statements.ts';
import type { FoundInvite, RoomView } from './room-store.port.ts';

// What the statements answer, as the interface shows it: null there is a missing field here.

export function viewOf(row: RoomRow): RoomView {
  const conversationId = roomConversationId(row.room_id);
  return { conversation: { conversationId, conversationNo: row.conversation_no }, room: roomOf(row, conversationId) };
}

function roomOf(row: RoomRow, conversationId: string): Room {
  return {
    id: row.room_id,
    conversationId,
    name: row.name,
    topic: row.topic,
    ...field('picture', row.picture),
    visibility: row.visibility === 1 ? 'public' : 'private',
    history: row.history === 1 ? 'all' : 'joined',
    members: row.members,
    createdAt: row.created_at,
    ...field('archivedAt', row.archived_at),
    ...field('retentionDays', row.retention_days),
    ...field('retentionEntries', row.retention_entries),
    lastSeq: row.last_seq,
    me: membershipOf(row),
  };
}

function membershipOf(row: RoomRow): RoomMembership {
  return {
    ...(row.role === null ? {} : { role: roleOfNumber(row.role) }),
    ...field('joinedAt', row.joined_at),
    ...field('joinedSeq', row.joined_seq),
    ...(row.muted_until !== null && row.muted_until > row.now ? { mutedUntil: row.muted_until } : {}),
    ...(row.banned ? { banned: true } : {}),
  };
}

export function memberOf(row: MemberRow): RoomMember {
  return { id: row.id, displayName: row.display_name, role: roleOfNumber(row.role), joinedAt: row.joined_at };
}

export function banOf(row: BanRow): RoomBan {
  return { user: { id: row.id, displayName: row.display_name }, by: row.by_id, at: row.at, ...field('reason', row.reason) };
}

export function inviteOf(row: InviteRow): RoomInvite {
  return {
    id: row.token_hash.toString('base64url'),
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...field('usesLeft', row.uses_left),
    ...field('label', row.label),
  };
}

export function foundInviteOf(row: FoundInviteRow): FoundInvite {
  const invitedBy = { id: row.id, displayName: row.display_name };
  return { roomId: row.room_id, invitedBy, expiresAt: row.expires_at, usable: row.usable };
}

function field<Name extends string, Value>(name: Name, value: Value | null): { [key in Name]?: Value } {
  // The one key that the type says.
  return value === null ? {} : ({ [name]: value } as { [key in Name]?: Value });
}
