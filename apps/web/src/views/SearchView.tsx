import type { SearchFilter } from '@chat/chat-client';
import type { ChatEntry } from '@chat/protocol';
import { ArrowLeft, SlidersHorizontal } from 'lucide-react';
import { useCallback, useState } from 'react';
import { peerOf } from '../models/identifiers.ts';
import { useApp, useSession, useTexts, useTimes } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { failureText } from './failure-text.ts';
import { Field } from './Field.tsx';
import { Link } from './Link.tsx';
import './search.css';
import { SearchFilters } from './SearchFilters.tsx';
import { useLookup } from './use-lookup.ts';
import { useMinute } from './use-minute.ts';
import { useNames } from './use-names.ts';

/** One character finds too much to be of use. */
const SHORTEST = 2;

/** Looks through all of one's own conversations, or through one. */
export function SearchView({ conversationId }: { readonly conversationId: string | undefined }) {
  const { router } = useApp();
  const { api } = useSession();
  const texts = useTexts();
  const [q, setQ] = useState('');
  const [filter, setFilter] = useState<SearchFilter>(conversationId === undefined ? {} : { conversationId });
  const [isNarrowing, setIsNarrowing] = useState(conversationId !== undefined);
  const ask = useCallback((text: string) => ([...text].length < SHORTEST ? undefined : api.search(text, filter)), [api, filter]);
  const { answer, problem } = useLookup(q, ask);
  return (
    <section className="search" aria-label={texts.text('rail.search')}>
      <header className="search-head">
        <button type="button" className="icon-button search-back" aria-label={texts.text('chat.back')} onClick={() => router.back({ place: 'chats' })}>
          <ArrowLeft size={20} aria-hidden="true" />
        </button>
        <Field label={texts.text(filter.conversationId === undefined ? 'search.label' : 'details.search')} problem={problem} type="search" value={q} autoComplete="off" autoFocus onChange={(event) => setQ(event.target.value)} />
        <button type="button" className="icon-button search-narrow" aria-label={texts.text('search.filters')} title={texts.text('search.filters')} aria-expanded={isNarrowing} onClick={() => setIsNarrowing(!isNarrowing)}>
          <SlidersHorizontal size={20} aria-hidden="true" />
        </button>
      </header>
      {isNarrowing && <SearchFilters filter={filter} onFilter={setFilter} />}
      <p className="visually-hidden" role="status">{answer && texts.counted('search.found', answer.messages.length)}</p>
      {answer?.messages.length === 0 && <p className="blank-lead search-none">{texts.text('search.none', { q: q.trim() })}</p>}
      {answer && <FoundList key={answer.messages.map(({ id }) => id).join()} first={answer.messages} cursor={answer.cursor} q={q.trim()} filter={filter} />}
    </section>
  );
}

type FoundListProps = { readonly first: readonly ChatEntry[]; readonly cursor: string | undefined; readonly q: string; readonly filter: SearchFilter };

function FoundList({ first, cursor, q, filter }: FoundListProps) {
  const { api } = useSession();
  const texts = useTexts();
  const [later, setLater] = useState<{ readonly messages: readonly ChatEntry[]; readonly cursor: string | undefined }>({ messages: [], cursor });
  const [problem, setProblem] = useState<string>();
  const more = (from: string): void => {
    setProblem(undefined);
    api.search(q, { ...filter, cursor: from }).then(
      (page) => setLater({ messages: [...later.messages, ...page.messages], cursor: page.cursor }),
      (fault: unknown) => setProblem(failureText(fault, texts)),
    );
  };
  const next = later.cursor;
  return (
    <ul className="search-found">
      {[...first, ...later.messages].map((entry) => <li key={entry.id}><Found entry={entry} q={q} /></li>)}
      {problem !== undefined && <li className="field-error" role="alert">{problem}</li>}
      {next !== undefined && <li><button type="button" className="button" onClick={() => more(next)}>{texts.text('search.more')}</button></li>}
    </ul>
  );
}

function Found({ entry, q }: { readonly entry: ChatEntry; readonly q: string }) {
  const { list, user } = useSession();
  const times = useTimes();
  const now = useMinute();
  const nameOf = useNames();
  const peer = peerOf(entry.conversationId, user.id);
  const place = peer === undefined ? (list.find(entry.conversationId)?.name ?? '') : nameOf(peer);
  const who = nameOf(entry.from);
  // A direct conversation is called like the other one.
  const where = entry.from === peer ? who : `${who} · ${place}`;
  return (
    <Link className="search-hit" to={{ place: 'chat', conversationId: entry.conversationId, at: entry.seq }}>
      <Avatar id={entry.from} name={who} size="small" />
      <span className="search-hit-what">
        <span className="search-hit-who">{where} · {times.brief(entry.sentAt, now)}</span>
        <span className="search-hit-text"><Marked text={entry.message} q={q} /></span>
      </span>
    </Link>
  );
}

/** The text with what was looked for marked, as far as it stands there word for word. */
function Marked({ text, q }: { readonly text: string; readonly q: string }) {
  const at = text.toLocaleLowerCase().indexOf(q.toLocaleLowerCase());
  if (at < 0) return text;
  const from = Math.max(0, at - 60);
  return (
    <>
      {from > 0 && '…'}{text.slice(from, at)}<mark>{text.slice(at, at + q.length)}</mark>{text.slice(at + q.length)}
    </>
  );
}
