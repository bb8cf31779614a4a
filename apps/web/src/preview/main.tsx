import { ChatService, MemoryClientStore, MemorySignInStore } from '@chat/chat-client';
import { createRoot } from 'react-dom/client';
import { App } from '../models/app.ts';
import '../styles/tokens.css';
import '../styles/base.css';
import { AppView } from '../views/AppView.tsx';
import { becomeOwner, becomeVisitor, deletePeer, fill, fillRoom, self } from './scenes.ts';
import { ScriptedServer } from './scripted-server.ts';

// A page of the development server only: the app's screens over a scripted server, chosen by ?scene=…
const parameters = new URLSearchParams(location.search);
const scene = parameters.get('scene') ?? 'chat';
const isSignedOut = scene === 'sign-in' || scene === 'sign-up';
const server = new ScriptedServer(self);
if (scene !== 'empty') {
  fill(server);
  fillRoom(server);
  if (parameters.has('owner')) becomeOwner(server);
  if (scene === 'visitor') becomeVisitor(server);
  if (scene === 'deleted') deletePeer(server);
}

const service = new ChatService({ origin: '', signIns: new MemorySignInStore(), fetch: server.fetch });
if (!isSignedOut) await service.account.signIn({ id: self.id, password: '' });
const start: Readonly<Record<string, string>> = {
  list: '/', empty: '/', settings: '/settings', 'sign-up': '/sign-up', 'sign-in': '/sign-in', unread: '/c/direct:anna:minjun',
  room: '/c/room:team0001', visitor: '/c/room:team0001', search: '/search', invite: '/invite#AbCdEfGhIjKlMnOpQrStUv',
};
history.replaceState(null, '', start[scene] ?? '/c/direct:anna:ben');

const app = new App(service, async () => {
  const store = new MemoryClientStore();
  return { store, chat: await service.openChat({ store, transport: server }) };
});
const root = document.getElementById('root');
if (root) createRoot(root).render(<AppView app={app} />);

setTimeout(() => {
  for (const from of ['ben', 'seo-yeon']) server.deliver({ type: 'PRESENCE', from, online: true });
  server.deliver({ type: 'PRESENCE', from: 'minjun', online: false, lastSeen: Date.now() - 180_000 });
  if (scene === 'typing') {
    server.deliver({ type: 'TYPING', conversationId: 'direct:anna:ben', from: 'ben', typing: true });
    server.deliver({ type: 'TYPING', conversationId: 'direct:anna:seo-yeon', from: 'seo-yeon', typing: true });
  }
  if (scene === 'marks' || scene === 'offline') showMarks();
}, 100);

function showMarks(): void {
  const { value } = app.state;
  if (value.status !== 'signed-in') return;
  const { session } = value;
  // Stands for what the server says about each of the three.
  server.refuse = ({ message }) => {
    if (String(message).startsWith('Refused')) return { code: 'forbidden', message: '' };
    return String(message).startsWith('Stored') ? undefined : 'silence';
  };
  for (const text of ['Refused, for a reason.', 'Stored, and no more is known of it.', 'Still on its way.']) {
    session.send('direct:anna:ben', text);
  }
  if (scene !== 'offline') return;
  setTimeout(() => {
    server.isReachable = false;
    server.drop(1006);
  }, 200);
}
