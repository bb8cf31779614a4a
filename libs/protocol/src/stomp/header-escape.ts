import { FrameError } from './frame-error.ts';
import { BACKSLASH, COLON, CR, LF, NUL } from './octet.ts';
import type { StompVersion } from './version.ts';

/**
 * A header's text as it stands on the wire of `version`. What that version has no escape for (NUL in each; CR in 1.1;
 * CR and LF in 1.0) becomes a space: left as it is it would break the frame, left out it would join the text on its
 * two sides to a value that nobody wrote.
 */
export function escapeHeader(text: string, version: StompVersion): string {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === COLON || unit === BACKSLASH || unit <= CR) return escapeFrom(index, text, version);
  }
  return text;
}

/** The same for a header's name: 1.0 cannot write a colon in one, as the first colon ends the name. */
export function escapeHeaderName(name: string, version: StompVersion): string {
  const escaped = escapeHeader(name, version);
  return version === '1.0' && escaped.includes(':') ? escaped.replaceAll(':', ' ') : escaped;
}

/**
 * The text that a header on the wire of `version` stands for, in one pass: a character made by one escape never takes
 * part in another.
 * @throws FrameError bad-escape where the version does not define the escape
 */
export function unescapeHeader(text: string, version: StompVersion): string {
  let backslash = version === '1.0' ? -1 : text.indexOf('\\');
  if (backslash === -1) return text;
  let unescaped = '';
  let done = 0;
  while (backslash !== -1) {
    unescaped += text.slice(done, backslash) + characterOf(text.charCodeAt(backslash + 1), version);
    done = backslash + 2;
    backslash = text.indexOf('\\', done);
  }
  return unescaped + text.slice(done);
}

function escapeFrom(start: number, text: string, version: StompVersion): string {
  let escaped = text.slice(0, start);
  let done = start;
  for (let index = start; index < text.length; index++) {
    const replacement = replacementOf(text.charCodeAt(index), version);
    if (replacement === undefined) continue;
    escaped += text.slice(done, index) + replacement;
    done = index + 1;
  }
  return escaped + text.slice(done);
}

function replacementOf(unit: number, version: StompVersion): string | undefined {
  if (unit === BACKSLASH) return version === '1.0' ? undefined : '\\\\';
  if (unit === COLON) return version === '1.0' ? undefined : '\\c';
  if (unit === LF) return version === '1.0' ? ' ' : '\\n';
  if (unit === CR) return version === '1.2' ? '\\r' : ' ';
  if (unit === NUL) return ' ';
  return undefined;
}

/** @param unit NaN where the text ends after the backslash */
function characterOf(unit: number, version: StompVersion): string {
  switch (unit) {
    case BACKSLASH:
      return '\\';
    case 0x63:
      return ':';
    case 0x6e:
      return '\n';
    case 0x72:
      if (version === '1.2') return '\r';
      throw new FrameError('bad-escape', 'escape \\r in a header, which STOMP 1.1 does not define');
    default:
      throw new FrameError('bad-escape', `undefined escape in a header: STOMP ${version} has only ${ESCAPES[version]}`);
  }
}

const ESCAPES = { '1.0': 'none', '1.1': '\\n \\c \\\\', '1.2': '\\r \\n \\c \\\\' } as const;
