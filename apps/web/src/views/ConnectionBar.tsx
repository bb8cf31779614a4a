import type { ConnectionState } from '@chat/chat-client';
import { useObserved, useSession, useTexts } from './app-context.ts';
import { useSecondsUntil } from './use-seconds-until.ts';

/** Says what is wrong with the connection, once it has been for a while, and offers what one can do. */
export function ConnectionBar() {
  const { notice, chat } = useSession();
  const texts = useTexts();
  const state = useObserved(notice.state);
  const shown = useObserved(notice.shown);
  return (
    <div className="connection" data-connection={state.status} role="status">
      {shown && (
        <div className="connection-bar">
          <ConnectionText state={shown} />
          {shown.status === 'waiting' && (
            <button type="button" className="text-button" onClick={() => chat.retryNow()}>{texts.text('connection.now')}</button>
          )}
          {shown.status === 'replaced' && (
            <button type="button" className="text-button" onClick={() => chat.start()}>{texts.text('connection.useHere')}</button>
          )}
        </div>
      )}
    </div>
  );
}

function ConnectionText({ state }: { readonly state: ConnectionState }) {
  const texts = useTexts();
  const seconds = useSecondsUntil(state.status === 'waiting' ? state.nextTryAt : undefined);
  if (state.status === 'replaced') return <span>{texts.text('connection.replaced')}</span>;
  if (state.status === 'offline') return <span>{texts.text('connection.offline')}</span>;
  if (seconds < 1) return <span>{texts.text('connection.lost')}</span>;
  // A screen reader hears that the connection is lost, not each second that passes.
  return (
    <>
      <span aria-hidden="true">{texts.text('connection.waiting', { seconds })}</span>
      <span className="visually-hidden">{texts.text('connection.lost')}</span>
    </>
  );
}
