import type { Room } from '@chat/protocol';
import { useCallback, useState } from 'react';
import { useApp, useSession, useTexts } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { Field } from './Field.tsx';
import { useLookup } from './use-lookup.ts';

/** Public rooms by name; choosing one shows it, and it can be joined there. */
export function DiscoverRooms({ onDone }: { readonly onDone: () => void }) {
  const { router } = useApp();
  const { api } = useSession();
  const texts = useTexts();
  const [q, setQ] = useState('');
  const ask = useCallback((text: string) => api.rooms.discover(text), [api]);
  const { answer, problem } = useLookup(q, ask);
  const rooms = answer?.rooms;
  const open = ({ conversationId }: Room): void => {
    router.go({ place: 'chat', conversationId });
    onDone();
  };
  return (
    <div className="dialog-form">
      <Field label={texts.text('room.find')} problem={problem} type="search" value={q} autoComplete="off" autoFocus onChange={(event) => setQ(event.target.value)} />
      <ul className="dialog-rooms">
        {rooms?.map((room) => (
          <li key={room.id}>
            <button type="button" className="dialog-room" onClick={() => open(room)}>
              <Avatar id={room.conversationId} name={room.name} size="small" />
              <span>
                {room.name}
                <small>{texts.counted('room.members', room.members)}{room.topic && ` · ${room.topic}`}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {rooms?.length === 0 && <p className="blank-lead" role="status">{texts.text('room.find.none')}</p>}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>{texts.text('new.cancel')}</button>
      </div>
    </div>
  );
}
