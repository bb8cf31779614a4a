import { RequestError, type RoomsApi } from '@chat/chat-client';
import type { Room } from '@chat/protocol';
import { type FormEvent, useCallback, useState } from 'react';
import { useApp, useSession, useTexts } from './app-context.ts';
import { Dialog } from './Dialog.tsx';
import { failureText } from './failure-text.ts';
import { Field } from './Field.tsx';
import { Link } from './Link.tsx';
import { useAnswer } from './use-answer.ts';

/** Says what will be gone and what will stay, and asks for the password. */
export function DeleteAccountDialog({ onClose }: { readonly onClose: () => void }) {
  const { user } = useSession();
  const texts = useTexts();
  return (
    <Dialog title={texts.text('delete.title')} onClose={onClose}>
      {(close) => (
        <div className="dialog-form">
          <div>
            <p>{texts.text('delete.lead')}</p>
            <ul className="dialog-points">
              <li>{texts.text('delete.rooms')}</li>
              <li>{texts.text('delete.profile')}</li>
              <li>{texts.text('delete.messages')}</li>
              <li>{texts.text('delete.id', { id: user.id })}</li>
            </ul>
          </div>
          <DeletionForm onCancel={close} />
        </div>
      )}
    </Dialog>
  );
}

function DeletionForm({ onCancel }: { readonly onCancel: () => void }) {
  const { service } = useApp();
  const { api } = useSession();
  const texts = useTexts();
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const [owned, askOwned] = useAnswer(useCallback(() => roomsToHandOver(api.rooms), [api]));
  const kept = owned.status === 'here' ? owned.value : [];
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    setProblem(undefined);
    try {
      await api.deleteAccount(password || undefined);
      await service.account.signOut();
    } catch (fault) {
      setIsBusy(false);
      const code = fault instanceof RequestError ? fault.code : undefined;
      if (code === 'conflict') return askOwned();
      setProblem(code === 'unauthorized' ? texts.text('delete.wrong') : failureText(fault, texts));
    }
  };
  return (
    <form className="dialog-part" noValidate onSubmit={(event) => void onSubmit(event)}>
      {kept.length > 0 && <OwnedRooms rooms={kept} onLeave={onCancel} />}
      <Field
        label={texts.text('auth.password')}
        hint={texts.text('delete.password.hint')}
        problem={problem}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => {
          setPassword(event.target.value);
          setProblem(undefined);
        }}
      />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onCancel}>{texts.text('new.cancel')}</button>
        <button type="submit" className="button" data-kind="danger" disabled={isBusy || kept.length > 0}>{texts.text('delete.submit')}</button>
      </div>
    </form>
  );
}

function OwnedRooms({ rooms, onLeave }: { readonly rooms: readonly Room[]; readonly onLeave: () => void }) {
  const texts = useTexts();
  return (
    <div className="dialog-warning" role="alert">
      <p>{texts.text('delete.owner')}</p>
      <ul className="dialog-points">
        {rooms.map(({ conversationId, name }) => (
          <li key={conversationId}><Link to={{ place: 'chat', conversationId }} onClick={onLeave}>{name}</Link></li>
        ))}
      </ul>
    </div>
  );
}

/** Nobody is in that many rooms; if they are, the server still refuses and the later ones show after the first are given away. */
const MOST_PAGES = 20;

/** While others are in these the account cannot be deleted. */
async function roomsToHandOver(api: RoomsApi): Promise<Room[]> {
  const rooms: Room[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await api.own(cursor);
    rooms.push(...answer.rooms);
    cursor = answer.cursor;
    if (cursor === undefined) break;
  }
  return rooms.filter(({ me, members, archivedAt }) => me.role === 'owner' && members > 1 && archivedAt === undefined);
}
