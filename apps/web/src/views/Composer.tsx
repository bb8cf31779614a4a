import { SendHorizontal, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { codePoints } from '../models/identifiers.ts';
import type { ShownMessage } from '../models/shown-message.ts';
import { useSession, useTexts } from './app-context.ts';
import './composer.css';
import { useMentions } from './use-mentions.tsx';
import { useNames } from './use-names.ts';
import { useSecondsUntil } from './use-seconds-until.ts';

/** The server's limit for a message's text. */
const LIMIT = 8_000;
/** The count appears when so many characters are left. */
const COUNT_FROM = 500;

/** What is being written, if it is more than a message: an answer to one, or a new text for an own one. */
export type Writing = { readonly kind: 'reply' | 'edit'; readonly message: ShownMessage };

type ComposerProps = {
  readonly conversationId: string;
  readonly writing: Writing | undefined;
  /** The reply or edit is done with, or given up. */
  readonly onWritten: () => void;
  readonly onSent: () => void;
  readonly onEdit: (message: ShownMessage, text: string) => void;
  /** Arrow-up in an empty composer. */
  readonly onEditLast: () => void;
};

export function Composer({ conversationId, writing, onWritten, onSent, onEdit, onEditLast }: ComposerProps) {
  const session = useSession();
  const texts = useTexts();
  const input = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useWrittenText(conversationId, writing);
  const left = LIMIT - codePoints(text);
  const maySend = text.trim() !== '' && left >= 0;

  useHeight(input, text);
  useEffect(() => {
    if (!hasTouchKeyboard() || writing) input.current?.focus();
  }, [writing]);
  useEffect(() => () => session.chat.sendTyping(conversationId, false), [session, conversationId]);

  const change = (next: string): void => {
    setText(next);
    if (writing?.kind === 'edit') return;
    session.drafts.set(conversationId, next);
    session.chat.sendTyping(conversationId, next.trim() !== '');
  };
  const send = (): void => {
    if (!maySend) return;
    if (writing?.kind === 'edit') {
      onEdit(writing.message, text.trim());
    } else {
      session.send(conversationId, text.trim(), writing?.message.seq);
      setText('');
      onSent();
    }
    onWritten();
    input.current?.focus();
  };
  const mentions = useMentions(conversationId, text, change, input);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (mentions.onKey(event)) return event.preventDefault();
    if (event.key === 'Escape' && writing) onWritten();
    else if (event.key === 'ArrowUp' && text === '' && !writing) onEditLast();
    else if (event.key === 'Enter' && !event.shiftKey && !isComposing(event) && !hasTouchKeyboard()) send();
    else return;
    event.preventDefault();
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {mentions.menu}
      {writing && <WritingBar writing={writing} onCancel={onWritten} />}
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
          {...mentions.field}
          onChange={(event) => {
            change(event.target.value);
            mentions.onCaret();
          }}
          onSelect={mentions.onCaret}
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

/** The draft, or the text of the message that is being edited. */
function useWrittenText(conversationId: string, writing: Writing | undefined): [string, (text: string) => void] {
  const { drafts } = useSession();
  const [draft, setDraft] = useState(() => drafts.of(conversationId));
  const edited = writing?.kind === 'edit' ? writing.message : undefined;
  const [edit, setEdit] = useState<{ readonly of: string; readonly text: string }>();
  useEffect(() => {
    if (!edited) setEdit(undefined); // the next edit begins with the message's text again
  }, [edited]);
  if (!edited) return [draft, setDraft];
  return [edit?.of === edited.key ? edit.text : edited.text, (text) => setEdit({ of: edited.key, text })];
}

function WritingBar({ writing, onCancel }: { readonly writing: Writing; readonly onCancel: () => void }) {
  const nameOf = useNames();
  const texts = useTexts();
  const { kind, message } = writing;
  return (
    <div className="composer-writing" role="status">
      <span className="composer-writing-what">
        <strong>{kind === 'edit' ? texts.text('composer.editing') : texts.text('composer.replying', { name: nameOf(message.from) })}</strong>
        <span>{message.text}</span>
      </span>
      <button type="button" className="icon-button" aria-label={texts.text('composer.cancel')} onClick={onCancel}>
        <X size={18} aria-hidden="true" />
      </button>
    </div>
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
