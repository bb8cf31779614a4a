import { useEffect, useState } from 'react';
import { useObserved, useSession, useTexts, useTimes } from './app-context.ts';
import { failureText } from './failure-text.ts';
import { useMessageActions } from './message-actions.ts';
import './pins.css';
import { useMinute } from './use-minute.ts';
import { useNames } from './use-names.ts';

/** All that is pinned, the last pinned first. */
export function PinsPage({ conversationId, onShow }: { readonly conversationId: string; readonly onShow: (seq: number) => void }) {
  const session = useSession();
  const texts = useTexts();
  const times = useTimes();
  const now = useMinute();
  const nameOf = useNames();
  const { mayPin } = useMessageActions();
  const pins = session.pins(conversationId);
  const state = useObserved(pins.state);
  const [problem, setProblem] = useState<string>();
  useEffect(() => session.loadPins(conversationId), [session, conversationId]);
  const unpin = (seq: number): void => {
    setProblem(undefined);
    pins.set(seq, false).catch((fault: unknown) => setProblem(failureText(fault, texts)));
  };
  if (state.status === 'failed') {
    return (
      <p role="alert">
        {texts.text('pins.failed')}{' '}
        <button type="button" className="text-button" onClick={() => void pins.load()}>{texts.text('error.retry')}</button>
      </p>
    );
  }
  return (
    <>
      {problem !== undefined && <p className="room-problem" role="alert">{problem}</p>}
      {state.status === 'ready' && state.pins.length === 0 && <p className="room-hint">{texts.text(mayPin ? 'pins.none.how' : 'pins.none')}</p>}
      <ul className="pins">
        {state.pins.map(({ message, by, pinnedAt }) => (
          <li key={message.seq} className="pin">
            <button type="button" className="pin-message" onClick={() => onShow(message.seq)}>
              <strong>{nameOf(message.from)}</strong>
              <span className="pin-text">{message.message}</span>
              <span className="pin-about">{texts.text('pins.by', { name: nameOf(by), time: times.brief(pinnedAt, now) })}</span>
            </button>
            {mayPin && <button type="button" className="text-button" onClick={() => unpin(message.seq)}>{texts.text('message.unpin')}</button>}
          </li>
        ))}
      </ul>
    </>
  );
}
