import { ChatError } from '@chat/protocol';

// The emoji that Unicode recommends for interchange, each of them one grapheme: also flags, skin tones and families.
const ONE_EMOJI = /^\p{RGI_Emoji}$/v;
/** Asks for the coloured picture where a character has a plain one as well. */
const EMOJI_PRESENTATION = '\ufe0f';

/** The emoji in the form in which it is counted: ❤ with and without its variation selector is the same. Throws `ChatError`. */
export function normalizedEmoji(text: string): string {
  if (ONE_EMOJI.test(text)) return text;
  if (ONE_EMOJI.test(text + EMOJI_PRESENTATION)) return text + EMOJI_PRESENTATION;
  throw new ChatError('bad-request', 'emoji must be one emoji.');
}
