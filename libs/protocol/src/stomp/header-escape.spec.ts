import { describe, expect, it } from 'vitest';

import { decode } from './frame-decoder.harness.ts';
import type { FrameErrorCode } from './frame-error.ts';
import { escapeHeader, unescapeHeader } from './header-escape.ts';
import type { StompVersion } from './version.ts';

type Header = readonly [name: string, value: string];

function headerFrom(version: StompVersion, command: string, line: string): Header | FrameErrorCode | undefined {
  const { frames, error } = decode({ from: 'client', version }, `${command}\n${line}\n\n\0`);
  return error ?? frames[0]?.headers[0];
}

describe('escapes', () => {
  it('[ESC-1] 1.2 reads \\r \\n \\c \\\\ in names and values', () => {
    expect(headerFrom('1.2', 'SEND', 'a\\c\\r\\n\\\\b:\\c\\r\\n\\\\')).toEqual(['a:\r\n\\b', ':\r\n\\']);
  });

  it('[ESC-2] 1.1 reads \\n \\c \\\\, and \\r is a fault', () => {
    expect(headerFrom('1.1', 'SEND', 'a\\c\\n\\\\b:\\c\\n\\\\')).toEqual(['a:\n\\b', ':\n\\']);
    expect(headerFrom('1.1', 'SEND', 'a:\\r')).toBe('bad-escape');
  });

  it('[ESC-3] 1.0 has no escapes: a backslash is a backslash', () => {
    expect(headerFrom('1.0', 'SEND', 'a\\c:\\n\\t\\')).toEqual(['a\\c', '\\n\\t\\']);
  });

  it('[ESC-4] an undefined escape is a fault, and so is a backslash at the end', () => {
    for (const version of ['1.1', '1.2'] as const) {
      for (const line of ['a:\\t', 'a:\\:', 'a:\\N', 'a:\\0', 'a:x\\', '\\t:a', 'a\\:b', 'a:\\😀', 'a:\\\\\\']) {
        expect(headerFrom(version, 'SEND', line)).toBe('bad-escape');
      }
    }
  });

  it('[ESC-5] headers of CONNECT and STOMP are read as they stand, in every version', () => {
    for (const version of ['1.0', '1.1', '1.2'] as const) {
      for (const command of ['CONNECT', 'STOMP']) {
        expect(headerFrom(version, command, 'passcode:a\\cb\\t\\')).toEqual(['passcode', 'a\\cb\\t\\']);
      }
      const connected = decode({ from: 'server', version }, 'CONNECTED\nuser-name:a\\cb\n\n\0');
      expect(connected.frames[0]?.headers).toEqual([['user-name', 'a\\cb']]);
    }
  });

  it('[ESC-6] escapes are read in one pass: what one makes is not part of another', () => {
    expect(unescapeHeader('a\\\\nb', '1.2')).toBe('a\\nb');
    expect(unescapeHeader('\\\\c\\\\r\\\\\\\\n', '1.2')).toBe('\\c\\r\\\\n');
    expect(headerFrom('1.2', 'SEND', 'a:C\\c\\\\new')).toEqual(['a', 'C:\\new']);
  });

  it('[ESC-7] what is written is what that version reads back', () => {
    const text = 'a:b\\n\nc\\\\r:';
    expect(escapeHeader(text, '1.2')).toBe('a\\cb\\\\n\\nc\\\\\\\\r\\c');
    for (const version of ['1.1', '1.2'] as const) expect(unescapeHeader(escapeHeader(text, version), version)).toBe(text);
    expect(escapeHeader('\r', '1.2')).toBe('\\r');
    expect(escapeHeader('a:b\\n', '1.0')).toBe('a:b\\n');
  });

  it('[ENC-2] what a version cannot write becomes a space', () => {
    expect(escapeHeader('a\0b\rc\nd', '1.2')).toBe('a b\\rc\\nd');
    expect(escapeHeader('a\0b\rc\nd', '1.1')).toBe('a b c\\nd');
    expect(escapeHeader('a\0b\rc\nd', '1.0')).toBe('a b c d');
  });
});
