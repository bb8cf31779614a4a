import type { SearchFilter } from '@chat/chat-client';
import { isUserId } from '@chat/protocol';
import { useState } from 'react';
import { typedUserId } from '../models/identifiers.ts';
import { useObserved, useSession, useTexts } from './app-context.ts';
import { Field } from './Field.tsx';
import { SelectField } from './SelectField.tsx';
import { useNames } from './use-names.ts';

type SearchFiltersProps = { readonly filter: SearchFilter; readonly onFilter: (filter: SearchFilter) => void };

/** In which conversation, by whom, and when. */
export function SearchFilters({ filter, onFilter }: SearchFiltersProps) {
  const texts = useTexts();
  const [from, setFrom] = useState('');
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const change = (part: Partial<Record<keyof SearchFilter, string | number | undefined>>): void => {
    const given = Object.entries({ ...filter, ...part }).filter(([, value]) => value !== undefined && value !== '');
    onFilter(Object.fromEntries(given)); // no more than what was given
  };
  const typeFrom = (text: string): void => {
    setFrom(text);
    const id = typedUserId(text);
    change({ from: isUserId(id) ? id : undefined }); // half an id is nobody's
  };
  return (
    <div className="search-filters">
      <SelectField label={texts.text('search.in')} value={filter.conversationId ?? ''} options={usePlaces(filter.conversationId)} onChoose={(conversationId) => change({ conversationId })} />
      <Field label={texts.text('search.from')} value={from} autoCapitalize="none" autoComplete="off" spellCheck={false} onChange={(event) => typeFrom(event.target.value)} />
      <Field
        label={texts.text('search.since')}
        type="date"
        value={since}
        max={until}
        onChange={(event) => {
          setSince(event.target.value);
          change({ since: startOf(event.target.value) });
        }}
      />
      <Field
        label={texts.text('search.until')}
        type="date"
        value={until}
        min={since}
        onChange={(event) => {
          setUntil(event.target.value);
          change({ until: startOf(event.target.value, 1) });
        }}
      />
    </div>
  );
}

/** All conversations by name; the one that is looked in stands there even while the list is being loaded. */
function usePlaces(current: string | undefined): (readonly [string, string])[] {
  const { list, user } = useSession();
  const texts = useTexts();
  const nameOf = useNames();
  const { rows } = useObserved(list.state);
  const name = (peerId: string | undefined, given: string): string => {
    if (peerId === undefined) return given;
    return peerId === user.id ? texts.text('chat.self') : nameOf(peerId);
  };
  const places = rows.map((row) => [row.conversationId, name(row.peerId, row.name)] as const);
  const isMissing = current !== undefined && !places.some(([conversationId]) => conversationId === current);
  return [['', texts.text('search.in.all')], ...(isMissing ? [[current, current] as const] : []), ...places];
}

/** Midnight, where the user is, at the beginning of a day as a date field gives it, or some days later. */
function startOf(date: string, daysLater = 0): number | undefined {
  const [year, month, day] = date.split('-').map(Number);
  if (!year || !month || !day) return undefined;
  return new Date(year, month - 1, day + daysLater).getTime();
}
