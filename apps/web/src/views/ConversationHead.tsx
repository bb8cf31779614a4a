import { ArrowLeft, Info, Users } from 'lucide-react';
import { peerOf, roomIdOf } from '../models/identifiers.ts';
import type { Person } from '../models/people.ts';
import { useApp, useObserved, useSession, useTexts, useTimes } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { useMinute } from './use-minute.ts';
import { useNames } from './use-names.ts';
import { useRoom } from './use-room.ts';

type HeadProps = { readonly conversationId: string; readonly hasDetails: boolean; readonly onDetails: () => void };

export function ConversationHead({ conversationId, hasDetails, onDetails }: HeadProps) {
  const { router } = useApp();
  const { user, people, list } = useSession();
  const texts = useTexts();
  const nameOf = useNames();
  useObserved(list.state);
  const room = useRoom(conversationId);
  const isRoom = roomIdOf(conversationId) !== undefined;
  const peerId = peerOf(conversationId, user.id);
  const peer = peerId === undefined ? undefined : people.person(peerId);
  const name = peerId === undefined ? (room?.room?.name ?? list.find(conversationId)?.name ?? '') : nameOf(peerId);
  const isSelf = peerId === user.id;
  return (
    <header className="conversation-head">
      <button type="button" className="icon-button conversation-back" aria-label={texts.text('chat.back')} onClick={() => router.back({ place: 'chats' })}>
        <ArrowLeft size={20} aria-hidden="true" />
      </button>
      <Avatar id={peerId ?? conversationId} name={name} size="small" isOnline={!isSelf && peer?.online === true} />
      <div className="conversation-who">
        <h1 className="conversation-name">{isSelf ? texts.text('chat.self') : name}</h1>
        {peer && !isSelf && !peer.isDeleted && <Status peer={peer} />}
        {room?.room && <p className="conversation-status">{texts.counted('room.members', room.room.members)}{room.room.topic && ` · ${room.room.topic}`}</p>}
      </div>
      <button type="button" className="icon-button conversation-details-button" aria-label={texts.text(isRoom ? 'room.details' : 'details.title')} aria-expanded={hasDetails} onClick={onDetails}>
        {isRoom ? <Users size={20} aria-hidden="true" /> : <Info size={20} aria-hidden="true" />}
      </button>
    </header>
  );
}

function Status({ peer }: { readonly peer: Person }) {
  const texts = useTexts();
  const times = useTimes();
  const now = useMinute();
  if (peer.online === undefined) return null;
  const offline = peer.lastSeen === undefined
    ? texts.text('chat.offline')
    : texts.text('chat.lastSeen', { time: times.brief(peer.lastSeen, now) });
  return <p className="conversation-status" data-online={peer.online}>{peer.online ? texts.text('chat.online') : offline}</p>;
}
