import type { ConnectionState } from '@chat/chat-client';
import { useEffect, useState } from 'react';
import { useObserved, useSession, useTexts } from './app-context.ts';

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

/** Whole seconds until a moment, counting down; 0 once it has passed or where there is none. */
export function useSecondsUntil(at: number | undefined): number {
  const secondsLeft = (): number => (at === undefined ? 0 : Math.max(0, Math.ceil((at - Date.now()) / 1_000)));
  const [seconds, setSeconds] = useState(secondsLeft);
  useEffect(() => {
    setSeconds(secondsLeft());
    if (at === undefined) return;
    const timer = setInterval(() => setSeconds(secondsLeft()), 500);
    return () => clearInterval(timer);
    // `secondsLeft` depends on `at` alone.
  }, [at]);
  return seconds;
}
