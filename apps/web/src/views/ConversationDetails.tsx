import { ArrowLeft, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { TextKey } from '../texts/texts.ts';
import { roomIdOf } from '../models/identifiers.ts';
import { useSession, useTexts } from './app-context.ts';
import { DirectDetails } from './DirectDetails.tsx';
import { PinsPage } from './PinsPage.tsx';
import './room.css';
import { RoomBans } from './RoomBans.tsx';
import { RoomDetails } from './RoomDetails.tsx';
import { RoomInvites } from './RoomInvites.tsx';
import { RoomSettings } from './RoomSettings.tsx';
import { useRoom } from './use-room.ts';

/** What the details show: their start, or one of the pages that it leads to. */
export type DetailsPage = 'start' | 'pins' | 'invites' | 'bans' | 'settings';

type DetailsProps = {
  readonly conversationId: string;
  readonly page: DetailsPage;
  readonly onPage: (page: DetailsPage) => void;
  /** Leads to a message. */
  readonly onShow: (seq: number) => void;
  readonly onClose: () => void;
};

const TITLES: Readonly<Record<Exclude<DetailsPage, 'start'>, TextKey>> = {
  pins: 'pins.title', invites: 'invites.title', bans: 'bans.title', settings: 'room.settings',
};

/** What there is to know about a conversation, and to do; at the right, on a phone over the conversation. */
export function ConversationDetails({ conversationId, page, onPage, onShow, onClose }: DetailsProps) {
  const texts = useTexts();
  const { rooms } = useSession();
  const state = useRoom(conversationId);
  const roomId = roomIdOf(conversationId);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (roomId !== undefined) rooms.room(roomId).refresh();
  }, [rooms, roomId]);
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => title.current?.focus(), [page]);
  const label = texts.text(roomId === undefined ? 'details.title' : 'room.details');
  const name = roomId === undefined ? label : (state?.room?.name ?? texts.text('app.loading'));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (page === 'start') onClose();
    else onPage('start');
  };
  return (
    <aside className="room" aria-label={label} onKeyDown={onKeyDown}>
      <header className="room-head">
        {page !== 'start' && (
          <button type="button" className="icon-button room-back" aria-label={texts.text('details.back')} onClick={() => onPage('start')}>
            <ArrowLeft size={20} aria-hidden="true" />
          </button>
        )}
        <h2 ref={title} className="room-title" tabIndex={-1}>{page === 'start' ? name : texts.text(TITLES[page])}</h2>
        <button type="button" className="icon-button" aria-label={texts.text('room.close')} onClick={onClose}>
          <X size={20} aria-hidden="true" />
        </button>
      </header>
      <div className="room-body" data-scrolls="">
        <Page conversationId={conversationId} page={page} onPage={onPage} onShow={onShow} />
      </div>
    </aside>
  );
}

function Page({ conversationId, page, onPage, onShow }: Omit<DetailsProps, 'onClose'>) {
  const texts = useTexts();
  const { rooms } = useSession();
  const state = useRoom(conversationId);
  if (page === 'pins') return <PinsPage conversationId={conversationId} onShow={onShow} />;
  if (!state) return <DirectDetails conversationId={conversationId} onPage={onPage} />;
  const roomId = roomIdOf(conversationId) ?? '';
  if (state.status === 'failed') {
    return (
      <p role="alert">
        {texts.text('room.failed')}{' '}
        <button type="button" className="text-button" onClick={() => void rooms.room(roomId).load()}>{texts.text('error.retry')}</button>
      </p>
    );
  }
  const { room } = state;
  if (!room) return null;
  switch (page) {
    case 'start':
      return <RoomDetails room={room} state={state} onPage={onPage} />;
    case 'invites':
      return <RoomInvites room={room} />;
    case 'bans':
      return <RoomBans room={room} />;
    case 'settings':
      return <RoomSettings room={room} />;
  }
}
