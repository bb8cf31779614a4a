import { MessageCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { isConversationOf } from '../models/identifiers.ts';
import { useApp, useObserved, useSession, useTexts } from './app-context.ts';
import { ConnectionBar } from './ConnectionBar.tsx';
import { ConversationListView } from './ConversationListView.tsx';
import { ConversationView } from './ConversationView.tsx';
import { InviteView } from './InviteView.tsx';
import { NoSuchChat } from './NoSuchChat.tsx';
import { NewChatDialog } from './NewChatDialog.tsx';
import { Rail } from './Rail.tsx';
import { SearchView } from './SearchView.tsx';
import { SettingsView } from './SettingsView.tsx';
import './shell.css';

/** The frame of everything a signed-in user sees: on a phone one pane at a time, otherwise side by side. */
export function ShellView() {
  const { router } = useApp();
  const session = useSession();
  const route = useObserved(router.route);
  const connection = useObserved(session.notice.state);
  const [isStartingChat, setIsStartingChat] = useState(false);
  useUnreadTitle();
  useEffect(() => {
    // Signed in already: there is nothing to do at these addresses.
    if (route.place === 'sign-in' || route.place === 'sign-up') router.replace({ place: 'chats' });
  }, [route, router]);

  return (
    <div className="shell" data-pane={route.place} data-testid="app" data-server={connection.status === 'online' ? connection.server : undefined}>
      <ConnectionBar />
      <Rail />
      <ConversationListView onNewChat={() => setIsStartingChat(true)} />
      <main className="shell-main">
        <Place />
      </main>
      {isStartingChat && <NewChatDialog onClose={() => setIsStartingChat(false)} />}
    </div>
  );
}

function Place() {
  const { router } = useApp();
  const { user } = useSession();
  const texts = useTexts();
  const route = useObserved(router.route);
  if (route.place === 'settings') return <SettingsView />;
  if (route.place === 'search') return <SearchView key={route.in ?? ''} conversationId={route.in} />;
  if (route.place === 'invite') return <InviteView key={route.token} token={route.token} />;
  if (route.place === 'chat') {
    return isConversationOf(route.conversationId, user.id)
      ? <ConversationView key={route.conversationId} conversationId={route.conversationId} at={route.at} />
      : <NoSuchChat />;
  }
  return (
    <div className="blank">
      <MessageCircle className="blank-icon" size={40} aria-hidden="true" />
      <h2 className="blank-title">{texts.text('chat.none.title')}</h2>
      <p className="blank-lead">{texts.text('chat.none.lead')}</p>
    </div>
  );
}

/** The tab's title counts what is unread, but for what is muted. */
function useUnreadTitle(): void {
  const { list } = useSession();
  const texts = useTexts();
  const { rows } = useObserved(list.state);
  const unread = rows.reduce((sum, row) => sum + (row.isMuted ? 0 : row.unread), 0);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${texts.text('app.name')}` : texts.text('app.name');
    return () => {
      document.title = texts.text('app.name');
    };
  }, [unread, texts]);
}
