import { ArrowLeft, Users } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Person } from '../models/people.ts';
import { peerOf, roomIdOf } from '../models/identifiers.ts';
import type { ShownMessage } from '../models/shown-message.ts';
import { useApp, useObserved, useSession, useTexts, useTimes } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { Composer, type Writing } from './Composer.tsx';
import './conversation.css';
import { failureText } from './failure-text.ts';
import { type MessageActions, MessageActionsContext } from './message-actions.ts';
import { NoSuchChat } from './NoSuchChat.tsx';
import { RoomDetails } from './RoomDetails.tsx';
import { RoomStatus } from './RoomStatus.tsx';
import { TimelineView, type TimelineHandle } from './TimelineView.tsx';
import { TypingLine } from './TypingLine.tsx';
import { useMinute } from './use-minute.ts';
import { useRoom, useRoomRefresh } from './use-room.ts';

export function ConversationView({ conversationId, at }: { readonly conversationId: string; readonly at: number | undefined }) {
  const session = useSession();
  const texts = useTexts();
  const timeline = useMemo(() => session.timeline(conversationId), [session, conversationId]);
  const { status } = useObserved(timeline.state);
  const view = useRef<TimelineHandle>(null);
  const [writing, setWriting] = useState<Writing>();
  const [problem, setProblem] = useState<string>();
  const [hasDetails, setHasDetails] = useState(false);
  useRoomRefresh(conversationId);
  const room = useRoom(conversationId);
  const role = room?.room?.me.role;
  const mayModerate = role === 'owner' || role === 'moderator';
  const mayWrite = !room?.room || (role !== undefined && room.room.archivedAt === undefined);

  const actions = useMemo<MessageActions>(() => {
    const { chat } = session;
    const attempt = (work: Promise<unknown>): void => {
      setProblem(undefined);
      work.catch((fault: unknown) => setProblem(failureText(fault, texts)));
    };
    return {
      isRoom: roomIdOf(conversationId) !== undefined,
      mayModerate,
      mayWrite,
      reply: (message) => setWriting({ kind: 'reply', message }),
      edit: (message) => setWriting({ kind: 'edit', message }),
      remove: ({ seq = 0 }) => attempt(chat.delete(conversationId, seq)),
      react: ({ seq = 0, reactions = [] }, emoji) => {
        const isOn = reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
        attempt(chat.react(conversationId, seq, emoji, !isOn));
      },
      show: (seq) => view.current?.show(seq),
      saveEdit: ({ seq = 0 }, text) => attempt(chat.edit(conversationId, seq, text)),
    };
  }, [session, texts, conversationId, mayModerate, mayWrite]);
  useEffect(() => {
    if (at !== undefined && status === 'ready') view.current?.show(at);
  }, [at, status]);

  if (status === 'not-found') return <NoSuchChat />;
  const editLast = (): void => {
    const own = timeline.state.value.shown.findLast((item): item is ShownMessage => item.kind === 'message' && item.isOwn && item.seq !== undefined && !item.isDeleted);
    if (own) setWriting({ kind: 'edit', message: own });
  };
  return (
    <MessageActionsContext value={actions}>
      <div className="conversation-frame" data-details={hasDetails}>
        <div className="conversation">
          <ConversationHead conversationId={conversationId} onDetails={() => setHasDetails(!hasDetails)} hasDetails={hasDetails} />
          <TimelineView ref={view} timeline={timeline} />
          <TypingLine conversationId={conversationId} />
          {problem !== undefined && <p className="conversation-problem" role="alert">{problem}</p>}
          <RoomStatus room={room} conversationId={conversationId}>
            <Composer
              conversationId={conversationId}
              writing={writing}
              onWritten={() => setWriting(undefined)}
              onSent={() => view.current?.ownMessageSent()}
              onEdit={actions.saveEdit}
              onEditLast={editLast}
            />
          </RoomStatus>
        </div>
        {hasDetails && room && <RoomDetails conversationId={conversationId} onClose={() => setHasDetails(false)} />}
      </div>
    </MessageActionsContext>
  );
}

type HeadProps = { readonly conversationId: string; readonly hasDetails: boolean; readonly onDetails: () => void };

function ConversationHead({ conversationId, hasDetails, onDetails }: HeadProps) {
  const { router } = useApp();
  const { user, people, list } = useSession();
  const texts = useTexts();
  useObserved(people.version);
  useObserved(list.state);
  const room = useRoom(conversationId);
  const peerId = peerOf(conversationId, user.id);
  const peer = peerId === undefined ? undefined : people.person(peerId);
  const name = peer?.name ?? room?.room?.name ?? list.find(conversationId)?.name ?? '';
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
        {room?.room && <p className="conversation-status">{texts.counted('room.members', room.room.members)}{room.room.topic && ` · ${room.room.topic}`}</p>}
      </div>
      {roomIdOf(conversationId) !== undefined && (
        <button type="button" className="icon-button conversation-details-button" aria-label={texts.text('room.details')} aria-expanded={hasDetails} onClick={onDetails}>
          <Users size={20} aria-hidden="true" />
        </button>
      )}
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
