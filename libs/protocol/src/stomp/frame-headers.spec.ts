import { describe, expect, it } from 'vitest';

import { bytesOf, concat, decode, fromClient } from './frame-decoder.harness.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { FrameHeaders } from './frame-headers.ts';

function headersOf(head: string): FrameHeaders | undefined {
  const decoder = new FrameDecoder({ from: 'client', version: '1.2' });
  decoder.push(`${head}\n\0`);
  return decoder.next()?.headers;
}

describe('headers', () => {
  it('[HDR-1] the first colon ends the name; all after it is the value, other colons included', () => {
    const headers = headersOf('SEND\na:b:c::d\nempty:\nonly::\n');
    expect([...(headers ?? [])]).toEqual([['a', 'b:c::d'], ['empty', ''], ['only', ':']]);
    expect(headers?.size).toBe(3);
  });

  it('[HDR-2] neither names nor values are trimmed', () => {
    expect([...(headersOf('SEND\n a : b \nt:\t\n') ?? [])]).toEqual([[' a ', ' b '], ['t', '\t']]);
  });

  it('[HDR-3] of repeated headers the first wins, and the others can still be seen', () => {
    const headers = headersOf('SEND\nfoo:World\nfoo:Hello\nbar:1\nfoo:\n');
    expect(headers?.get('foo')).toBe('World');
    expect(headers?.flat).toEqual(['foo', 'World', 'foo', 'Hello', 'bar', '1', 'foo', '']);
  });

  it('[HDR-4] names that objects have of their own are names like others', () => {
    const headers = headersOf('SEND\n__proto__:1\nconstructor:2\n');
    expect([headers?.get('__proto__'), headers?.get('constructor')]).toEqual(['1', '2']);
    expect([headers?.get('toString'), headers?.get('hasOwnProperty'), headers?.has('valueOf')]).toEqual([
      undefined, undefined, false,
    ]);
    expect(Object.getPrototypeOf(headers)).toBe(FrameHeaders.prototype);
  });

  it('[HDR-4] names are compared exactly', () => {
    const headers = headersOf('SEND\nReceipt:1\n');
    expect([headers?.get('receipt'), headers?.get('Receipt'), headers?.has('Receipt')]).toEqual([undefined, '1', true]);
  });

  it('[HDR-5] a line without a colon or without a name is a fault', () => {
    for (const line of ['nocolon', ' ', ':value', ':', '\rx']) {
      expect(fromClient(`SEND\na:1\n${line}\n\n\0`).error).toBe('bad-header');
    }
  });

  it('[HDR-6] NUL before the blank line is a fault, found where it stands', () => {
    expect(fromClient('SEND\na:1\0').error).toBe('bad-header');
    expect(fromClient('SEND\n\0').error).toBe('bad-header');
    expect(fromClient('SEND\na:1\0b\n\n\0').error).toBe('bad-header');
    expect(fromClient('SEND\0').error).toBe('bad-command');
  });

  it('[HDR-7] names and values are UTF-8, and what is not is a fault', () => {
    expect([...(headersOf('SEND\nключ:знач 😀\n') ?? [])]).toEqual([['ключ', 'знач 😀']]);
    const wrong = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80]];
    for (const bytes of wrong) {
      const value = concat([bytesOf('SEND\na:'), Uint8Array.from(bytes), bytesOf('\n\n\0')]);
      const name = concat([bytesOf('SEND\n'), Uint8Array.from(bytes), bytesOf(':a\n\n\0')]);
      expect([fromClient(value).error, fromClient(name).error]).toEqual(['bad-utf8', 'bad-utf8']);
    }
  });

  it('[HDR-7] a byte order mark and U+FFFD are characters like others', () => {
    const headers = headersOf('SEND\n\ufeffa:\ufeffb\nc:\ufffd\n');
    expect([...(headers ?? [])]).toEqual([['\ufeffa', '\ufeffb'], ['c', '\ufffd']]);
  });

  it('[HDR-8] a CR that is not part of a line end is a fault in 1.2 and kept in 1.0 and 1.1', () => {
    const input = 'SEND\na:1\r2\r\r\n\n\0';
    expect(decode({ from: 'client', version: '1.2' }, input).error).toBe('bad-header');
    expect(decode({ from: 'client', version: '1.2' }, 'SEND\na\rb:1\n\n\0').error).toBe('bad-header');
    for (const version of ['1.0', '1.1'] as const) {
      expect(decode({ from: 'client', version }, input).frames[0]?.headers).toEqual([['a', '1\r2\r']]);
    }
  });

  it('[HDR-9] headers to be written may be a record, of which undefined values are left out', () => {
    const headers = FrameHeaders.from({ a: '1', b: undefined, c: '' });
    expect([...headers]).toEqual([['a', '1'], ['c', '']]);
    expect(FrameHeaders.from(headers)).toBe(headers);
  });
});
