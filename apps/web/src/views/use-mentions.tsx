import type { RoomMembersPage } from '@chat/protocol';
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useId, useLayoutEffect, useRef, useState } from 'react';
import { roomIdOf } from '../models/identifiers.ts';
import { mentionAt, withMention } from '../models/mention-query.ts';
import { useSession, useTexts } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { nameOf } from './use-names.ts';
import { useLookup } from './use-lookup.ts';

type Candidate = { readonly id: string; readonly name: string };

const MOST = 6;
/** Names everybody in the room. */
const EVERYBODY = 'room';

export type Mentions = {
  /** Who may be meant, to stand above the field; nothing while nobody is being named. */
  readonly menu: ReactNode;
  /** What the field has to say of the menu. */
  readonly field: { readonly 'aria-autocomplete'?: 'list'; readonly 'aria-controls'?: string; readonly 'aria-activedescendant'?: string };
  /** True if the key was for the menu. */
  readonly onKey: (event: KeyboardEvent) => boolean;
  /** To be told where the caret is, whenever it may have moved. */
  readonly onCaret: () => void;
};

/** Finds the members of a room that are being named with `@`, and completes the name. */
export function useMentions(conversationId: string, text: string, change: (text: string) => void, input: RefObject<HTMLTextAreaElement | null>): Mentions {
  const listId = useId();
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const [dismissed, setDismissed] = useState<number>();
  const wanted = useRef<number>(undefined);
  const isRoom = roomIdOf(conversationId) !== undefined;
  const query = isRoom ? mentionAt(text, caret) : undefined;
  const candidates = useCandidates(conversationId, query && query.from !== dismissed ? query.q : undefined);
  const active = candidates[at] ?? candidates[0];
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    input.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = undefined;
  }, [input, text]);

  const onCaret = (): void => {
    const position = input.current?.selectionStart ?? 0;
    if (position === caret) return;
    setCaret(position);
    setAt(0);
    if (mentionAt(input.current?.value ?? '', position)?.from !== dismissed) setDismissed(undefined);
  };
  const choose = ({ id }: Candidate): void => {
    if (!query) return;
    const completed = withMention(text, query, id);
    wanted.current = completed.caret;
    setCaret(completed.caret);
    change(completed.text);
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (!active || event.nativeEvent.isComposing) return false;
    const index = candidates.indexOf(active);
    if (event.key === 'ArrowDown') setAt((index + 1) % candidates.length);
    else if (event.key === 'ArrowUp') setAt((index + candidates.length - 1) % candidates.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(active);
    else if (event.key === 'Escape') setDismissed(query?.from);
    else return false;
    return true;
  };
  if (!active) return { menu: null, field: isRoom ? { 'aria-autocomplete': 'list' } : {}, onKey, onCaret };
  return {
    menu: <MentionList id={listId} candidates={candidates} active={active} onChoose={choose} />,
    field: { 'aria-autocomplete': 'list', 'aria-controls': listId, 'aria-activedescendant': `${listId}-${active.id}` },
    onKey,
    onCaret,
  };
}

/** `q` is the beginning of a name or an id; without it nobody is looked for. */
function useCandidates(conversationId: string, q: string | undefined): readonly Candidate[] {
  const { api, user } = useSession();
  const texts = useTexts();
  const ask = useCallback(
    (text: string): Promise<RoomMembersPage> | undefined => (text === '' ? undefined : api.rooms.members(roomIdOf(conversationId) ?? '', text.slice(1))),
    [api, conversationId],
  );
  const { answer } = useLookup(q === undefined ? '' : `@${q}`, ask);
  if (q === undefined || !answer) return [];
  const wanted = q.toLocaleLowerCase();
  const members = answer.members
    .filter(({ id }) => id !== user.id)
    .map((member) => ({ id: member.id, name: nameOf(member, texts) }))
    .filter(({ id, name }) => id.startsWith(wanted) || name.toLocaleLowerCase().startsWith(wanted)); // what is here may be of a shorter text
  const everybody = EVERYBODY.startsWith(wanted) ? [{ id: EVERYBODY, name: texts.text('mention.everybody') }] : [];
  return [...members.slice(0, MOST), ...everybody];
}

type MentionListProps = { readonly id: string; readonly candidates: readonly Candidate[]; readonly active: Candidate; readonly onChoose: (candidate: Candidate) => void };

function MentionList({ id, candidates, active, onChoose }: MentionListProps) {
  const texts = useTexts();
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: 'nearest' }); // not in jsdom
  }, [active.id]);
  return (
    <ul ref={list} id={id} className="mentions" role="listbox" aria-label={texts.text('mention.label')}>
      {candidates.map((candidate) => (
        <li
          key={candidate.id}
          id={`${id}-${candidate.id}`}
          className="mentions-item"
          role="option"
          aria-selected={candidate === active}
          // Before the field would lose the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            onChoose(candidate);
          }}
        >
          <Avatar id={candidate.id} name={candidate.name} size="small" />
          <span className="mentions-who">
            <span>{candidate.name}</span>
            <small>@{candidate.id}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}
