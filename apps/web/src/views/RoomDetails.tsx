import type { RoomMember } from '@chat/protocol';
import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { roomIdOf, typedUserId } from '../models/identifiers.ts';
import { useApp, useObserved, useSession, useTexts } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { failureText } from './failure-text.ts';
import { Field } from './Field.tsx';
import './room.css';
import { RoomNameForm } from './RoomNameForm.tsx';
import { useRoom } from './use-room.ts';

/** Members and what one may do with them; at the right, on a phone over the conversation. */
export function RoomDetails({ conversationId, onClose }: { readonly conversationId: string; readonly onClose: () => void }) {
  const texts = useTexts();
  const state = useRoom(conversationId);
  const roomId = roomIdOf(conversationId) ?? '';
  const { rooms } = useSession();
  return (
    <aside className="room" aria-label={texts.text('room.details')}>
      <header className="room-head">
        <h2 className="room-title">{state?.room?.name ?? texts.text('app.loading')}</h2>
        <button type="button" className="icon-button" aria-label={texts.text('room.close')} onClick={onClose}>
          <X size={20} aria-hidden="true" />
        </button>
      </header>
      {state?.status === 'failed' && (
        <p role="alert">
          {texts.text('room.failed')}{' '}
          <button type="button" className="text-button" onClick={() => void rooms.room(roomId).load()}>{texts.text('error.retry')}</button>
        </p>
      )}
      {state?.room && <RoomBody roomId={roomId} conversationId={conversationId} />}
    </aside>
  );
}

function RoomBody({ roomId, conversationId }: { readonly roomId: string; readonly conversationId: string }) {
  const { api, chat, rooms } = useSession();
  const { router } = useApp();
  const texts = useTexts();
  const state = useRoom(conversationId);
  const [problem, setProblem] = useState<string>();
  const [link, setLink] = useState<string>();
  const room = state?.room;
  if (!room) return null;
  const { role } = room.me;
  const isModerator = role === 'owner' || role === 'moderator';
  const attempt = (work: Promise<unknown>): void => {
    setProblem(undefined);
    work.then(() => rooms.room(roomId).load(), (fault: unknown) => setProblem(failureText(fault, texts)));
  };
  const leave = (): void => attempt(chat.leave(roomId).then(() => router.go({ place: 'chats' })));
  const invite = (): void =>
    attempt(api.rooms.createInvite(roomId).then(({ token }) => setLink(`${location.origin}/invite#${token}`)));
  return (
    <div className="room-body">
      {room.topic && <p className="room-topic">{room.topic}</p>}
      {problem !== undefined && <p className="room-problem" role="alert">{problem}</p>}
      {isModerator && <RoomNameForm key={room.name + room.topic} room={room} onChange={(change) => attempt(api.rooms.change(roomId, change))} />}
      {role && <AddMember onAdd={(id) => attempt(api.rooms.addMember(roomId, id))} />}
      {role && (isModerator || room.visibility === 'public') && (
        <div className="room-invite">
          <button type="button" className="button" onClick={invite}>{texts.text('room.invite')}</button>
          {link !== undefined && <Field label={texts.text('room.inviteLink')} hint={texts.text('room.inviteLink.hint')} value={link} readOnly onFocus={(event) => event.target.select()} />}
        </div>
      )}
      <h3 className="room-label">{texts.counted('room.members', room.members)}</h3>
      <ul className="room-members">
        {state.members.map((member) => <Member key={member.id} member={member} own={role} roomId={roomId} attempt={attempt} />)}
      </ul>
      {state.hasMoreMembers && (
        <button type="button" className="button" onClick={() => attempt(rooms.room(roomId).loadMoreMembers())}>{texts.text('room.moreMembers')}</button>
      )}
      <div className="room-ways-out">
        {role && <button type="button" className="button" data-kind="danger" onClick={leave}>{texts.text('room.leave')}</button>}
        {role === 'owner' && (
          <button type="button" className="button" onClick={() => attempt(api.rooms.archive(roomId, room.archivedAt === undefined))}>
            {texts.text(room.archivedAt === undefined ? 'room.archive' : 'room.unarchive')}
          </button>
        )}
      </div>
    </div>
  );
}

function AddMember({ onAdd }: { readonly onAdd: (id: string) => void }) {
  const texts = useTexts();
  const [id, setId] = useState('');
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (id.trim() !== '') onAdd(typedUserId(id));
    setId('');
  };
  return (
    <form className="room-add" onSubmit={onSubmit}>
      <Field label={texts.text('room.add')} value={id} onChange={(event) => setId(event.target.value)} autoCapitalize="none" autoComplete="off" spellCheck={false} />
      <button type="submit" className="button">{texts.text('room.add.submit')}</button>
    </form>
  );
}

type MemberProps = {
  readonly member: RoomMember;
  readonly own: RoomMember['role'] | undefined;
  readonly roomId: string;
  readonly attempt: (work: Promise<unknown>) => void;
};

function Member({ member, own, roomId, attempt }: MemberProps) {
  const { api, people, user } = useSession();
  const texts = useTexts();
  useObserved(people.version);
  const { online } = people.person(member.id);
  const isSelf = member.id === user.id;
  const mayExpel = !isSelf && (own === 'owner' || (own === 'moderator' && member.role === 'member'));
  return (
    <li className="room-member">
      <Avatar id={member.id} name={member.displayName} size="small" isOnline={online === true} />
      <span className="room-member-name">
        {member.displayName}
        <small>{member.role === 'member' ? member.id : `${texts.text(`room.role.${member.role}`)} · ${member.id}`}</small>
      </span>
      {own === 'owner' && !isSelf && (
        <button type="button" className="text-button" onClick={() => attempt(api.rooms.setRole(roomId, member.id, member.role === 'moderator' ? 'member' : 'moderator'))}>
          {texts.text(member.role === 'moderator' ? 'room.demote' : 'room.promote')}
        </button>
      )}
      {mayExpel && (
        <button type="button" className="text-button" aria-label={texts.text('room.expelWho', { name: member.displayName })} onClick={() => attempt(api.rooms.removeMember(roomId, member.id))}>
          {texts.text('room.expel')}
        </button>
      )}
    </li>
  );
}
