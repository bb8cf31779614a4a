import { ChatService } from '@chat/chat-client';
import { createRoot } from 'react-dom/client';
import { App } from './models/app.ts';
import { followVisibleHeight } from './platform/visible-height.ts';
import './styles/tokens.css';
import './styles/base.css';
import { AppView } from './views/AppView.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root.');
followVisibleHeight();
createRoot(root).render(<AppView app={new App(new ChatService())} />);
