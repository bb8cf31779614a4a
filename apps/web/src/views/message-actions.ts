import { createContext, useContext } from 'react';
import type { ShownMessage } from '../models/shown-message.ts';

/** What is asked of a message and opens a dialog. */
export type MessageDialogKind = 'forward' | 'readers' | 'edits';

/** What the conversation does when something is asked of one of its messages. */
export type MessageActions = {
  /** In rooms every group of messages says who wrote it. */
  readonly isRoom: boolean;
  /** May delete what others wrote. */
  readonly mayModerate: boolean;
  /** Where one may not, messages can only be read and copied. */
  readonly mayWrite: boolean;
  readonly mayPin: boolean;
  readonly mayAskWhoRead: boolean;
  readonly isPinned: (message: ShownMessage) => boolean;
  readonly pin: (message: ShownMessage, pinned: boolean) => void;
  readonly open: (kind: MessageDialogKind, message: ShownMessage) => void;
  readonly reply: (message: ShownMessage) => void;
  readonly edit: (message: ShownMessage) => void;
  readonly remove: (message: ShownMessage) => void;
  /** Sets the reaction, or takes it back where it is set. */
  readonly react: (message: ShownMessage, emoji: string) => void;
  readonly saveEdit: (message: ShownMessage, text: string) => void;
  readonly show: (seq: number) => void;
};

export const MessageActionsContext = createContext<MessageActions | undefined>(undefined);

export function useMessageActions(): MessageActions {
  const actions = useContext(MessageActionsContext);
  if (!actions) throw new Error('Messages stand inside a conversation.');
  return actions;
}
