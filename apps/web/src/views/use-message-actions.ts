import { type RefObject, useMemo, useState } from 'react';
import type { ShownMessage } from '../models/shown-message.ts';
import { peerOf, roomIdOf } from '../models/identifiers.ts';
import type { RoomState } from '../models/rooms.ts';
import { useSession, useTexts } from './app-context.ts';
import type { Writing } from './Composer.tsx';
import { failureText } from './failure-text.ts';
import type { MessageActions, MessageDialogKind } from './message-actions.ts';
import type { TimelineHandle } from './TimelineView.tsx';

/** A message of which more is to be shown. */
export type OpenDialog = { readonly kind: MessageDialogKind; readonly message: ShownMessage };

type ConversationParts = {
  readonly conversationId: string;
  readonly room: RoomState | undefined;
  readonly view: RefObject<TimelineHandle | null>;
  readonly onWrite: (writing: Writing) => void;
};

/** What can be done with the messages of a conversation, what went wrong with it, and what it has opened. */
export function useConversationActions({ conversationId, room, view, onWrite }: ConversationParts) {
  const session = useSession();
  const texts = useTexts();
  const [problem, setProblem] = useState<string>();
  const [dialog, setDialog] = useState<OpenDialog>();
  const rights = useRights(conversationId, room);
  const { mayModerate, mayWrite, mayPin, mayAskWhoRead } = rights;
  const actions = useMemo<MessageActions>(() => {
    const { chat } = session;
    const pins = session.pins(conversationId);
    const attempt = (work: Promise<unknown>): void => {
      setProblem(undefined);
      work.catch((fault: unknown) => setProblem(failureText(fault, texts)));
    };
    return {
      isRoom: roomIdOf(conversationId) !== undefined,
      mayModerate,
      mayWrite,
      mayPin,
      mayAskWhoRead,
      isPinned: ({ seq = 0 }) => pins.isPinned(seq),
      pin: ({ seq = 0 }, pinned) => attempt(pins.set(seq, pinned)),
      open: (kind, message) => setDialog({ kind, message }),
      reply: (message) => onWrite({ kind: 'reply', message }),
      edit: (message) => onWrite({ kind: 'edit', message }),
      remove: ({ seq = 0 }) => attempt(chat.delete(conversationId, seq).then(() => pins.load())),
      react: ({ seq = 0, reactions = [] }, emoji) => {
        const isOn = reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
        attempt(chat.react(conversationId, seq, emoji, !isOn));
      },
      show: (seq) => view.current?.show(seq),
      saveEdit: ({ seq = 0 }, text) => attempt(chat.edit(conversationId, seq, text).then(() => pins.load())),
    };
  }, [session, texts, conversationId, mayModerate, mayWrite, mayPin, mayAskWhoRead, view, onWrite]);
  return { actions, problem, dialog, closeDialog: () => setDialog(undefined) };
}

function useRights(conversationId: string, room: RoomState | undefined) {
  const { people, user } = useSession();
  const role = room?.room?.me.role;
  const mayModerate = role === 'owner' || role === 'moderator';
  const isOpen = room?.room?.archivedAt === undefined;
  const isRoom = roomIdOf(conversationId) !== undefined;
  const peerId = peerOf(conversationId, user.id);
  const hasPeer = peerId === undefined || !people.person(peerId).isDeleted;
  const mayWrite = isRoom ? !room?.room || (role !== undefined && isOpen) : hasPeer;
  return { mayModerate, mayWrite, mayPin: isRoom ? mayModerate && isOpen : true, mayAskWhoRead: isRoom && role !== undefined };
}
