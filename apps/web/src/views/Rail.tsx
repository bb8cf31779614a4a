import { MessageCircle, Search, Settings } from 'lucide-react';
import { useApp, useObserved, useSession, useTexts } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { Link } from './Link.tsx';

/** The app's sections. On a phone the list's head takes its place. */
export function Rail() {
  const { router } = useApp();
  const { user } = useSession();
  const texts = useTexts();
  const { place } = useObserved(router.route);
  const isChats = place === 'chats' || place === 'chat';
  return (
    <nav className="rail" aria-label={texts.text('rail.label')}>
      <Avatar id={user.id} name={user.displayName} size="small" />
      <Link className="icon-button" to={{ place: 'chats' }} aria-label={texts.text('rail.chats')} aria-current={isChats ? 'page' : undefined}>
        <MessageCircle size={20} aria-hidden="true" />
      </Link>
      <Link className="icon-button" to={{ place: 'search' }} aria-label={texts.text('rail.search')} aria-current={place === 'search' ? 'page' : undefined}>
        <Search size={20} aria-hidden="true" />
      </Link>
      <Link
        className="icon-button rail-end"
        to={{ place: 'settings' }}
        aria-label={texts.text('rail.settings')}
        aria-current={place === 'settings' ? 'page' : undefined}
      >
        <Settings size={20} aria-hidden="true" />
      </Link>
    </nav>
  );
}
