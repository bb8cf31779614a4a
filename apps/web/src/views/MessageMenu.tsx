import { Ellipsis } from 'lucide-react';
import type { ShownMessage } from '../models/shown-message.ts';
import { useTexts } from './app-context.ts';
import { Menu, MenuItem } from './Menu.tsx';
import './message-menu.css';
import { useMessageActions } from './message-actions.ts';

/** The emoji at hand; more of them come by typing. */
const QUICK_EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** What one can do with a message, behind one button, so that a long conversation has one stop a message for the Tab key. */
export function MessageMenu({ message }: { readonly message: ShownMessage }) {
  const texts = useTexts();
  return (
    <Menu label={texts.text('message.menu')} icon={<Ellipsis size={16} aria-hidden="true" />}>
      <Items message={message} />
    </Menu>
  );
}

function Items({ message }: { readonly message: ShownMessage }) {
  const texts = useTexts();
  const actions = useMessageActions();
  const { mayWrite, mayModerate, mayPin, mayAskWhoRead, isRoom } = actions;
  const mayDelete = mayWrite && (message.isOwn || mayModerate);
  const hasTexts = message.isEdited === true && (isRoom ? mayModerate : message.isOwn);
  const isPinned = actions.isPinned(message);
  return (
    <>
      {mayWrite && (
        <div className="message-menu-emoji" role="group" aria-label={texts.text('message.react')}>
          {QUICK_EMOJI.map((emoji) => (
            <MenuItem key={emoji} label={texts.text('message.reactWith', { emoji })} onChoose={() => actions.react(message, emoji)}>{emoji}</MenuItem>
          ))}
        </div>
      )}
      {mayWrite && <MenuItem onChoose={() => actions.reply(message)}>{texts.text('message.reply')}</MenuItem>}
      <MenuItem onChoose={() => actions.open('forward', message)}>{texts.text('message.forward')}</MenuItem>
      <MenuItem onChoose={() => void navigator.clipboard.writeText(message.text)}>{texts.text('message.copy')}</MenuItem>
      {mayPin && <MenuItem onChoose={() => actions.pin(message, !isPinned)}>{texts.text(isPinned ? 'message.unpin' : 'message.pin')}</MenuItem>}
      {mayAskWhoRead && <MenuItem onChoose={() => actions.open('readers', message)}>{texts.text('message.readers')}</MenuItem>}
      {hasTexts && <MenuItem onChoose={() => actions.open('edits', message)}>{texts.text('message.edits')}</MenuItem>}
      {mayWrite && message.isOwn && message.forwardedFrom === undefined && <MenuItem onChoose={() => actions.edit(message)}>{texts.text('message.edit')}</MenuItem>}
      {mayDelete && (
        <MenuItem isDanger sure={texts.text('message.deleteSure')} onChoose={() => actions.remove(message)}>{texts.text('message.delete')}</MenuItem>
      )}
    </>
  );
}
