import { MessageSquarePlus, Search, Settings } from 'lucide-react';
import { useState } from 'react';
import type { ConversationRow } from '../models/conversation-row.ts';
import { useApp, useObserved, useSession, useTexts } from './app-context.ts';
import { ConversationRowView } from './ConversationRowView.tsx';
import './list.css';
import { Link } from './Link.tsx';

export function ConversationListView({ onNewChat }: { readonly onNewChat: () => void }) {
  const texts = useTexts();
  const [filter, setFilter] = useState('');
  return (
    <section className="list" aria-label={texts.text('list.label')}>
      <header className="list-head">
        <h1 className="list-title">{texts.text('list.title')}</h1>
        <button type="button" className="icon-button" aria-label={texts.text('list.new')} title={texts.text('list.new')} onClick={onNewChat}>
          <MessageSquarePlus size={20} aria-hidden="true" />
        </button>
        <Link className="icon-button list-settings" to={{ place: 'search' }} aria-label={texts.text('rail.search')}>
          <Search size={20} aria-hidden="true" />
        </Link>
        <Link className="icon-button list-settings" to={{ place: 'settings' }} aria-label={texts.text('rail.settings')}>
          <Settings size={20} aria-hidden="true" />
        </Link>
      </header>
      <div className="list-filter">
        <Search size={16} aria-hidden="true" />
        <input
          type="search"
          className="list-filter-input"
          aria-label={texts.text('list.filter')}
          placeholder={texts.text('list.filter')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      <Rows filter={filter.trim()} onNewChat={onNewChat} />
    </section>
  );
}

function Rows({ filter, onNewChat }: { readonly filter: string; readonly onNewChat: () => void }) {
  const { list } = useSession();
  const { router } = useApp();
  const texts = useTexts();
  const { status, rows } = useObserved(list.state);
  const route = useObserved(router.route);
  if (status === 'loading' && rows.length === 0) return <ListSkeleton />;
  if (status === 'failed' && rows.length === 0) {
    return (
      <div className="blank" role="alert">
        <p className="blank-lead">{texts.text('list.failed')}</p>
        <button type="button" className="button" onClick={() => void list.load()}>{texts.text('error.retry')}</button>
      </div>
    );
  }
  if (rows.length === 0) return <NoChats onNewChat={onNewChat} />;
  const matching = rows.filter((row) => matches(row, filter));
  if (matching.length === 0) return <p className="list-no-match">{texts.text('list.noMatch', { filter })}</p>;
  const current = route.place === 'chat' ? route.conversationId : undefined;
  return (
    <ul className="list-rows">
      {matching.map((row) => (
        <ConversationRowView key={row.conversationId} row={row} isCurrent={row.conversationId === current} />
      ))}
    </ul>
  );
}

function NoChats({ onNewChat }: { readonly onNewChat: () => void }) {
  const texts = useTexts();
  return (
    <div className="blank">
      <h2 className="blank-title">{texts.text('list.empty.title')}</h2>
      <p className="blank-lead">{texts.text('list.empty.lead')}</p>
      <button type="button" className="button" data-kind="main" onClick={onNewChat}>{texts.text('list.empty.action')}</button>
    </div>
  );
}

function ListSkeleton() {
  const texts = useTexts();
  return (
    <div className="skeleton" role="status" aria-label={texts.text('app.loading')}>
      {[0, 1, 2, 3, 4].map((index) => (
        <div key={index} className="list-row-skeleton">
          <span className="skeleton-bone" />
          <span className="skeleton-bone" />
          <span className="skeleton-bone" />
        </div>
      ))}
    </div>
  );
}

function matches(row: ConversationRow, filter: string): boolean {
  const wanted = filter.toLocaleLowerCase();
  return row.name.toLocaleLowerCase().includes(wanted) || (row.peerId?.includes(wanted) ?? false);
}
