import { Fragment, type ReactNode, useState } from 'react';
import { type TextPart, partsOf } from '../models/message-text.ts';
import { useTexts } from './app-context.ts';
import { useNames } from './use-names.ts';

const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component}|\s){1,24}$/u;
const HAS_PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;

/** More than this is folded. */
const FOLD_CHARACTERS = 1_200;
const FOLD_LINES = 20;

type MessageTextProps = { readonly text: string; readonly mentions?: readonly string[] | undefined };

/** Text as text: nothing in it becomes markup but links to web pages, and those who are named. */
export function MessageText({ text, mentions = [] }: MessageTextProps) {
  const texts = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  if (EMOJI_ONLY.test(text) && HAS_PICTOGRAPH.test(text)) return <span className="message-emoji">{text}</span>;
  const folded = foldedOf(text);
  return (
    <>
      <Parts text={isOpen || folded === undefined ? text : `${folded}…`} mentions={mentions} />
      {folded !== undefined && (
        <button type="button" className="message-fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {texts.text(isOpen ? 'chat.less' : 'chat.more')}
        </button>
      )}
    </>
  );
}

function Parts({ text, mentions }: { readonly text: string; readonly mentions: readonly string[] }) {
  const nameOf = useNames();
  const shown = (part: TextPart): ReactNode => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'mention':
        return <span className="mention">@{part.id === undefined ? part.text.slice(1) : nameOf(part.id)}</span>;
      case 'link':
        return (
          <>
            <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">{part.text}</a>
            {/* A title may claim anything: where it leads stands beside it. */}
            {part.host !== undefined && <span className="link-host"> ({part.host})</span>}
          </>
        );
    }
  };
  return partsOf(text, mentions).map((part, index) => <Fragment key={index}>{shown(part)}</Fragment>);
}

/** The beginning of a text that is too long to be shown at once. */
export function foldedOf(text: string): string | undefined {
  const lines = text.split('\n');
  const byLines = lines.length > FOLD_LINES ? lines.slice(0, FOLD_LINES).join('\n') : text;
  const byLength = byLines.length > FOLD_CHARACTERS ? [...byLines].slice(0, FOLD_CHARACTERS).join('') : byLines;
  return byLength.length < text.length ? byLength : undefined;
}
