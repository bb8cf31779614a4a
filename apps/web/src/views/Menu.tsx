import { type KeyboardEvent, type ReactNode, createContext, useContext, useEffect, useLayoutEffect, useRef, useState } from 'react';
import './menu.css';

type MenuProps = {
  /** Names both the button and what it opens. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
};

/** Closes the menu, and gives the focus back to its button. */
const CloseContext = createContext<() => void>(() => undefined);

/** A button and, once it is pressed, a list of things to do. */
export function Menu({ label, icon, children }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setIsOpen(false);
    opener.current?.focus();
  };
  return (
    <span className="menu-place" data-open={isOpen}>
      <button
        ref={opener}
        type="button"
        className="menu-opener"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {icon}
      </button>
      {isOpen && (
        <CloseContext value={close}>
          <Items label={label} onDone={close} onLeave={() => setIsOpen(false)}>{children}</Items>
        </CloseContext>
      )}
    </span>
  );
}

type ItemsProps = { readonly label: string; readonly children: ReactNode; readonly onDone: () => void; readonly onLeave: () => void };

function Items({ label, children, onDone, onLeave }: ItemsProps) {
  const menu = useRef<HTMLDivElement>(null);
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
  return (
    <div ref={menu} className="menu" role="menu" aria-label={label} onKeyDown={(event) => onKey(event, onDone)}>
      {children}
    </div>
  );
}

type MenuItemProps = {
  readonly children: ReactNode;
  readonly onChoose: () => void;
  readonly isDanger?: boolean;
  /** What cannot be undone is asked once more, in these words. */
  readonly sure?: string;
  /** Where what is shown is no name. */
  readonly label?: string;
};

export function MenuItem({ children, onChoose, isDanger = false, sure, label }: MenuItemProps) {
  const close = useContext(CloseContext);
  const [isAsked, setIsAsked] = useState(false);
  const onClick = (): void => {
    if (sure !== undefined && !isAsked) return setIsAsked(true);
    close();
    onChoose();
  };
  return (
    <button type="button" role="menuitem" tabIndex={-1} className="menu-item" aria-label={label} data-danger={isDanger} onClick={onClick}>
      {isAsked ? sure : children}
    </button>
  );
}

/** From the edges of what scrolls. */
const MARGIN_PX = 8;

/** Above its button if there is room, else where there is more of it; never beyond the edges. */
function keepInSight(menu: HTMLElement): void {
  const list = (menu.closest('[data-scrolls]') ?? document.documentElement).getBoundingClientRect();
  const place = menu.getBoundingClientRect();
  const opener = menu.parentElement?.getBoundingClientRect() ?? place;
  const above = opener.top - list.top - MARGIN_PX;
  const below = list.bottom - opener.bottom - MARGIN_PX;
  const isBelow = above < place.height && below > above;
  menu.dataset['below'] = String(isBelow);
  menu.style.maxHeight = `${isBelow ? below : above}px`;
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
