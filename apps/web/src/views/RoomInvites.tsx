import type { Room, RoomInvite } from '@chat/protocol';
import { type FormEvent, useCallback, useState } from 'react';
import type { CountedKey } from '../texts/texts.ts';
import { useSession, useTexts, useTimes } from './app-context.ts';
import { CopyField } from './CopyField.tsx';
import { Field } from './Field.tsx';
import { SelectField } from './SelectField.tsx';
import { SureButton } from './SureButton.tsx';
import { useAnswer } from './use-answer.ts';
import { useNames } from './use-names.ts';
import { useRoomAttempt } from './use-room-attempt.ts';
import { Waiting } from './Waiting.tsx';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** How long a link may work. */
const LIFETIMES = [
  { seconds: HOUR_SECONDS, key: 'time.hours', count: 1 },
  { seconds: DAY_SECONDS, key: 'time.days', count: 1 },
  { seconds: 7 * DAY_SECONDS, key: 'time.days', count: 7 },
  { seconds: 30 * DAY_SECONDS, key: 'time.days', count: 30 },
  { seconds: 365 * DAY_SECONDS, key: 'time.days', count: 365 },
] as const satisfies readonly { seconds: number; key: CountedKey; count: number }[];

const USES = [1, 5, 10, 50, 100] as const;

/** Links into the room: making one, and taking back those that there are. */
export function RoomInvites({ room }: { readonly room: Room }) {
  const { api } = useSession();
  const texts = useTexts();
  const [answer, again] = useAnswer(useCallback(() => api.rooms.invites(room.id), [api, room.id]));
  const [attempt, problem] = useRoomAttempt(room.id);
  const [link, setLink] = useState<string>();
  const invites = answer.status === 'here' ? answer.value.invites : [];
  const make = (body: NewInvite): void => {
    const made = api.rooms.createInvite(room.id, body).then(({ token }) => setLink(`${location.origin}/invite#${token}`));
    void attempt(made).then((done) => done && again());
  };
  return (
    <>
      {problem !== undefined && <p className="room-problem" role="alert">{problem}</p>}
      <InviteForm onMake={make} />
      {link !== undefined && <CopyField label={texts.text('room.inviteLink')} hint={texts.text('room.inviteLink.hint')} value={link} />}
      <h3 className="room-label">{texts.text('invites.list')}</h3>
      <Waiting answer={answer} onRetry={again} />
      {answer.status === 'here' && invites.length === 0 && <p className="room-hint">{texts.text('invites.none')}</p>}
      <ul className="room-members">
        {invites.map((invite) => (
          <InviteRow key={invite.id} invite={invite} onTakeBack={() => void attempt(api.rooms.removeInvite(room.id, invite.id)).then((done) => done && again())} />
        ))}
      </ul>
    </>
  );
}

type NewInvite = { readonly expiresInSeconds: number; readonly uses?: number; readonly label?: string };

function InviteForm({ onMake }: { readonly onMake: (invite: NewInvite) => void }) {
  const texts = useTexts();
  const [lifetime, setLifetime] = useState(String(7 * DAY_SECONDS));
  const [uses, setUses] = useState('');
  const [label, setLabel] = useState('');
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    onMake({
      expiresInSeconds: Number(lifetime),
      ...(uses === '' ? {} : { uses: Number(uses) }),
      ...(label.trim() === '' ? {} : { label: label.trim() }),
    });
    setLabel('');
  };
  return (
    <form className="room-form" onSubmit={onSubmit}>
      <div className="room-pair">
        <SelectField
          label={texts.text('invites.expires')}
          value={lifetime}
          options={LIFETIMES.map(({ seconds, key, count }) => [String(seconds), texts.counted(key, count)] as const)}
          onChoose={setLifetime}
        />
        <SelectField
          label={texts.text('invites.uses')}
          value={uses}
          options={[['', texts.text('invites.uses.any')] as const, ...USES.map((count) => [String(count), texts.counted('invites.times', count)] as const)]}
          onChoose={setUses}
        />
      </div>
      <Field label={texts.text('invites.label')} hint={texts.text('invites.label.hint')} value={label} maxLength={100} autoComplete="off" onChange={(event) => setLabel(event.target.value)} />
      <button type="submit" className="button" data-kind="main">{texts.text('room.invite')}</button>
    </form>
  );
}

function InviteRow({ invite, onTakeBack }: { readonly invite: RoomInvite; readonly onTakeBack: () => void }) {
  const texts = useTexts();
  const times = useTimes();
  const nameOf = useNames();
  const { label, createdBy, expiresAt, usesLeft } = invite;
  const uses = usesLeft === undefined ? texts.text('invites.uses.any') : texts.counted('invites.left', usesLeft);
  return (
    <li className="room-invite">
      <span className="room-member-name">
        {label ?? texts.text('invites.by', { name: nameOf(createdBy) })}
        {label !== undefined && <small>{texts.text('invites.by', { name: nameOf(createdBy) })}</small>}
        <small>{texts.text('invites.until', { time: times.moment(expiresAt) })} · {uses}</small>
      </span>
      <SureButton isDanger sure={texts.text('invites.takeBackSure')} onClick={onTakeBack}>{texts.text('invites.takeBack')}</SureButton>
    </li>
  );
}
