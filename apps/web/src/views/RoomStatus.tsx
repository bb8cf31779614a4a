import { type ReactNode, useState } from 'react';
import { roomIdOf } from '../models/identifiers.ts';
import type { RoomState } from '../models/rooms.ts';
import { useSession, useTexts } from './app-context.ts';
import { failureText } from './failure-text.ts';

type RoomStatusProps = { readonly room: RoomState | undefined; readonly conversationId: string; readonly children: ReactNode };

/** Where one may not write: why, and what one can do about it, in the composer's place. */
export function RoomStatus({ room, conversationId, children }: RoomStatusProps) {
  const { chat, rooms } = useSession();
  const texts = useTexts();
  const [problem, setProblem] = useState<string>();
  const known = room?.room;
  const roomId = roomIdOf(conversationId);
  if (!known || roomId === undefined) return children;
  if (known.archivedAt !== undefined) return <p className="conversation-closed">{texts.text('room.archived')}</p>;
  if (known.me.role !== undefined) return children;
  if (known.me.banned) return <p className="conversation-closed">{texts.text('room.banned')}</p>;
  const join = (): void => {
    chat.join(roomId).then(() => rooms.room(roomId).load(), (fault: unknown) => setProblem(failureText(fault, texts)));
  };
  return (
    <div className="conversation-closed">
      <p>{problem ?? texts.text('room.notMember')}</p>
      {known.visibility === 'public' && <button type="button" className="button" data-kind="main" onClick={join}>{texts.text('room.join')}</button>}
    </div>
  );
}
