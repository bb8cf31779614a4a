import { useEffect, useState } from 'react';
import { useSession, useTexts } from './app-context.ts';
import { useNames } from './use-names.ts';

/** Who is typing. Keeps its place when nobody is, so that nothing jumps. */
export function TypingLine({ conversationId }: { readonly conversationId: string }) {
  const { chat } = useSession();
  const texts = useTexts();
  const nameOf = useNames();
  const [typing, setTyping] = useState(() => chat.typing(conversationId));
  useEffect(() => {
    setTyping(chat.typing(conversationId));
    return chat.events.on('typing', (event) => {
      if (event.conversationId === conversationId) setTyping(chat.typing(conversationId));
    });
  }, [chat, conversationId]);
  const [first] = typing;
  return (
    <p className="typing" aria-live="polite">
      {first !== undefined && (
        <>
          <span className="typing-dots" aria-hidden="true"><i /><i /><i /></span>
          {/* Not by plural rules: Korean has one form for all counts, and a name is for one person alone. */}
          {typing.length === 1 ? texts.text('chat.typingBy', { name: nameOf(first) }) : texts.text('chat.typingSeveral')}
        </>
      )}
    </p>
  );
}
