import { Ellipsis } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ShownMessage } from '../models/shown-message.ts';
import { useTexts } from './app-context.ts';
import './message-menu.css';
import { useMessageActions } from './message-actions.ts';

/** The emoji at hand; more of them come by typing. */
const QUICK_EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** What one can do with a message, behind one button, so that a long conversation has one stop a message for the Tab key. */
export function MessageMenu({ message }: { readonly message: ShownMessage }) {
  const texts = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setIsOpen(false);
    opener.current?.focus();
  };
  return (
    <span className="message-menu-place" data-open={isOpen}>
      <button
        ref={opener}
        type="button"
        className="message-menu-opener"
        aria-label={texts.text('message.menu')}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Ellipsis size={16} aria-hidden="true" />
      </button>
      {isOpen && <Items message={message} onDone={close} onLeave={() => setIsOpen(false)} />}
    </span>
  );
}

type ItemsProps = { readonly message: ShownMessage; readonly onDone: () => void; readonly onLeave: () => void };

function Items({ message, onDone, onLeave }: ItemsProps) {
  const texts = useTexts();
  const actions = useMessageActions();
  const menu = useRef<HTMLDivElement>(null);
  const [isSure, setIsSure] = useState(false);
  useLayoutEffect(() => {
    if (menu.current) keepInSight(menu.current);
  }, []);
  useEffect(() => menu.current?.querySelector('button')?.focus(), []);
  useEffect(() => {
    const onPointer = (event: PointerEvent): void => {
      if (!menu.current?.parentElement?.contains(event.target as Node)) onLeave(); // targets of pointers are nodes
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [onLeave]);
  const act = (work: () => void) => () => {
    onDone();
    work();
  };
  const { mayWrite } = actions;
  const mayDelete = mayWrite && (message.isOwn || actions.mayModerate);
  return (
    <div ref={menu} className="message-menu" role="menu" aria-label={texts.text('message.menu')} onKeyDown={(event) => onKey(event, onDone)}>
      {mayWrite && (
        <div className="message-menu-emoji" role="group" aria-label={texts.text('message.react')}>
          {QUICK_EMOJI.map((emoji) => (
            <button key={emoji} type="button" role="menuitem" tabIndex={-1} aria-label={texts.text('message.reactWith', { emoji })} onClick={act(() => actions.react(message, emoji))}>
              {emoji}
            </button>
          ))}
        </div>
      )}
      {mayWrite && <Item onClick={act(() => actions.reply(message))}>{texts.text('message.reply')}</Item>}
      <Item onClick={act(() => void navigator.clipboard.writeText(message.text))}>{texts.text('message.copy')}</Item>
      {mayWrite && message.isOwn && <Item onClick={act(() => actions.edit(message))}>{texts.text('message.edit')}</Item>}
      {mayDelete && !isSure && <Item isDanger onClick={() => setIsSure(true)}>{texts.text('message.delete')}</Item>}
      {mayDelete && isSure && <Item isDanger onClick={act(() => actions.remove(message))}>{texts.text('message.deleteSure')}</Item>}
    </div>
  );
}

function Item({ children, isDanger = false, onClick }: { readonly children: ReactNode; readonly isDanger?: boolean; readonly onClick: () => void }) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} className="message-menu-item" data-danger={isDanger} onClick={onClick}>{children}</button>
  );
}

/** From the edges of the list. */
const MARGIN_PX = 8;

/** Above its button; below it where the list begins too soon; never beyond the list's sides. */
function keepInSight(menu: HTMLElement): void {
  const list = (menu.closest('.timeline-scroller') ?? document.documentElement).getBoundingClientRect();
  const place = menu.getBoundingClientRect();
  menu.dataset['below'] = String(place.top < list.top + MARGIN_PX);
  const atLeft = Math.max(0, list.left + MARGIN_PX - place.left);
  const atRight = Math.max(0, place.right - (list.right - MARGIN_PX));
  menu.style.translate = `${atLeft - atRight}px`;
}

/** Arrows move, Escape and Tab leave. */
function onKey(event: KeyboardEvent<HTMLDivElement>, leave: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const at = items.indexOf(document.activeElement as HTMLElement); // -1 where it is none of them
  const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 };
  const next = steps[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') leave();
  else if (next !== undefined) items[(next + items.length) % items.length]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
