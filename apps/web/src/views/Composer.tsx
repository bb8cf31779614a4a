import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { codePoints } from '../models/identifiers.ts';
import { useSession, useTexts } from './app-context.ts';
import './composer.css';
import { useSecondsUntil } from './use-seconds-until.ts';

/** The server's limit for a message's text. */
const LIMIT = 8_000;
/** The count appears when so many characters are left. */
const COUNT_FROM = 500;

export function Composer({ conversationId, onSent }: { readonly conversationId: string; readonly onSent: () => void }) {
  const session = useSession();
  const texts = useTexts();
  const input = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => session.drafts.of(conversationId));
  const left = LIMIT - codePoints(text);
  const maySend = text.trim() !== '' && left >= 0;

  useHeight(input, text);
  useEffect(() => {
    if (!hasTouchKeyboard()) input.current?.focus();
  }, []);
  useEffect(() => () => session.chat.sendTyping(conversationId, false), [session, conversationId]);

  const change = (next: string): void => {
    setText(next);
    session.drafts.set(conversationId, next);
    session.chat.sendTyping(conversationId, next.trim() !== '');
  };
  const send = (): void => {
    if (!maySend) return;
    session.send(conversationId, text.trim());
    setText('');
    input.current?.focus();
    onSent();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event) || hasTouchKeyboard()) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Hints left={left} conversationId={conversationId} />
      <div className="composer-row">
        <textarea
          ref={input}
          className="composer-input"
          rows={1}
          aria-label={texts.text('composer.label')}
          placeholder={texts.text('composer.placeholder')}
          value={text}
          enterKeyHint={hasTouchKeyboard() ? 'enter' : 'send'}
          onChange={(event) => change(event.target.value)}
          onBlur={() => session.chat.sendTyping(conversationId, false)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="composer-send" aria-label={texts.text('composer.send')} disabled={!maySend}>
          <SendHorizontal size={20} aria-hidden="true" />
        </button>
      </div>
    </form>
  );
}

function Hints({ left, conversationId }: { readonly left: number; readonly conversationId: string }) {
  const { chat } = useSession();
  const texts = useTexts();
  const [heldUntil, setHeldUntil] = useState(chat.sendingHeldUntil);
  useEffect(() => chat.events.on('held', setHeldUntil), [chat]);
  const seconds = useSecondsUntil(heldUntil);
  const isWaiting = seconds > 0 && chat.outbox(conversationId).some((item) => item.state === 'pending');
  return (
    <div className="composer-hints" role="status">
      {isWaiting && <span>{texts.text('composer.held', { seconds })}</span>}
      {left < 0 && <span className="composer-over">{texts.counted('composer.over', -left)}</span>}
      {left >= 0 && left <= COUNT_FROM && <span>{texts.counted('composer.left', left)}</span>}
    </div>
  );
}

/** Enter that ends the composition of a character must not send: in Safari it comes after `isComposing`, with keyCode 229. */
function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}

/** Where there is no Shift key at hand, Enter breaks the line. */
function hasTouchKeyboard(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}

/** As high as its text; the style sheet sets the most. */
function useHeight(input: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [input, text]);
}
