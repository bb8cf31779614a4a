import type { Room } from '@chat/protocol';
import { Bell, BellOff, Link2, Settings2, ShieldBan } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { typedUserId } from '../models/identifiers.ts';
import type { RoomState } from '../models/rooms.ts';
import { useApp, useSession, useTexts } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import type { DetailsPage } from './ConversationDetails.tsx';
import { CommonLinks, DetailsLink } from './DetailsLinks.tsx';
import { Field } from './Field.tsx';
import { RoomMemberRow } from './RoomMemberRow.tsx';
import { roomRights } from './room-rights.ts';
import { SureButton } from './SureButton.tsx';
import { type Attempt, useRoomAttempt } from './use-room-attempt.ts';

type RoomDetailsProps = { readonly room: Room; readonly state: RoomState; readonly onPage: (page: DetailsPage) => void };

/** The start of a room's details: what it is, what else there is, and who is in it. */
export function RoomDetails({ room, state, onPage }: RoomDetailsProps) {
  const { api, rooms } = useSession();
  const texts = useTexts();
  const [attempt, problem] = useRoomAttempt(room.id);
  const { role, mayInvite } = roomRights(room);
  return (
    <>
      <Intro room={room} />
      {problem !== undefined && <p className="room-problem" role="alert">{problem}</p>}
      <Links room={room} attempt={attempt} onPage={onPage} />
      {mayInvite && <AddMember onAdd={(id) => void attempt(api.rooms.addMember(room.id, id))} />}
      <h3 className="room-label">{texts.counted('room.members', room.members)}</h3>
      <ul className="room-members">
        {state.members.map((member) => <RoomMemberRow key={member.id} member={member} own={role} roomId={room.id} attempt={attempt} />)}
      </ul>
      {state.hasMoreMembers && (
        <button type="button" className="button" onClick={() => void rooms.room(room.id).loadMoreMembers()}>{texts.text('room.moreMembers')}</button>
      )}
      <WaysOut room={room} attempt={attempt} />
    </>
  );
}

function Intro({ room }: { readonly room: Room }) {
  const texts = useTexts();
  return (
    <div className="details-intro">
      <Avatar id={room.conversationId} name={room.name} />
      {room.topic && <p className="room-topic">{room.topic}</p>}
      <p className="room-hint">{texts.text(`room.kind.${room.visibility}`)} · {texts.text(`room.history.${room.history}`)}</p>
      {room.retentionDays !== undefined && <p className="room-hint">{texts.counted('retention.keepsDays', room.retentionDays)}</p>}
      {room.retentionEntries !== undefined && <p className="room-hint">{texts.counted('retention.keepsEntries', room.retentionEntries)}</p>}
    </div>
  );
}

function Links({ room, attempt, onPage }: { readonly room: Room; readonly attempt: Attempt; readonly onPage: (page: DetailsPage) => void }) {
  const { api } = useSession();
  const texts = useTexts();
  const { role, mayModerate, mayInvite } = roomRights(room);
  const isMuted = room.me.mutedUntil !== undefined;
  return (
    <ul className="details-links">
      {role !== undefined && (
        <DetailsLink
          icon={isMuted ? BellOff : Bell}
          label={texts.text(isMuted ? 'room.unmute' : 'room.mute')}
          onClick={() => void attempt(isMuted ? api.rooms.unmute(room.id) : api.rooms.mute(room.id))}
        />
      )}
      <CommonLinks conversationId={room.conversationId} onPage={onPage} />
      {mayInvite && <DetailsLink icon={Link2} label={texts.text('invites.title')} isPage onClick={() => onPage('invites')} />}
      {mayModerate && <DetailsLink icon={ShieldBan} label={texts.text('bans.title')} isPage onClick={() => onPage('bans')} />}
      {mayModerate && <DetailsLink icon={Settings2} label={texts.text('room.settings')} isPage onClick={() => onPage('settings')} />}
    </ul>
  );
}

function WaysOut({ room, attempt }: { readonly room: Room; readonly attempt: Attempt }) {
  const { api, chat } = useSession();
  const { router } = useApp();
  const texts = useTexts();
  const { role, isOpen } = roomRights(room);
  const mayLeave = role !== undefined && (role !== 'owner' || room.members === 1);
  const leave = (): void => void attempt(chat.leave(room.id).then(() => router.go({ place: 'chats' })));
  const archive = (): void => void attempt(api.rooms.archive(room.id, isOpen));
  if (role === undefined) return null;
  return (
    <div className="room-ways-out">
      {role === 'owner' && isOpen && <SureButton sure={texts.text('room.archiveSure')} onClick={archive}>{texts.text('room.archive')}</SureButton>}
      {role === 'owner' && !isOpen && <button type="button" className="button" onClick={archive}>{texts.text('room.unarchive')}</button>}
      {mayLeave && <SureButton isDanger sure={texts.text('room.leaveSure')} onClick={leave}>{texts.text('room.leave')}</SureButton>}
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
