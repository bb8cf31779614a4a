import { ArrowDown } from 'lucide-react';
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import type { Timeline, TimelineState } from '../models/timeline.ts';
import { useApp, useObserved, useSession, useTexts } from './app-context.ts';
import { LiveAnnouncements } from './LiveAnnouncements.tsx';
import { type Position, ReadingPosition } from './reading-position.ts';
import './timeline.css';
import { TimelineBlocks } from './TimelineBlocks.tsx';
import { TimelineEmpty, TimelineFailed, TimelineSkeleton, TimelineStart } from './TimelinePlaces.tsx';

export type TimelineHandle = {
  readonly ownMessageSent: () => void;
  /** Brings the message at `seq` into sight, loading what lies between. */
  readonly show: (seq: number) => void;
};

/** How long the message that was looked for is marked. */
const FOUND_MS = 2_000;

export function TimelineView({ timeline, ref }: { readonly timeline: Timeline; readonly ref: Ref<TimelineHandle> }) {
  const texts = useTexts();
  const state = useObserved(timeline.state);
  const { position, scroller, content, reading } = useReading(state);
  const isPlaced = usePlace(timeline, state, reading.current);
  useNews(timeline, state, position, isPlaced);

  useEffect(() => {
    // Asked of the list itself: `position` is of before the older messages were added.
    const wantsOlder = isPlaced && state.older === 'idle' && state.hasOlder && reading.current?.isNearStart === true;
    if (wantsOlder) void timeline.loadOlder();
  }, [position, isPlaced, state.older, state.hasOlder, timeline, reading]);
  useImperativeHandle(ref, () => ({
    ownMessageSent: () => {
      timeline.markNewAfter(undefined);
      reading.current?.toEnd();
    },
    show: (seq) => void timeline.reveal(seq).then((isThere) => {
      if (!isThere) return;
      // After the next drawing: what was loaded is not there before.
      requestAnimationFrame(() => {
        reading.current?.to(`[data-seq="${seq}"]`);
        const element = content.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
        if (!element) return;
        element.dataset['found'] = 'true';
        setTimeout(() => delete element.dataset['found'], FOUND_MS);
      });
    }),
  }), [timeline, reading, content]);

  return (
    <section className="timeline" aria-label={texts.text('chat.messages')}>
      {/* Focusable, so that it can be scrolled by keyboard. */}
      <div className="timeline-scroller" data-scrolls="" ref={scroller} tabIndex={0}>
        <div className="timeline-content" ref={content}>
          {state.status === 'loading' && state.shown.length === 0 && <TimelineSkeleton />}
          {state.status === 'failed' && <TimelineFailed onRetry={() => void timeline.load()} />}
          {state.status === 'ready' && <TimelineStart timeline={timeline} state={state} />}
          {state.status === 'ready' && state.shown.length === 0 && <TimelineEmpty conversationId={timeline.conversationId} />}
          <TimelineBlocks state={state} />
        </div>
      </div>
      {!position.isAtEnd && (
        <DownButton state={state} lastSeen={position.furthest} onClick={() => reading.current?.toEnd()} />
      )}
      <LiveAnnouncements timeline={timeline} />
    </section>
  );
}

function DownButton({ state, lastSeen, onClick }: { readonly state: TimelineState; readonly lastSeen: number; readonly onClick: () => void }) {
  const texts = useTexts();
  const below = state.shown.filter((item) => item.kind === 'message' && !item.isOwn && (item.seq ?? 0) > lastSeen).length;
  return (
    <button
      type="button"
      className="timeline-down"
      aria-label={below > 0 ? texts.counted('chat.down.new', below) : texts.text('chat.down')}
      onClick={onClick}
    >
      {below > 0 && <span className="timeline-down-count" aria-hidden="true">{below}</span>}
      <ArrowDown size={20} aria-hidden="true" />
    </button>
  );
}

/** `furthest` is the highest `seq` that has been in sight since the conversation was opened. */
type Reading = Position & { readonly furthest: number };

function useReading(state: TimelineState) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const reading = useRef<ReadingPosition>(undefined);
  const [position, setPosition] = useState<Reading>({ isAtEnd: true, isNearStart: false, lastSeen: 0, furthest: 0 });
  useLayoutEffect(() => {
    if (!scroller.current || !content.current) return;
    const made = new ReadingPosition(scroller.current, content.current, (next) =>
      setPosition((before) => {
        const furthest = Math.max(before.furthest, next.lastSeen);
        const isSame = before.isAtEnd === next.isAtEnd && before.isNearStart === next.isNearStart && before.lastSeen === next.lastSeen;
        return isSame ? before : { ...next, furthest };
      }),
    );
    reading.current = made;
    return () => made.stop();
  }, []);
  useLayoutEffect(() => reading.current?.restore(), [state]);
  return { position, scroller, content, reading };
}

/** Opens the conversation where reading goes on: at the first unread message, or else at the end. */
function usePlace(timeline: Timeline, state: TimelineState, reading: ReadingPosition | undefined): boolean {
  const { list } = useSession();
  const listStatus = useObserved(list.state).status;
  const [isPlaced, setIsPlaced] = useState(false);
  const isReady = state.status === 'ready' && listStatus !== 'loading';
  useLayoutEffect(() => {
    if (!isReady || isPlaced) return;
    const known = list.find(timeline.conversationId);
    if (known && known.unread > 0) timeline.markNewAfter(known.readSeq);
    setIsPlaced(true);
  }, [isReady, isPlaced, list, timeline]);
  useLayoutEffect(() => {
    if (isPlaced) reading?.to('[data-new]');
  }, [isPlaced, reading]);
  return isPlaced;
}

/** Marks as read what the user has seen, and draws the line before what came while they looked elsewhere. */
function useNews(timeline: Timeline, state: TimelineState, position: Position, isPlaced: boolean): void {
  const { attention } = useApp();
  const session = useSession();
  const isLooking = useObserved(attention);
  const { conversationId } = timeline;

  useEffect(() => {
    if (!isLooking || !isPlaced) return;
    const seq = position.isAtEnd ? timeline.lastSeq : position.lastSeen;
    if (seq > 0) session.readUpTo(conversationId, seq);
  }, [isLooking, isPlaced, position, state, session, conversationId, timeline]);
  useEffect(() => {
    if (!isLooking && isPlaced) timeline.markNewAfter(undefined);
  }, [isLooking, isPlaced, timeline]);
  useEffect(() => {
    const readSeq = session.list.find(conversationId)?.readSeq;
    if (!isLooking && isPlaced && state.newFrom === undefined && readSeq !== undefined) timeline.markNewAfter(readSeq);
  }, [isLooking, isPlaced, state, session, conversationId, timeline]);
  useEffect(() => () => timeline.markNewAfter(undefined), [timeline]);
}
