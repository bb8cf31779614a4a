import { ChatError, exceedsCodePoints } from '@chat/protocol';

/** Throws `ChatError` for a text that is longer than `codePoints`, or that cannot be stored. */
export function checkText(message: string, codePoints: number): void {
  if (exceedsCodePoints(message, codePoints)) {
    throw new ChatError('too-large', `The message is longer than ${codePoints} characters.`);
  }
  // PostgreSQL stores neither, and one such text would spoil the batch of everyone in it.
  if (message.includes('\0') || !message.isWellFormed()) {
    throw new ChatError('bad-request', 'The message contains a NUL or half a character.');
  }
}
