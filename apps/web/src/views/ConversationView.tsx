import { useEffect, useMemo, useRef, useState } from 'react';
import { roomIdOf } from '../models/identifiers.ts';
import type { ShownMessage } from '../models/shown-message.ts';
import type { Timeline } from '../models/timeline.ts';
import { useObserved, useSession } from './app-context.ts';
import { Composer, type Writing } from './Composer.tsx';
import './conversation.css';
import { ConversationDetails, type DetailsPage } from './ConversationDetails.tsx';
import { ConversationHead } from './ConversationHead.tsx';
import { ConversationStatus } from './ConversationStatus.tsx';
import { MessageActionsContext } from './message-actions.ts';
import { MessageDialog } from './MessageDialogs.tsx';
import { NoSuchChat } from './NoSuchChat.tsx';
import { PinBar } from './PinBar.tsx';
import { TimelineView, type TimelineHandle } from './TimelineView.tsx';
import { TypingLine } from './TypingLine.tsx';
import { useConversationActions } from './use-message-actions.ts';
import { useRoom, useRoomRefresh } from './use-room.ts';

export function ConversationView({ conversationId, at }: { readonly conversationId: string; readonly at: number | undefined }) {
  const session = useSession();
  const timeline = useMemo(() => session.timeline(conversationId), [session, conversationId]);
  const { status } = useObserved(timeline.state);
  const view = useRef<TimelineHandle>(null);
  const [writing, setWriting] = useState<Writing>();
  const [details, setDetails] = useState<DetailsPage>();
  useRoomRefresh(conversationId);
  const room = useRoom(conversationId);
  useWatch(timeline);
  const { actions, problem, dialog, closeDialog } = useConversationActions({ conversationId, room, view, onWrite: setWriting });
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
      <div className="conversation-frame" data-details={details !== undefined}>
        <div className="conversation">
          <div>
            <ConversationHead conversationId={conversationId} onDetails={() => setDetails(details ? undefined : 'start')} hasDetails={details !== undefined} />
            <PinBar conversationId={conversationId} onAll={() => setDetails('pins')} />
          </div>
          <TimelineView ref={view} timeline={timeline} />
          <TypingLine conversationId={conversationId} />
          {problem !== undefined && <p className="conversation-problem" role="alert">{problem}</p>}
          <ConversationStatus room={room} conversationId={conversationId}>
            <Composer
              conversationId={conversationId}
              writing={writing}
              onWritten={() => setWriting(undefined)}
              onSent={() => view.current?.ownMessageSent()}
              onEdit={actions.saveEdit}
              onEditLast={editLast}
            />
          </ConversationStatus>
        </div>
        {details !== undefined && (
          <ConversationDetails
            conversationId={conversationId}
            page={details}
            onPage={setDetails}
            onShow={(seq) => {
              if (detailsHideMessages()) setDetails(undefined);
              actions.show(seq);
            }}
            onClose={() => setDetails(undefined)}
          />
        )}
        {dialog && <MessageDialog {...dialog} conversationId={conversationId} onClose={closeDialog} />}
      </div>
    </MessageActionsContext>
  );
}

/** Below this width, which the style sheet has as well, there is room for one of the two. */
function detailsHideMessages(): boolean {
  return matchMedia('(max-width: 1199px)').matches;
}

/** By default (`READ_RECEIPT_MEMBERS`) nobody's cursor is told in larger rooms: whoever looks is told counts instead. */
const CURSORS_TOLD_UP_TO = 100;

/** Strangers see a public room live by looking at it, and nobody else sees how many have read in a large one. */
function useWatch(timeline: Timeline): void {
  const { status } = useObserved(timeline.state);
  const known = useRoom(timeline.conversationId)?.room;
  const isStranger = known !== undefined && known.me.role === undefined;
  const isLarge = known !== undefined && known.members > CURSORS_TOLD_UP_TO;
  const mayLook = known !== undefined && (known.visibility === 'public' || !isStranger);
  const watches = status === 'ready' && roomIdOf(timeline.conversationId) !== undefined && mayLook && (isStranger || isLarge);
  useEffect(() => (watches ? timeline.watch() : undefined), [watches, isStranger, timeline]);
}
