import { BellOff, Clock, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import type { ConversationRow, Preview } from '../models/conversation-row.ts';
import { useSession, useTexts, useTimes } from './app-context.ts';
import { Avatar } from './Avatar.tsx';
import { Link } from './Link.tsx';
import { useMinute } from './use-minute.ts';
import { nameOf, useNames } from './use-names.ts';

/** 10,000 and more would not fit, and nobody counts them. */
const LARGEST_BADGE = 999;

export const ConversationRowView = memo(function ConversationRowView({ row, isCurrent }: {
  readonly row: ConversationRow;
  readonly isCurrent: boolean;
}) {
  const texts = useTexts();
  const times = useTimes();
  const now = useMinute();
  const { user } = useSession();
  const name = row.peerId === user.id ? texts.text('chat.self') : nameOf({ displayName: row.name, deleted: row.isDeleted }, texts);
  return (
    <li>
      <Link
        className="row"
        to={{ place: 'chat', conversationId: row.conversationId }}
        data-conversation={row.conversationId}
        aria-current={isCurrent ? 'page' : undefined}
      >
        <Avatar id={row.peerId ?? row.conversationId} name={row.isDeleted ? name : row.name} isOnline={row.isOnline} />
        <span className="row-name">
          {name}
          {row.isMuted && (
            <span className="row-muted">
              <BellOff size={13} aria-hidden="true" />
              <span className="visually-hidden">{texts.text('list.muted')}</span>
            </span>
          )}
          {row.isOnline && <span className="visually-hidden">, {texts.text('list.online')}</span>}
        </span>
        {row.at !== undefined && (
          <time className="row-time" dateTime={new Date(row.at).toISOString()}>{times.brief(row.at, now)}</time>
        )}
        {/* The draft of the open chat stands in its composer already. */}
        {row.draft !== '' && !isCurrent && row.preview.kind !== 'typing'
          ? <span className="row-preview" data-kind="draft">{texts.text('list.draft', { text: row.draft })}</span>
          : <PreviewLine preview={row.preview} isDirect={row.peerId !== undefined} />}
        {row.unread > 0 && (
          <span className="row-unread" data-muted={row.isMuted}>
            <span aria-hidden="true">{row.unread > LARGEST_BADGE ? `${LARGEST_BADGE}+` : row.unread}</span>
            <span className="visually-hidden">{texts.counted('list.unread', row.unread)}</span>
          </span>
        )}
      </Link>
    </li>
  );
});

function PreviewLine({ preview, isDirect }: { readonly preview: Preview; readonly isDirect: boolean }) {
  const texts = useTexts();
  const nameOf = useNames();
  const line = (): string => {
    switch (preview.kind) {
      case 'nothing':
        return texts.text('list.nothingYet');
      case 'typing': {
        const [first] = preview.by;
        return isDirect || first === undefined ? texts.text('list.typing') : texts.text('list.typingBy', { name: nameOf(first) });
      }
      case 'failed':
        return texts.text('list.failedMessage', { text: preview.text });
      case 'pending':
        return texts.text('list.you', { text: preview.text });
      case 'message': {
        const text = preview.isDeleted ? texts.text('list.deleted') : preview.text;
        if (preview.isOwn) return texts.text('list.you', { text });
        return isDirect ? text : texts.text('chat.says', { name: nameOf(preview.from), text });
      }
    }
  };
  return (
    <span className="row-preview" data-kind={preview.kind}>
      {preview.kind === 'pending' && <Clock className="row-preview-icon" size={14} aria-hidden="true" />}
      {preview.kind === 'failed' && <TriangleAlert className="row-preview-icon" size={14} aria-hidden="true" />}
      {line()}
    </span>
  );
}
