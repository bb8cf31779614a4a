import type { Room } from '@chat/protocol';
import { X } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { roomIdOf, typedUserId } from '../models/identifiers.ts';
import { useApp, useSession, useTexts } from './app-context.ts';
import { failureText } from './failure-text.ts';
import { Field } from './Field.tsx';
import './room.css';
import { RoomMemberRow } from './RoomMemberRow.tsx';
import { RoomNameForm } from './RoomNameForm.tsx';
import { useRoom } from './use-room.ts';

/** Members and what one may do with them; at the right, on a phone over the conversation. */
export function RoomDetails({ conversationId, onClose }: { readonly conversationId: string; readonly onClose: () => void }) {
  const texts = useTexts();
  const state = useRoom(conversationId);
  const roomId = roomIdOf(conversationId) ?? '';
  const { rooms } = useSession();
  useEffect(() => rooms.room(roomId).refresh(), [rooms, roomId]);
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

type Attempt = (work: Promise<unknown>) => void;

function RoomBody({ roomId, conversationId }: { readonly roomId: string; readonly conversationId: string }) {
  const { api, rooms } = useSession();
  const texts = useTexts();
  const state = useRoom(conversationId);
  const [problem, setProblem] = useState<string>();
  const room = state?.room;
  if (!room) return null;
  const { role } = room.me;
  const isOpen = room.archivedAt === undefined;
  const mayChange = isOpen && (role === 'owner' || role === 'moderator');
  const mayInvite = mayChange || (isOpen && role !== undefined && room.visibility === 'public');
  const attempt: Attempt = (work) => {
    setProblem(undefined);
    work.then(() => rooms.room(roomId).load(), (fault: unknown) => setProblem(failureText(fault, texts)));
  };
  return (
    <div className="room-body">
      {room.topic && !mayChange && <p className="room-topic">{room.topic}</p>}
      {problem !== undefined && <p className="room-problem" role="alert">{problem}</p>}
      {mayChange && <RoomNameForm key={room.name + room.topic} room={room} onChange={(change) => attempt(api.rooms.change(roomId, change))} />}
      {mayInvite && <AddMember onAdd={(id) => attempt(api.rooms.addMember(roomId, id))} />}
      {mayInvite && <InviteLink roomId={roomId} attempt={attempt} />}
      <h3 className="room-label">{texts.counted('room.members', room.members)}</h3>
      <ul className="room-members">
        {state.members.map((member) => <RoomMemberRow key={member.id} member={member} own={role} roomId={roomId} attempt={attempt} />)}
      </ul>
      {state.hasMoreMembers && (
        <button type="button" className="button" onClick={() => attempt(rooms.room(roomId).loadMoreMembers())}>{texts.text('room.moreMembers')}</button>
      )}
      <WaysOut room={room} attempt={attempt} />
    </div>
  );
}

function InviteLink({ roomId, attempt }: { readonly roomId: string; readonly attempt: Attempt }) {
  const { api } = useSession();
  const texts = useTexts();
  const [link, setLink] = useState<string>();
  const invite = (): void =>
    attempt(api.rooms.createInvite(roomId).then(({ token }) => setLink(`${location.origin}/invite#${token}`)));
  return (
    <div className="room-invite">
      <button type="button" className="button" onClick={invite}>{texts.text('room.invite')}</button>
      {link !== undefined && <Field label={texts.text('room.inviteLink')} hint={texts.text('room.inviteLink.hint')} value={link} readOnly onFocus={(event) => event.target.select()} />}
    </div>
  );
}

function WaysOut({ room, attempt }: { readonly room: Room; readonly attempt: Attempt }) {
  const { api, chat } = useSession();
  const { router } = useApp();
  const texts = useTexts();
  const { role } = room.me;
  const isOpen = room.archivedAt === undefined;
  const mayLeave = role !== undefined && (role !== 'owner' || room.members === 1);
  const leave = (): void => attempt(chat.leave(room.id).then(() => router.go({ place: 'chats' })));
  return (
    <div className="room-ways-out">
      {mayLeave && <button type="button" className="button" data-kind="danger" onClick={leave}>{texts.text('room.leave')}</button>}
      {role === 'owner' && (
        <button type="button" className="button" onClick={() => attempt(api.rooms.archive(room.id, isOpen))}>
          {texts.text(isOpen ? 'room.archive' : 'room.unarchive')}
        </button>
      )}
      {role === 'owner' && !mayLeave && <p className="room-hint">{texts.text('room.leave.owner')}</p>}
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
