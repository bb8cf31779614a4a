import { useEffect, useState } from 'react';
import { useSession, useTexts } from './app-context.ts';

/** Reads new messages of others to users of screen readers: the newest only, and none of the history. */
export function LiveAnnouncements({ conversationId }: { readonly conversationId: string }) {
  const { chat, people, user } = useSession();
  const texts = useTexts();
  const [said, setSaid] = useState('');
  useEffect(
    () =>
      chat.events.on('entry', (entry) => {
        if (entry.type !== 'CHAT' || entry.conversationId !== conversationId || entry.from === user.id) return;
        setSaid(texts.text('chat.says', { name: people.person(entry.from).name, text: entry.message }));
      }),
    [chat, people, user, texts, conversationId],
  );
  return <p className="visually-hidden" aria-live="polite">{said}</p>;
}
