import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutboundFrame } from './connection.port.ts';
import { sockJsString } from './sockjs-string.ts';

describe('a frame for SockJS', () => {
  it('is read back as it was, whatever is in it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(sockJsString(text))).toBe(text);
    }));
    expect(JSON.parse(sockJsString('\ud83d%\udc00'))).toBe('\ud83d%\udc00');
  });

  it('is escaped where SockJS and event sources want it', () => {
    expect(sockJsString('a\0\n"\\%20\u200c\u2028\uffff😀')).toBe('"a\\u0000\\n\\"\\\\\\u002520\\u200c\\u2028\\uffff😀"');
  });

  it('is made once for all who get it', () => {
    const frame = new OutboundFrame(Buffer.from('MESSAGE\n\nüñ\0'));
    expect(frame.sockJs.toString()).toBe('"MESSAGE\\n\\nüñ\\u0000"');
    expect(frame.sockJs).toBe(frame.sockJs);
    expect(Buffer.from(frame.sockJsMessage.bytes).toString()).toBe(`a[${frame.sockJs.toString()}]`);
    expect(frame.sockJsMessage).toBe(frame.sockJsMessage);
  });
});
