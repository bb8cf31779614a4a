import type { Timeline } from '../models/timeline.ts';
import { useObserved, useSession, useTexts } from './app-context.ts';
import { useNames } from './use-names.ts';

/** Reads new messages of others to users of screen readers: the newest only, and none of the history. */
export function LiveAnnouncements({ timeline }: { readonly timeline: Timeline }) {
  const { user } = useSession();
  const texts = useTexts();
  const nameOf = useNames();
  const heard = useObserved(timeline.heard);
  const isNews = heard !== undefined && heard.from !== user.id;
  return (
    <p className="visually-hidden" aria-live="polite">
      {isNews && texts.text('chat.says', { name: nameOf(heard.from), text: heard.message })}
    </p>
  );
}
