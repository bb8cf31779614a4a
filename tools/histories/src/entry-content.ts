import type { Entry } from '@chat/protocol';

/**
 * What an entry says, in words that its sender can write down before there is an entry. Undefined where there is nothing
 * to say, or no longer: who comes later gets a message that was deleted without its text.
 */
export function entryContent(entry: Entry): string | undefined {
  switch (entry.type) {
    case 'CHAT':
      return entry.message === '' ? undefined : entry.message;
    case 'EDIT':
      return entry.message === '' ? undefined : editContent(entry.target, entry.message);
    case 'DELETE':
      return deleteContent(entry.target);
    case 'REACTION':
      return reactionContent(entry.target, entry.emoji, entry.on);
    default:
      return undefined;
  }
}

export function editContent(target: number, message: string): string {
  return `edit ${target}: ${message}`;
}

export function deleteContent(target: number): string {
  return `delete ${target}`;
}

export function reactionContent(target: number, emoji: string, on: boolean): string {
  return `${on ? 'react' : 'take back'} ${target} ${emoji}`;
}
