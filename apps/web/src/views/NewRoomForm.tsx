import type { RoomVisibility } from '@chat/protocol';
import { type FormEvent, useState } from 'react';
import { useApp, useSession, useTexts } from './app-context.ts';
import { failureText } from './failure-text.ts';
import { Field } from './Field.tsx';

const VISIBILITIES = ['private', 'public'] as const satisfies readonly RoomVisibility[];

export function NewRoomForm({ onDone }: { readonly onDone: () => void }) {
  const { router } = useApp();
  const { api } = useSession();
  const texts = useTexts();
  const [name, setName] = useState('');
  const [visibility, setVisibility] = useState<RoomVisibility>('private');
  const [topic, setTopic] = useState('');
  const [showsPast, setShowsPast] = useState<boolean>();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const isPastShown = showsPast ?? visibility === 'public';
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    try {
      const { conversationId } = await api.rooms.create({ name: name.trim(), topic: topic.trim(), visibility, history: isPastShown ? 'all' : 'joined' });
      router.go({ place: 'chat', conversationId });
      onDone();
    } catch (fault) {
      setProblem(failureText(fault, texts));
      setIsBusy(false);
    }
  };
  return (
    <form className="dialog-form" noValidate onSubmit={(event) => void onSubmit(event)}>
      <Field label={texts.text('room.name')} problem={problem} value={name} maxLength={100} autoComplete="off" autoFocus onChange={(event) => setName(event.target.value)} />
      <Field label={texts.text('room.topic')} value={topic} maxLength={500} autoComplete="off" onChange={(event) => setTopic(event.target.value)} />
      <fieldset className="dialog-choice">
        <legend className="field-label">{texts.text('room.visibility')}</legend>
        {VISIBILITIES.map((each) => (
          <label key={each} className="dialog-option">
            <input type="radio" name="visibility" checked={visibility === each} onChange={() => setVisibility(each)} />
            <span>
              {texts.text(`room.visibility.${each}`)}
              <small>{texts.text(`room.visibility.${each}.hint`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <label className="dialog-option">
        <input type="checkbox" checked={isPastShown} onChange={(event) => setShowsPast(event.target.checked)} />
        <span>{texts.text('room.history')}</span>
      </label>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>{texts.text('new.cancel')}</button>
        <button type="submit" className="button" data-kind="main" disabled={isBusy || name.trim() === ''}>{texts.text('room.create')}</button>
      </div>
    </form>
  );
}
