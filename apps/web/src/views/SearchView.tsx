import type { ChatEntry } from '@chat/protocol';
import { ArrowLeft } from 'lucide-react';
import { useCallback, useState } from 'react';
import { peerOf } from '../models/identifiers.ts';
import { useApp, useObserved, useSession, useTexts, useTimes } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { Field } from './Field.tsx';
import { Link } from './Link.tsx';
import './search.css';
import { useLookup } from './use-lookup.ts';
import { useMinute } from './use-minute.ts';

/** One character finds too much to be of use. */
const SHORTEST = 2;

/** Looks through all of one's own conversations. */
export function SearchView() {
  const { router } = useApp();
  const { api } = useSession();
  const texts = useTexts();
  const [q, setQ] = useState('');
  const ask = useCallback((text: string) => ([...text].length < SHORTEST ? undefined : api.search(text)), [api]);
  const { answer, problem } = useLookup(q, ask);
  const found = answer?.messages;
  return (
    <section className="search" aria-label={texts.text('rail.search')}>
      <header className="search-head">
        <button type="button" className="icon-button search-back" aria-label={texts.text('chat.back')} onClick={() => router.back({ place: 'chats' })}>
          <ArrowLeft size={20} aria-hidden="true" />
        </button>
        <Field label={texts.text('search.label')} problem={problem} type="search" value={q} autoComplete="off" autoFocus onChange={(event) => setQ(event.target.value)} />
      </header>
      <p className="visually-hidden" role="status">{found && texts.counted('search.found', found.length)}</p>
      {found?.length === 0 && <p className="blank-lead search-none">{texts.text('search.none', { q: q.trim() })}</p>}
      <ul className="search-found">
        {found?.map((entry) => <li key={entry.id}><Found entry={entry} q={q.trim()} /></li>)}
      </ul>
    </section>
  );
}

function Found({ entry, q }: { readonly entry: ChatEntry; readonly q: string }) {
  const { people, list, user } = useSession();
  const times = useTimes();
  const now = useMinute();
  useObserved(people.version);
  const peer = peerOf(entry.conversationId, user.id);
  const place = peer === undefined ? (list.find(entry.conversationId)?.name ?? '') : people.person(peer).name;
  const who = people.person(entry.from).name;
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
