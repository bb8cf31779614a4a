import { useTexts } from './app-context.ts';
import { Link } from './Link.tsx';

export function NoSuchChat() {
  const texts = useTexts();
  return (
    <div className="blank">
      <h2 className="blank-title">{texts.text('chat.notFound.title')}</h2>
      <p className="blank-lead">{texts.text('chat.notFound.lead')}</p>
      <Link className="button" to={{ place: 'chats' }}>{texts.text('chat.notFound.action')}</Link>
    </div>
  );
}
