import type { MENTION_ROOM } from '@chat/protocol';

/** Held to the protocol by its type alone: the value would bring all schemas into the page. */
const EVERYBODY: typeof MENTION_ROOM = '@room';

/** What a message's text consists of. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `host` where the text is a title that does not show where it leads. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly host?: string }
  /** `id` of who is named; without one everybody in the room. */
  | { readonly kind: 'mention'; readonly text: string; readonly id?: string };

const ADDRESS = String.raw`https?:\/\/[^\s<>"]*[^\s<>"'.,:;!?)\]}]`;
const TITLED = String.raw`\[([^\[\]\n]{1,200})\]\(((?:https?:\/\/|mailto:)[^\s<>"()]+)\)`;
const MENTION = String.raw`(?<![a-z0-9._@-])@([a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9]))`; // as the server looks for them
const PART = new RegExp(`${TITLED}|(${ADDRESS})|${MENTION}`, 'gi');

/** `mentions` are those whom the server found to be named; everything else that begins with `@` is just text. */
export function partsOf(text: string, mentions: readonly string[]): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(PART)) {
    const part = partOf(match, mentions);
    if (!part) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push(part);
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

function partOf([whole, title, target, address, named]: RegExpMatchArray, mentions: readonly string[]): TextPart | undefined {
  if (address !== undefined) return { kind: 'link', text: address, href: address };
  if (title !== undefined && target !== undefined) return titled(title, target);
  if (named === undefined) return undefined;
  const id = named.toLowerCase();
  if (mentions.includes(id)) return { kind: 'mention', text: whole, id };
  return id === 'room' && mentions.includes(EVERYBODY) ? { kind: 'mention', text: whole } : undefined;
}

function titled(text: string, href: string): TextPart | undefined {
  if (!URL.canParse(href)) return undefined;
  const { protocol, host, pathname } = new URL(href);
  return { kind: 'link', text, href, host: protocol === 'mailto:' ? pathname : host };
}
