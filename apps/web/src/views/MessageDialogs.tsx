import type { Readers } from '@chat/protocol';
import { useCallback, useState } from 'react';
import type { ShownMessage } from '../models/shown-message.ts';
import { useObserved, useSession, useTexts, useTimes } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { Dialog, DialogClose } from './Dialog.tsx';
import { failureText } from './failure-text.ts';
import { Field } from './Field.tsx';
import type { MessageDialogKind } from './message-actions.ts';
import { useAnswer } from './use-answer.ts';
import { useNames } from './use-names.ts';
import { Waiting } from './Waiting.tsx';

type NamedReader = NonNullable<Readers['read']>[number];
type MessageDialogProps = { readonly conversationId: string; readonly message: ShownMessage; readonly onClose: () => void };

/** What is asked of one message and takes more than a click. */
export function MessageDialog({ kind, ...props }: MessageDialogProps & { readonly kind: MessageDialogKind }) {
  switch (kind) {
    case 'forward':
      return <ForwardDialog {...props} />;
    case 'readers':
      return <ReadersDialog {...props} />;
    case 'edits':
      return <EditsDialog {...props} />;
  }
}

function ForwardDialog({ conversationId, message, onClose }: MessageDialogProps) {
  const { chat, list, user } = useSession();
  const texts = useTexts();
  const { rows } = useObserved(list.state);
  const [filter, setFilter] = useState('');
  const [problem, setProblem] = useState<string>();
  const [sentTo, setSentTo] = useState<string>();
  const wanted = filter.trim().toLocaleLowerCase();
  const places = rows
    .filter((row) => !row.isDeleted)
    .map((row) => ({ ...row, shown: row.peerId === user.id ? texts.text('chat.self') : row.name }))
    .filter(({ shown }) => shown.toLocaleLowerCase().includes(wanted));
  const forward = (to: string, name: string): void => {
    setProblem(undefined);
    setSentTo(undefined);
    chat.forward(to, conversationId, message.seq ?? 0).then(
      () => setSentTo(name),
      (fault: unknown) => setProblem(failureText(fault, texts)),
    );
  };
  return (
    <Dialog title={texts.text('forward.title')} onClose={onClose}>
      {(close) => (
        <div className="dialog-form">
          <blockquote className="dialog-quote">{message.text}</blockquote>
          <Field label={texts.text('list.filter')} type="search" value={filter} autoComplete="off" onChange={(event) => setFilter(event.target.value)} />
          <ul className="dialog-rooms">
            {places.map(({ conversationId: to, peerId, shown, isOnline }) => (
              <li key={to}>
                <button type="button" className="dialog-room" onClick={() => forward(to, shown)}>
                  <Avatar id={peerId ?? to} name={shown} size="small" isOnline={isOnline} />
                  <span>{shown}</span>
                </button>
              </li>
            ))}
          </ul>
          <p className="dialog-news" role="status">{sentTo !== undefined && texts.text('forward.done', { name: sentTo })}</p>
          {problem !== undefined && <p className="field-error" role="alert">{problem}</p>}
          <DialogClose onClose={close} />
        </div>
      )}
    </Dialog>
  );
}

function ReadersDialog({ conversationId, message: { seq = 0 }, onClose }: MessageDialogProps) {
  const { api } = useSession();
  const texts = useTexts();
  const [answer, again] = useAnswer(useCallback(() => api.readers(conversationId, seq), [api, conversationId, seq]));
  return (
    <Dialog title={texts.text('readers.title')} onClose={onClose}>
      {(close) => (
        <div className="dialog-form">
          <Waiting answer={answer} onRetry={again} />
          {answer.status === 'here' && <ReaderLists readers={answer.value} />}
          <DialogClose onClose={close} />
        </div>
      )}
    </Dialog>
  );
}

function ReaderLists({ readers: { notRead, read, unread } }: { readonly readers: Readers }) {
  const texts = useTexts();
  if (!read || !unread) return <p>{texts.counted('message.notRead', notRead)}</p>;
  return (
    <>
      <ReaderList title={texts.counted('readers.read', read.length)} readers={read} />
      <ReaderList title={texts.counted('readers.unread', unread.length)} readers={unread} />
      {unread.length < notRead && <p className="field-hint">{texts.text('readers.hidden')}</p>}
    </>
  );
}

function ReaderList({ title, readers }: { readonly title: string; readonly readers: readonly NamedReader[] }) {
  return (
    <section>
      <h3 className="dialog-label">{title}</h3>
      <ul className="dialog-people">
        {readers.map(({ userId, displayName }) => (
          <li key={userId}><Avatar id={userId} name={displayName} size="small" /> {displayName}</li>
        ))}
      </ul>
    </section>
  );
}

function EditsDialog({ conversationId, message: { seq = 0, from }, onClose }: MessageDialogProps) {
  const { api } = useSession();
  const texts = useTexts();
  const times = useTimes();
  const nameById = useNames();
  const [answer, again] = useAnswer(useCallback(() => api.edits(conversationId, seq), [api, conversationId, seq]));
  return (
    <Dialog title={texts.text('edits.title')} onClose={onClose}>
      {(close) => (
        <div className="dialog-form">
          <p className="field-hint">{texts.text('edits.by', { name: nameById(from) })}</p>
          <Waiting answer={answer} onRetry={again} />
          {answer.status === 'here' && (
            <ol className="dialog-edits">
              {answer.value.edits.map((edit) => (
                <li key={edit.seq}>
                  <time dateTime={new Date(edit.sentAt).toISOString()}>{times.full(edit.sentAt)}</time>
                  <p>{edit.message}</p>
                </li>
              ))}
            </ol>
          )}
          <DialogClose onClose={close} />
        </div>
      )}
    </Dialog>
  );
}
