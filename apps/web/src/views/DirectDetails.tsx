import { peerOf } from '../models/identifiers.ts';
import { useSession, useTexts } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import type { DetailsPage } from './ConversationDetails.tsx';
import { CommonLinks } from './DetailsLinks.tsx';
import { useNames } from './use-names.ts';

/** The start of the details of a conversation of two. */
export function DirectDetails({ conversationId, onPage }: { readonly conversationId: string; readonly onPage: (page: DetailsPage) => void }) {
  const { people, user } = useSession();
  const texts = useTexts();
  const nameOf = useNames();
  const peerId = peerOf(conversationId, user.id) ?? user.id;
  const isSelf = peerId === user.id;
  const { isDeleted = false } = people.person(peerId);
  const name = isSelf ? texts.text('chat.self') : nameOf(peerId);
  return (
    <>
      <div className="details-intro">
        <Avatar id={peerId} name={name} />
        <p className="details-name">{name}</p>
        {!isDeleted && <p className="room-hint">{texts.text('auth.id')} {peerId}</p>}
      </div>
      <ul className="details-links">
        <CommonLinks conversationId={conversationId} onPage={onPage} />
      </ul>
    </>
  );
}
