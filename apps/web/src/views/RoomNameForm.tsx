import type { ChangeRoomBody, Room } from '@chat/protocol';
import { type FormEvent, useState } from 'react';
import { useTexts } from './app-context.ts';
import { Field } from './Field.tsx';

/** Name and topic, for those who may change them. */
export function RoomNameForm({ room, onChange }: { readonly room: Room; readonly onChange: (change: ChangeRoomBody) => void }) {
  const texts = useTexts();
  const [name, setName] = useState(room.name);
  const [topic, setTopic] = useState(room.topic);
  const isChanged = name.trim() !== room.name || topic.trim() !== room.topic;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    onChange({ name: name.trim(), topic: topic.trim() });
  };
  return (
    <form className="room-form" onSubmit={onSubmit}>
      <Field label={texts.text('room.name')} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      <Field label={texts.text('room.topic')} value={topic} maxLength={500} onChange={(event) => setTopic(event.target.value)} />
      {isChanged && <button type="submit" className="button" data-kind="main" disabled={name.trim() === ''}>{texts.text('settings.save')}</button>}
    </form>
  );
}
