import type { ChangeRoomBody, Room } from '@chat/protocol';
import { type FormEvent, useState } from 'react';
import { useSession, useTexts } from './app-context.ts';
import { Field } from './Field.tsx';
import { RoomNameForm } from './RoomNameForm.tsx';
import { roomRights } from './room-rights.ts';
import { useRoomAttempt } from './use-room-attempt.ts';

/** What the room is called and, for its owner, how long it keeps what was said. */
export function RoomSettings({ room }: { readonly room: Room }) {
  const { api } = useSession();
  const texts = useTexts();
  const [attempt, problem] = useRoomAttempt(room.id);
  const [isSaved, setIsSaved] = useState(false);
  const change = (body: ChangeRoomBody): void => {
    setIsSaved(false);
    void attempt(api.rooms.change(room.id, body)).then(setIsSaved);
  };
  return (
    <>
      {problem !== undefined && <p className="room-problem" role="alert">{problem}</p>}
      <RoomNameForm key={room.name + room.topic} room={room} onChange={change} />
      {roomRights(room).role === 'owner' && <RetentionForm key={`${room.retentionDays}/${room.retentionEntries}`} room={room} onChange={change} />}
      <p className="settings-saved" role="status">{isSaved && texts.text('settings.saved')}</p>
    </>
  );
}

const MOST_DAYS = 36_500;
const MOST_ENTRIES = 1_000_000_000;

function RetentionForm({ room, onChange }: { readonly room: Room; readonly onChange: (change: ChangeRoomBody) => void }) {
  const texts = useTexts();
  const [days, setDays] = useState(String(room.retentionDays ?? ''));
  const [entries, setEntries] = useState(String(room.retentionEntries ?? ''));
  const wanted = { retentionDays: boundOf(days, MOST_DAYS), retentionEntries: boundOf(entries, MOST_ENTRIES) };
  const isValid = wanted.retentionDays !== undefined && wanted.retentionEntries !== undefined;
  const isChanged = wanted.retentionDays !== (room.retentionDays ?? null) || wanted.retentionEntries !== (room.retentionEntries ?? null);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isValid) onChange(wanted);
  };
  const problem = texts.text('retention.invalid');
  return (
    <form className="room-form" onSubmit={onSubmit}>
      <h3 className="room-label">{texts.text('retention.title')}</h3>
      <p className="room-hint">{texts.text('retention.lead')}</p>
      <Field label={texts.text('retention.days')} problem={wanted.retentionDays === undefined ? problem : undefined} inputMode="numeric" placeholder={texts.text('retention.default')} value={days} autoComplete="off" onChange={(event) => setDays(event.target.value)} />
      <Field label={texts.text('retention.entries')} problem={wanted.retentionEntries === undefined ? problem : undefined} inputMode="numeric" placeholder={texts.text('retention.default')} value={entries} autoComplete="off" onChange={(event) => setEntries(event.target.value)} />
      {isChanged && <button type="submit" className="button" data-kind="main" disabled={!isValid}>{texts.text('settings.save')}</button>}
    </form>
  );
}

/** What was typed as a bound: null for none, `undefined` for what cannot be one. */
function boundOf(text: string, most: number): number | null | undefined {
  const typed = text.trim();
  if (typed === '') return null;
  const bound = Number(typed);
  return /^\d+$/.test(typed) && bound >= 1 && bound <= most ? bound : undefined;
}
