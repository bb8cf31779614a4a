import type { RoomMember } from '@chat/protocol';
import { useState } from 'react';
import { useObserved, useSession, useTexts } from './app-context.ts';
import { Avatar } from './Avatar.tsx';

type RoomMemberProps = {
  readonly member: RoomMember;
  /** The role of who looks at it. */
  readonly own: RoomMember['role'] | undefined;
  readonly roomId: string;
  readonly attempt: (work: Promise<unknown>) => void;
};

/** A member of a room, and what one may do with them. */
export function RoomMemberRow({ member, own, roomId, attempt }: RoomMemberProps) {
  const { people, user } = useSession();
  const texts = useTexts();
  useObserved(people.version);
  const { online } = people.person(member.id);
  const isAbove = own === 'owner' || (own === 'moderator' && member.role === 'member');
  return (
    <li className="room-member">
      <Avatar id={member.id} name={member.displayName} size="small" isOnline={online === true} />
      <span className="room-member-name">
        {member.displayName}
        <small>{member.role === 'member' ? member.id : `${texts.text(`room.role.${member.role}`)} · ${member.id}`}</small>
      </span>
      {isAbove && member.id !== user.id && <Actions member={member} own={own} roomId={roomId} attempt={attempt} />}
    </li>
  );
}

function Actions({ member, own, roomId, attempt }: RoomMemberProps) {
  const { api } = useSession();
  const texts = useTexts();
  const [isSure, setIsSure] = useState(false);
  const { id, role, displayName } = member;
  return (
    <span className="room-member-actions">
      {own === 'owner' && (
        <button type="button" className="text-button" onClick={() => attempt(api.rooms.setRole(roomId, id, role === 'moderator' ? 'member' : 'moderator'))}>
          {texts.text(role === 'moderator' ? 'room.demote' : 'room.promote')}
        </button>
      )}
      {own === 'owner' && role === 'moderator' && (
        <button type="button" className="text-button" onClick={() => (isSure ? attempt(api.rooms.transfer(roomId, id)) : setIsSure(true))}>
          {texts.text(isSure ? 'room.transferSure' : 'room.transfer')}
        </button>
      )}
      <button type="button" className="text-button" aria-label={texts.text('room.expelWho', { name: displayName })} onClick={() => attempt(api.rooms.removeMember(roomId, id))}>
        {texts.text('room.expel')}
      </button>
    </span>
  );
}
