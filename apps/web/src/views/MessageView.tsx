import type { ReactNode } from 'react';
import type { ShownMessage } from '../models/shown-message.ts';
import type { TextKey } from '../texts/texts.ts';
import { useSession, useTexts, useTimes } from './app-context.ts';
import { DeliveryMark } from './DeliveryMark.tsx';
import { useMessageActions } from './message-actions.ts';
import './message.css';
import { Forwarded, Quote, Reactions } from './MessageExtras.tsx';
import { MessageMenu } from './MessageMenu.tsx';
import { MessageText } from './MessageText.tsx';

type MessageViewProps = {
  readonly message: ShownMessage;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly showsMark: boolean;
  readonly sender: string;
  readonly picture: ReactNode;
};

export function MessageView({ message, isFirst, isLast, showsMark, sender, picture }: MessageViewProps) {
  const texts = useTexts();
  const times = useTimes();
  const { isRoom } = useMessageActions();
  return (
    <li
      className="message"
      data-key={message.key}
      data-seq={message.seq}
      data-state={message.state}
      data-own={message.isOwn}
      data-first={isFirst}
    >
      {!message.isOwn && <span className="message-picture">{picture}</span>}
      <div className="message-body">
        {isFirst && <span className={isRoom && !message.isOwn ? 'message-sender' : 'visually-hidden'}>{sender}</span>}
        <div className="message-line">
          <div className="bubble">
            {message.forwardedFrom !== undefined && <Forwarded from={message.forwardedFrom} />}
            {message.quote && !message.isDeleted && <Quote quote={message.quote} />}
            {message.isDeleted ? <em className="message-deleted">{texts.text('chat.deleted')}</em> : <span className="message-text"><MessageText text={message.text} mentions={message.mentions} /></span>}
          </div>
          {/* The mark stands next to the bubble, the time beyond it: hidden until pointed at, it leaves no hole. */}
          <span className="message-about">
            {message.notRead !== undefined && message.notRead > 0 && <NotRead count={message.notRead} />}
            {showsMark && message.state && <DeliveryMark state={message.state} />}
            {message.isEdited && <span>{texts.text('chat.edited')}</span>}
            <time dateTime={new Date(message.sentAt).toISOString()} title={times.full(message.sentAt)} data-quiet={!isLast}>
              {times.clock(message.sentAt)}
            </time>
          </span>
          {message.seq !== undefined && !message.isDeleted && <MessageMenu message={message} />}
        </div>
        {message.reactions && message.reactions.length > 0 && <Reactions message={message} reactions={message.reactions} />}
        {message.state === 'failed' && <Failure message={message} />}
      </div>
    </li>
  );
}

/** As in KakaoTalk: it counts down, and is gone when everybody has read the message. */
function NotRead({ count }: { readonly count: number }) {
  const texts = useTexts();
  return (
    <span className="not-read" title={texts.counted('message.notRead', count)}>
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden">{texts.counted('message.notRead', count)}</span>
    </span>
  );
}

const FAILURES: Readonly<Record<string, TextKey>> = {
  'not-found': 'failed.notFound',
  forbidden: 'failed.forbidden',
  'too-large': 'failed.tooLarge',
  conflict: 'failed.conflict',
};

function Failure({ message }: { readonly message: ShownMessage }) {
  const { chat } = useSession();
  const texts = useTexts();
  const { clientId } = message;
  if (clientId === undefined) return null;
  return (
    <p className="message-failure" role="alert">
      <span>{texts.text(FAILURES[message.failureCode ?? ''] ?? 'failed.unknown')}</span>
      <span className="message-ways-out">
        <button type="button" className="text-button" onClick={() => chat.retry(clientId)}>{texts.text('failed.retry')}</button>
        <button type="button" className="text-button" onClick={() => chat.discard(clientId)}>{texts.text('failed.discard')}</button>
      </span>
    </p>
  );
}
