import { peerOf } from '../models/identifiers.ts';
import type { Timeline, TimelineState } from '../models/timeline.ts';
import { useSession, useTexts } from './app-context.ts';
import { useNames } from './use-names.ts';

/** What stands above the oldest message. */
export function TimelineStart({ timeline, state }: { readonly timeline: Timeline; readonly state: TimelineState }) {
  const texts = useTexts();
  if (state.older === 'failed') {
    return (
      <p className="timeline-start" role="alert">
        {texts.text('chat.older.failed')}{' '}
        <button type="button" className="text-button" onClick={() => void timeline.loadOlder()}>{texts.text('error.retry')}</button>
      </p>
    );
  }
  if (state.hasOlder) return <p className="timeline-start">{state.older === 'loading' ? texts.text('chat.older.loading') : ''}</p>;
  return state.shown.length > 0 ? <p className="timeline-start">{texts.text('chat.begin')}</p> : null;
}

export function TimelineEmpty({ conversationId }: { readonly conversationId: string }) {
  const { user } = useSession();
  const nameOf = useNames();
  const texts = useTexts();
  const peerId = peerOf(conversationId, user.id);
  const text = peerId === user.id ? texts.text('chat.empty.self') : peerId === undefined ? texts.text('list.nothingYet') : texts.text('chat.empty', { name: nameOf(peerId) });
  return <p className="timeline-empty">{text}</p>;
}

export function TimelineFailed({ onRetry }: { readonly onRetry: () => void }) {
  const texts = useTexts();
  return (
    <div className="blank" role="alert">
      <p className="blank-lead">{texts.text('chat.failed')}</p>
      <button type="button" className="button" onClick={onRetry}>{texts.text('error.retry')}</button>
    </div>
  );
}

export function TimelineSkeleton() {
  const texts = useTexts();
  return (
    <div className="timeline-skeleton skeleton" role="status" aria-label={texts.text('app.loading')}>
      {[0, 1, 2, 3, 4, 5].map((index) => <span key={index} className="skeleton-bone" />)}
    </div>
  );
}
