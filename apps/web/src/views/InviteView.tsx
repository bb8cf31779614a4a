import type { InvitePreview } from '@chat/protocol';
import { RequestError } from '@chat/chat-client';
import { useEffect, useState } from 'react';
import { useApp, useSession, useTexts } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { failureText } from './failure-text.ts';
import { Link } from './Link.tsx';
import { nameOf } from './use-names.ts';

/** What an invitation link leads to: which room it is, who invites, and the button to come in. */
export function InviteView({ token }: { readonly token: string }) {
  const { router } = useApp();
  const { api } = useSession();
  const texts = useTexts();
  const [preview, setPreview] = useState<InvitePreview>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    api.rooms.previewInvite(token).then(setPreview, (fault: unknown) => {
      const isGone = fault instanceof RequestError && (fault.code === 'not-found' || fault.code === 'bad-request');
      setProblem(isGone ? texts.text('invite.gone') : failureText(fault, texts));
    });
  }, [api, texts, token]);
  const accept = (): void => {
    api.rooms.acceptInvite(token).then(
      ({ conversationId }) => router.replace({ place: 'chat', conversationId }),
      (fault: unknown) => setProblem(failureText(fault, texts)),
    );
  };
  // On a phone there is nothing else to go on by.
  const toChats = <Link className="button" to={{ place: 'chats' }}>{texts.text('chat.notFound.action')}</Link>;
  if (problem !== undefined) return <div className="blank" role="alert"><p className="blank-lead">{problem}</p>{toChats}</div>;
  if (!preview) return <div className="blank" role="status"><p className="blank-lead">{texts.text('app.loading')}</p></div>;
  const { room, invitedBy, member } = preview;
  return (
    <div className="blank">
      <Avatar id={`room:${room.id}`} name={room.name} />
      <h2 className="blank-title">{room.name}</h2>
      <p className="blank-lead">{texts.text('invite.by', { name: nameOf(invitedBy, texts) })}</p>
      <p className="blank-lead">{texts.counted('room.members', room.members)}{room.topic && ` · ${room.topic}`}</p>
      <button type="button" className="button" data-kind="main" onClick={accept}>{texts.text(member ? 'invite.open' : 'invite.accept')}</button>
      {toChats}
    </div>
  );
}
