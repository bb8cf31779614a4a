import type { Reaction } from '@chat/protocol';
import type { ShownMessage, ShownQuote } from '../models/shown-message.ts';
import { useObserved, useSession, useTexts } from './app-context.ts';
import { useMessageActions } from './message-actions.ts';

/** The message that this one answers; leads to it. */
export function Quote({ quote }: { readonly quote: ShownQuote }) {
  const { people } = useSession();
  const texts = useTexts();
  const { show } = useMessageActions();
  useObserved(people.version);
  return (
    <button type="button" className="quote" onClick={() => show(quote.seq)}>
      {quote.from !== undefined && <span className="quote-who">{people.person(quote.from).name}</span>}
      <span className="quote-text">{quote.text === undefined ? texts.text('message.earlier') : quote.text || texts.text('chat.deleted')}</span>
    </button>
  );
}

/** The reactions under a message; each button sets or takes back one's own. */
export function Reactions({ message, reactions }: { readonly message: ShownMessage; readonly reactions: readonly Reaction[] }) {
  const { people } = useSession();
  const texts = useTexts();
  const { mayWrite, react } = useMessageActions();
  useObserved(people.version);
  return (
    <div className="reactions">
      {reactions.map(({ emoji, count, mine, users }) => {
        const names = users.map((id) => people.person(id).name).join(', ');
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
