import { ArrowLeft } from 'lucide-react';
import { useMemo, useRef } from 'react';
import type { Person } from '../models/people.ts';
import { peerOf } from '../models/identifiers.ts';
import { useApp, useObserved, useSession, useTexts, useTimes } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { Composer } from './Composer.tsx';
import './conversation.css';
import { NoSuchChat } from './NoSuchChat.tsx';
import { TimelineView, type TimelineHandle } from './TimelineView.tsx';
import { TypingLine } from './TypingLine.tsx';
import { useMinute } from './use-minute.ts';

export function ConversationView({ conversationId }: { readonly conversationId: string }) {
  const session = useSession();
  const timeline = useMemo(() => session.timeline(conversationId), [session, conversationId]);
  const { status } = useObserved(timeline.state);
  const view = useRef<TimelineHandle>(null);
  if (status === 'not-found') return <NoSuchChat />;
  return (
    <div className="conversation">
      <ConversationHead conversationId={conversationId} />
      <TimelineView ref={view} timeline={timeline} />
      <TypingLine conversationId={conversationId} />
      <Composer conversationId={conversationId} onSent={() => view.current?.ownMessageSent()} />
    </div>
  );
}

function ConversationHead({ conversationId }: { readonly conversationId: string }) {
  const { router } = useApp();
  const { user, people, list } = useSession();
  const texts = useTexts();
  useObserved(people.version);
  useObserved(list.state);
  const peerId = peerOf(conversationId, user.id);
  const peer = peerId === undefined ? undefined : people.person(peerId);
  const name = peer?.name ?? list.find(conversationId)?.name ?? conversationId;
  const isSelf = peerId === user.id;
  return (
    <header className="conversation-head">
      <button type="button" className="icon-button conversation-back" aria-label={texts.text('chat.back')} onClick={() => router.back({ place: 'chats' })}>
        <ArrowLeft size={20} aria-hidden="true" />
      </button>
      <Avatar id={peerId ?? conversationId} name={name} size="small" isOnline={!isSelf && peer?.online === true} />
      <div className="conversation-who">
        <h1 className="conversation-name">{isSelf ? texts.text('chat.self') : name}</h1>
        {peer && !isSelf && <Status peer={peer} />}
      </div>
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
