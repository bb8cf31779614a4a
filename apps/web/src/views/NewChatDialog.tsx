import { isUserId } from '@chat/protocol';
import { directConversationId, RequestError } from '@chat/chat-client';
import { type FormEvent, useState } from 'react';
import { typedUserId } from '../models/identifiers.ts';
import { useApp, useSession, useTexts } from './app-context.ts';
import { Dialog } from './Dialog.tsx';
import { DiscoverRooms } from './DiscoverRooms.tsx';
import { Field } from './Field.tsx';
import { failureText } from './failure-text.ts';
import { NewRoomForm } from './NewRoomForm.tsx';

const KINDS = ['person', 'room', 'discover'] as const;
type Kind = (typeof KINDS)[number];

/** Starts a direct chat with someone whose ID one knows, makes a room, or finds one. */
export function NewChatDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const [kind, setKind] = useState<Kind>('person');
  return (
    <Dialog title={texts.text('new.title')} onClose={onClose}>
      {(done) => (
        <>
          <div className="dialog-kinds" role="group" aria-label={texts.text('new.kind')}>
            {KINDS.map((each) => (
              <button key={each} type="button" className="dialog-kind" aria-pressed={kind === each} onClick={() => setKind(each)}>
                {texts.text(`new.kind.${each}`)}
              </button>
            ))}
          </div>
          {kind === 'person' && <NewChatForm onDone={done} />}
          {kind === 'room' && <NewRoomForm onDone={done} />}
          {kind === 'discover' && <DiscoverRooms onDone={done} />}
        </>
      )}
    </Dialog>
  );
}

function NewChatForm({ onDone }: { readonly onDone: () => void }) {
  const { router } = useApp();
  const { api, people, user } = useSession();
  const texts = useTexts();
  const [id, setId] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);

  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const peer = typedUserId(id);
    if (!isUserId(peer)) return setProblem(texts.text('auth.error.id'));
    setIsBusy(true);
    try {
      const found = await api.user(peer);
      people.learn(found);
      router.go({ place: 'chat', conversationId: directConversationId(user.id, found.id) });
      onDone();
    } catch (fault) {
      const isUnknown = fault instanceof RequestError && fault.code === 'not-found';
      setProblem(isUnknown ? texts.text('new.unknown', { id: peer }) : failureText(fault, texts));
      setIsBusy(false);
    }
  };

  return (
    <form className="dialog-form" noValidate onSubmit={(event) => void onSubmit(event)}>
      <Field
        label={texts.text('new.id')}
        hint={texts.text('new.id.hint')}
        problem={problem}
        value={id}
        onChange={(event) => {
          setId(event.target.value);
          setProblem(undefined);
        }}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        autoFocus
      />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>{texts.text('new.cancel')}</button>
        <button type="submit" className="button" data-kind="main" disabled={isBusy || id.trim() === ''}>{texts.text('new.submit')}</button>
      </div>
    </form>
  );
}
