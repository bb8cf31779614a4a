/**
 * What goes out escaped, as SockJS 0.3 asks for: characters that browsers have changed or lost on their way. `%` is ours:
 * the event-source receiver of `sockjs-client` takes what follows one for a percent-encoded character.
 */
const FRAGILE = /[%\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufff0-\uffff]/;
const EVERY_FRAGILE = new RegExp(FRAGILE, 'g');

/** A text as the JSON string that SockJS frames are made of, quotes included. */
export function sockJsString(text: string): string {
  // Control characters and halves of characters are escaped by this already.
  const quoted = JSON.stringify(text);
  return FRAGILE.test(quoted) ? quoted.replace(EVERY_FRAGILE, escape) : quoted;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
