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
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    try {
      const { conversationId } = await api.rooms.create({ name: name.trim(), visibility });
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
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>{texts.text('new.cancel')}</button>
        <button type="submit" className="button" data-kind="main" disabled={isBusy || name.trim() === ''}>{texts.text('room.create')}</button>
      </div>
    </form>
  );
}
