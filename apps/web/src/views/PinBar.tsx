import { Pin } from 'lucide-react';
import { useEffect } from 'react';
import { useObserved, useSession, useTexts } from './app-context.ts';
import { useMessageActions } from './message-actions.ts';
import './pins.css';
import { useNames } from './use-names.ts';

/** The message pinned last, below the conversation's head: leads to it, and to the others. */
export function PinBar({ conversationId, onAll }: { readonly conversationId: string; readonly onAll: () => void }) {
  const session = useSession();
  const texts = useTexts();
  const nameOf = useNames();
  const { show } = useMessageActions();
  const pins = session.pins(conversationId);
  const state = useObserved(pins.state);
  useEffect(() => session.loadPins(conversationId), [session, conversationId]);
  const [last] = state.pins;
  if (!last) return null;
  const { seq, from, message } = last.message;
  return (
    <section className="pin-bar" aria-label={texts.text('pins.title')}>
      <Pin size={16} aria-hidden="true" />
      <button type="button" className="pin-bar-last" onClick={() => show(seq)}>
        {texts.text('chat.says', { name: nameOf(from), text: message })}
      </button>
      {state.pins.length > 1 && (
        <button type="button" className="text-button" onClick={onAll}>{texts.counted('pins.all', state.pins.length)}</button>
      )}
    </section>
  );
}
