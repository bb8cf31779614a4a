import { type ReactNode, useState } from 'react';
import { peerOf, roomIdOf } from '../models/identifiers.ts';
import type { RoomState } from '../models/rooms.ts';
import { useObserved, useSession, useTexts } from './app-context.ts';
import { failureText } from './failure-text.ts';

type ConversationStatusProps = { readonly room: RoomState | undefined; readonly conversationId: string; readonly children: ReactNode };

/** Where one may not write: why, and what one can do about it, in the composer's place. */
export function ConversationStatus({ room, conversationId, children }: ConversationStatusProps) {
  const { chat, people, rooms, user } = useSession();
  const texts = useTexts();
  const [problem, setProblem] = useState<string>();
  useObserved(people.version);
  const known = room?.room;
  const roomId = roomIdOf(conversationId);
  const peerId = peerOf(conversationId, user.id);
  if (peerId !== undefined && people.person(peerId).isDeleted) return <p className="conversation-closed">{texts.text('chat.peerDeleted')}</p>;
  if (!known || roomId === undefined) return children;
  if (known.archivedAt !== undefined) return <p className="conversation-closed">{texts.text('room.archived')}</p>;
  if (known.me.role !== undefined) return children;
  if (known.me.banned) return <p className="conversation-closed">{texts.text('room.banned')}</p>;
  const join = (): void => {
    chat.join(roomId).then(() => rooms.room(roomId).load(), (fault: unknown) => setProblem(failureText(fault, texts)));
  };
  return (
    <div className="conversation-closed">
      <p>{problem ?? texts.text(known.visibility === 'public' ? 'room.visitor' : 'room.notMember')}</p>
      {known.visibility === 'public' && <button type="button" className="button" data-kind="main" onClick={join}>{texts.text('room.join')}</button>}
    </div>
  );
}
