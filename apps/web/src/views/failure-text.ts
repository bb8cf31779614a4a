import { RequestError } from '@chat/chat-client';
import type { Translator } from '../texts/texts.ts';

/** What happened and what one can do, for a call that failed. */
export function failureText(fault: unknown, texts: Translator): string {
  if (!(fault instanceof RequestError)) return texts.text('error.unknown');
  switch (fault.code) {
    case 'unreachable':
      return texts.text('error.unreachable');
    case 'unavailable':
      return texts.text('error.unavailable');
    case 'rate-limited':
      return fault.retryAfterMs === undefined
        ? texts.text('error.tooMany')
        : texts.text('error.tooManyFor', { seconds: Math.ceil(fault.retryAfterMs / 1_000) });
    case 'forbidden':
      return texts.text('error.forbidden');
    case 'not-found':
      return texts.text('error.notFound');
    case 'conflict':
      return texts.text('error.conflict');
    default:
      return texts.text('error.unknown');
  }
}
