import type { RoomMember } from '@chat/protocol';
import { EllipsisVertical } from 'lucide-react';
import { useObserved, useSession, useTexts } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { Menu, MenuItem } from './Menu.tsx';
import { nameOf } from './use-names.ts';
import type { Attempt } from './use-room-attempt.ts';

type RoomMemberProps = {
  readonly member: RoomMember;
  /** The role of who looks at it. */
  readonly own: RoomMember['role'] | undefined;
  readonly roomId: string;
  readonly attempt: Attempt;
};

/** A member of a room, and what one may do with them. */
export function RoomMemberRow({ member, own, roomId, attempt }: RoomMemberProps) {
  const { people, user } = useSession();
  const texts = useTexts();
  useObserved(people.version);
  const { online } = people.person(member.id);
  const name = nameOf(member, texts);
  const isAbove = own === 'owner' || (own === 'moderator' && member.role === 'member');
  return (
    <li className="room-member">
      <Avatar id={member.id} name={name} size="small" isOnline={online === true} />
      <span className="room-member-name">
        {name}
        <small>{member.role === 'member' ? member.id : `${texts.text(`room.role.${member.role}`)} · ${member.id}`}</small>
      </span>
      {isAbove && member.id !== user.id && (
        <Menu label={texts.text('room.memberMenu', { name })} icon={<EllipsisVertical size={18} aria-hidden="true" />}>
          <Actions member={member} own={own} roomId={roomId} attempt={attempt} />
        </Menu>
      )}
    </li>
  );
}

function Actions({ member: { id, role }, own, roomId, attempt }: RoomMemberProps) {
  const { api } = useSession();
  const texts = useTexts();
  const isModerator = role === 'moderator';
  const setRole = (): void => void attempt(api.rooms.setRole(roomId, id, isModerator ? 'member' : 'moderator'));
  return (
    <>
      {own === 'owner' && <MenuItem onChoose={setRole}>{texts.text(isModerator ? 'room.demote' : 'room.promote')}</MenuItem>}
      {own === 'owner' && isModerator && (
        <MenuItem sure={texts.text('room.transferSure')} onChoose={() => void attempt(api.rooms.transfer(roomId, id))}>{texts.text('room.transfer')}</MenuItem>
      )}
      <MenuItem isDanger onChoose={() => void attempt(api.rooms.removeMember(roomId, id))}>{texts.text('room.expel')}</MenuItem>
      <MenuItem isDanger sure={texts.text('room.banSure')} onChoose={() => void attempt(api.rooms.ban(roomId, id))}>{texts.text('room.ban')}</MenuItem>
    </>
  );
}
