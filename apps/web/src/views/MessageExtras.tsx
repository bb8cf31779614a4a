import type { Reaction } from '@chat/protocol';
import { Forward } from 'lucide-react';
import type { ShownMessage, ShownQuote } from '../models/shown-message.ts';
import { useTexts } from './app-context.ts';
import { useMessageActions } from './message-actions.ts';
import { useNames } from './use-names.ts';

/** Who wrote first what was passed on. */
export function Forwarded({ from }: { readonly from: string }) {
  const texts = useTexts();
  const nameOf = useNames();
  return <span className="forwarded"><Forward size={13} aria-hidden="true" /> {texts.text('message.forwarded', { name: nameOf(from) })}</span>;
}

/** The message that this one answers; leads to it. */
export function Quote({ quote }: { readonly quote: ShownQuote }) {
  const texts = useTexts();
  const { show } = useMessageActions();
  const nameOf = useNames();
  return (
    <button type="button" className="quote" onClick={() => show(quote.seq)}>
      {quote.from !== undefined && <span className="quote-who">{nameOf(quote.from)}</span>}
      <span className="quote-text">{quote.text === undefined ? texts.text('message.earlier') : quote.text || texts.text('chat.deleted')}</span>
    </button>
  );
}

/** The reactions under a message; each button sets or takes back one's own. */
export function Reactions({ message, reactions }: { readonly message: ShownMessage; readonly reactions: readonly Reaction[] }) {
  const texts = useTexts();
  const { mayWrite, react } = useMessageActions();
  const nameOf = useNames();
  return (
    <div className="reactions">
      {reactions.map(({ emoji, count, mine, users }) => {
        const names = users.map(nameOf).join(', ');
        const label = texts.counted('message.reactions', count, { emoji, names });
        return (
          <button key={emoji} type="button" className="reaction" aria-pressed={mine} aria-label={label} title={names} disabled={!mayWrite} onClick={() => react(message, emoji)}>
            <span aria-hidden="true">{emoji}</span>
            <span aria-hidden="true">{count}</span>
          </button>
        );
      })}
    </div>
  );
}
