import type { Room, RoomBan } from '@chat/protocol';
import { type FormEvent, useCallback, useState } from 'react';
import { typedUserId } from '../models/identifiers.ts';
import { useSession, useTexts, useTimes } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { Field } from './Field.tsx';
import { useAnswer } from './use-answer.ts';
import { useMinute } from './use-minute.ts';
import { nameOf, useNames } from './use-names.ts';
import { useRoomAttempt } from './use-room-attempt.ts';
import { Waiting } from './Waiting.tsx';

/** Who must not come in, and the way to let them in again. */
export function RoomBans({ room }: { readonly room: Room }) {
  const { api } = useSession();
  const texts = useTexts();
  const [answer, again] = useAnswer(useCallback(() => allBans((cursor) => api.rooms.bans(room.id, cursor)), [api, room.id]));
  const [attempt, problem] = useRoomAttempt(room.id);
  const change = (work: Promise<void>): void => void attempt(work).then((done) => done && again());
  const bans = answer.status === 'here' ? answer.value : [];
  return (
    <>
      <p className="room-hint">{texts.text('bans.lead')}</p>
      {problem !== undefined && <p className="room-problem" role="alert">{problem}</p>}
      <BanForm onBan={(id, reason) => change(api.rooms.ban(room.id, id, reason))} />
      <Waiting answer={answer} onRetry={again} />
      {answer.status === 'here' && bans.length === 0 && <p className="room-hint">{texts.text('bans.none')}</p>}
      <ul className="room-members">
        {bans.map((ban) => <BanRow key={ban.user.id} ban={ban} onLift={() => change(api.rooms.unban(room.id, ban.user.id))} />)}
      </ul>
    </>
  );
}

type BansPage = { readonly bans: readonly RoomBan[]; readonly cursor?: string };

/** More pages than this nobody reads; whoever is on a later one is found by banning them again. */
const MOST_PAGES = 20;

async function allBans(page: (cursor?: string) => Promise<BansPage>): Promise<RoomBan[]> {
  const all: RoomBan[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < MOST_PAGES; count++) {
    const answer = await page(cursor);
    all.push(...answer.bans);
    cursor = answer.cursor;
    if (cursor === undefined) break;
  }
  return all;
}

function BanRow({ ban: { user, by, at, reason }, onLift }: { readonly ban: RoomBan; readonly onLift: () => void }) {
  const texts = useTexts();
  const times = useTimes();
  const now = useMinute();
  const nameById = useNames();
  const name = nameOf(user, texts);
  return (
    <li className="room-member">
      <Avatar id={user.id} name={name} size="small" />
      <span className="room-member-name">
        {name}
        <small>{texts.text('bans.by', { name: nameById(by), time: times.brief(at, now) })}</small>
        {reason !== undefined && <small>{texts.text('bans.because', { reason })}</small>}
      </span>
      <button type="button" className="text-button" aria-label={texts.text('bans.liftWho', { name })} onClick={onLift}>{texts.text('bans.lift')}</button>
    </li>
  );
}

function BanForm({ onBan }: { readonly onBan: (id: string, reason: string | undefined) => void }) {
  const texts = useTexts();
  const [id, setId] = useState('');
  const [reason, setReason] = useState('');
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    onBan(typedUserId(id), reason.trim() || undefined);
    setId('');
    setReason('');
  };
  return (
    <form className="room-form" onSubmit={onSubmit}>
      <Field label={texts.text('bans.id')} value={id} onChange={(event) => setId(event.target.value)} autoCapitalize="none" autoComplete="off" spellCheck={false} />
      <Field label={texts.text('bans.reason')} hint={texts.text('bans.reason.hint')} value={reason} maxLength={500} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
      <button type="submit" className="button" data-kind="danger" disabled={id.trim() === ''}>{texts.text('room.ban')}</button>
    </form>
  );
}
