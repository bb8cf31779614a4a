import { useState } from 'react';
import { useTexts } from './app-context.ts';

const LINK = /(https?:\/\/[^\s<>"]*[^\s<>"'.,:;!?)\]}])/g;
const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s){1,24}$/u;
const HAS_PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;

/** More than this is folded. */
const FOLD_CHARACTERS = 1_200;
const FOLD_LINES = 20;

/** Text as text: nothing in it becomes markup but links to web pages. */
export function MessageText({ text }: { readonly text: string }) {
  const texts = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  if (EMOJI_ONLY.test(text) && HAS_PICTOGRAPH.test(text)) return <span className="message-emoji">{text}</span>;
  const folded = foldedOf(text);
  return (
    <>
      <Linked text={isOpen || folded === undefined ? text : `${folded}…`} />
      {folded !== undefined && (
        <button type="button" className="message-fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {texts.text(isOpen ? 'chat.less' : 'chat.more')}
        </button>
      )}
    </>
  );
}

function Linked({ text }: { readonly text: string }) {
  // Splitting by an expression with one group puts the links at the odd places.
  return text.split(LINK).map((part, index) =>
    index % 2 === 1
      ? <a key={index} href={part} target="_blank" rel="noopener noreferrer nofollow">{part}</a>
      : part,
  );
}

/** The beginning of a text that is too long to be shown at once. */
export function foldedOf(text: string): string | undefined {
  const lines = text.split('\n');
  const byLines = lines.length > FOLD_LINES ? lines.slice(0, FOLD_LINES).join('\n') : text;
  const byLength = byLines.length > FOLD_CHARACTERS ? [...byLines].slice(0, FOLD_CHARACTERS).join('') : byLines;
  return byLength.length < text.length ? byLength : undefined;
}
