import { describe, expect, it } from 'vitest';

import { CLIENT_COMMANDS, SERVER_COMMANDS } from './command.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { bytesOf, concat, decode, fromClient } from './frame-decoder.harness.ts';

const SEND = 'SEND\ndestination:/app/chat.send\n\n{"message":"Hi"}\0';

function single(command: string, headers: [string, string][] = [], body = '') {
  return { frames: [{ command, headers, body }], error: undefined, beats: 0 };
}

describe('framing', () => {
  it('[FRAME-1] a frame is a command, headers, a blank line, a body and a NUL', () => {
    expect(fromClient(SEND)).toEqual(single('SEND', [['destination', '/app/chat.send']], '{"message":"Hi"}'));
    expect(fromClient('DISCONNECT\n\n\0')).toEqual(single('DISCONNECT'));
  });

  it('[FRAME-1] one message may hold several frames, which come in order', () => {
    const { frames } = fromClient('SEND\na:1\n\nx\0SEND\na:2\n\ny\0\nSEND\na:3\n\nz\0');
    expect(frames.map(({ headers, body }) => [headers[0]?.[1], body])).toEqual([['1', 'x'], ['2', 'y'], ['3', 'z']]);
  });

  it('[FRAME-2] a frame may be cut at every byte, also within a character', () => {
    const whole = bytesOf('SEND\nnäme:wört 😀\ncontent-length:6\n\n😀é\0\n');
    const expected = fromClient(whole);
    expect(expected.frames).toHaveLength(1);
    expect(expected.error).toBeUndefined();
    for (let cut = 0; cut <= whole.length; cut++) {
      expect(fromClient(whole.subarray(0, cut), whole.subarray(cut))).toEqual(expected);
    }
    expect(fromClient(...Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('[FRAME-2] text and binary messages may take turns within a frame', () => {
    const chunks = ['SEND\nto', bytesOf(':ü\n'), '\nbö', bytesOf('dy'), '\0'];
    expect(fromClient(...chunks)).toEqual(fromClient('SEND\nto:ü\n\nbödy\0'));
  });

  it('[FRAME-2] an empty message changes nothing', () => {
    expect(fromClient('', 'SEN', new Uint8Array(0), 'D\n\n', '', '\0')).toEqual(fromClient('SEND\n\n\0'));
  });

  it('[FRAME-2] the body of a frame that came in pieces stays as it is while later ones come in', () => {
    const decoder = new FrameDecoder({ from: 'client' });
    const bodies = ['first', 'other'].map((body) => {
      for (const character of `SEND\n\n${body}\0`) decoder.push(character);
      return decoder.next()?.body;
    });
    expect(bodies).toEqual([bytesOf('first'), bytesOf('other')]);
  });

  it('[FRAME-2] a Buffer, as ws gives it, that is a part of a larger one is read within its bounds', () => {
    const larger = Buffer.from(`xx${SEND}yy`);
    const decoder = new FrameDecoder({ from: 'client' });
    decoder.push(larger.subarray(2, larger.length - 2));
    const frame = decoder.next();
    expect(frame?.body).toEqual(bytesOf('{"message":"Hi"}'));
    expect(frame?.body).not.toBeInstanceOf(Buffer);
    expect(decoder.next()).toBeUndefined();
  });

  it('[FRAME-3] a frame whose rest has not come is undefined, and no fault', () => {
    const decoder = new FrameDecoder({ from: 'client' });
    expect(decoder.next()).toBeUndefined();
    for (const piece of ['\n', 'SE', 'ND\n', 'a:', 'b\n', '\n', 'bo']) {
      decoder.push(piece);
      expect(decoder.next()).toBeUndefined();
    }
    decoder.push('dy\0');
    expect(decoder.next()).toMatchObject({ command: 'SEND' });
  });

  it('[FRAME-3] midFrame tells whether a frame has begun whose end has not come', () => {
    const decoder = new FrameDecoder({ from: 'client' });
    const midFrameAfter = (chunk: string) => {
      decoder.push(chunk);
      while (decoder.next() !== undefined);
      return decoder.midFrame;
    };
    expect(['\n', 'S', 'END\n', '\n', 'x', '\0', '\r', '\n', 'SEND\n\n\0S'].map(midFrameAfter)).toEqual([
      false, true, true, true, true, false, false, false, true,
    ]);
  });

  it('[FRAME-4] lines end with LF or CRLF, mixed, in every version', () => {
    for (const version of ['1.0', '1.1', '1.2'] as const) {
      const input = 'SEND\r\na:1\nb:2\r\n\r\nbody\r\n\0\r\n';
      expect(decode({ from: 'client', version }, input)).toEqual({
        frames: [{ command: 'SEND', headers: [['a', '1'], ['b', '2']], body: 'body\r\n' }],
        error: undefined,
        beats: 1,
      });
    }
  });

  it('[FRAME-4] a blank line that ends in CRLF after lines that do not is still the end of the headers', () => {
    expect(fromClient('SEND\na:1\n\r\n\n\nx\0')).toEqual(single('SEND', [['a', '1']], '\n\nx'));
  });

  it('[FRAME-5] every command of the side is known', () => {
    const sides = [['client', CLIENT_COMMANDS], ['server', SERVER_COMMANDS]] as const;
    for (const [from, commands] of sides) {
      for (const command of commands) expect(decode({ from }, `${command}\n\n\0`)).toEqual(single(command));
    }
  });

  it('[FRAME-5] any other command is refused: of the other side, in other case, padded, unknown', () => {
    const wrong = ['MESSAGE', 'send', ' SEND', 'SEND ', 'SENDS', 'GET / HTTP/1.1', '__proto__', 'SÉND', '\r', '\0'];
    for (const command of wrong) {
      expect(decode({ from: 'client' }, `${command}\n\n\0`).error).toBe('bad-command');
    }
    for (const command of CLIENT_COMMANDS) expect(decode({ from: 'server' }, `${command}\n\n\0`).error).toBe('bad-command');
    expect(decode({ from: 'client' }, Uint8Array.of(0xff, 0x0a)).error).toBe('bad-command');
  });

  it('[FRAME-6] frames before a fault come; after it the same error for ever, whatever is pushed', () => {
    const decoder = new FrameDecoder({ from: 'client' });
    decoder.push('SEND\n\n1\0SEND\n\n2\0NONSENSE\n\n\0SEND\n\n3\0');
    expect([decoder.next(), decoder.next()].map((frame) => frame?.command)).toEqual(['SEND', 'SEND']);
    const errors = [1, 2, 3].map((attempt) => {
      try {
        decoder.push(`SEND\n\n${attempt}\0`);
        return decoder.next();
      } catch (error) {
        return error;
      }
    });
    expect(errors[0]).toMatchObject({ name: 'FrameError', code: 'bad-command', closeCode: 1002 });
    expect(errors[1]).toBe(errors[0]);
    expect(errors[2]).toBe(errors[0]);
    expect(decoder.midFrame).toBe(false);
  });

  it('[FRAME-7] version and limit that are set while a frame is handled hold for the next one in the same message', () => {
    const decoder = new FrameDecoder({ from: 'client', limits: { frameBytes: 64 } });
    decoder.push(`CONNECT\npasscode:a\\cb\n\n\0SEND\na:a\\cb\n\n${'x'.repeat(100)}\0`);
    expect(decoder.next()?.headers.get('passcode')).toBe('a\\cb');
    decoder.version = '1.2';
    decoder.maxFrameBytes = 200;
    const send = decoder.next();
    expect(send?.headers.get('a')).toBe('a:b');
    expect(send?.body).toHaveLength(100);
    expect([decoder.version, decoder.maxFrameBytes]).toEqual(['1.2', 200]);
  });

  it('[FRAME-8] a body on a frame that should have none is handed on', () => {
    expect(fromClient('SUBSCRIBE\nid:1\n\nbody\0')).toEqual(single('SUBSCRIBE', [['id', '1']], 'body'));
  });

  it('[FRAME-9] the halves of a character that a client cut in two between text messages are joined', () => {
    const text = 'SEND\nname:😀\n\n😀\0';
    for (let cut = 0; cut <= text.length; cut++) {
      expect(fromClient(text.slice(0, cut), text.slice(cut))).toEqual(fromClient(text));
    }
    for (const empty of ['', new Uint8Array(0)]) {
      expect(fromClient('SEND\n\n\ud83d', empty, '\ude00\0')).toEqual(fromClient('SEND\n\n😀\0'));
    }
  });

  it('[FRAME-9] a half whose other half never comes becomes U+FFFD', () => {
    const replaced = fromClient('SEND\n\n\ufffd\0');
    expect(fromClient('SEND\n\n\ud83d', bytesOf('\0'))).toEqual(replaced);
    expect(fromClient('SEND\n\n\ud83d', '\0')).toEqual(replaced);
    expect(fromClient('SEND\n\n\ude00\0')).toEqual(replaced);
  });

  it('[FRAME-11] what the handling of a frame throws reaches its caller, and the next frame still comes', () => {
    const decoder = new FrameDecoder({ from: 'client' });
    decoder.push('SEND\n\n1\0SEND\n\n2\0');
    const handleNext = () => {
      const frame = decoder.next();
      if (frame?.body[0] === 0x31) throw new RangeError('a fault of the handler');
      return frame?.body;
    };
    expect(handleNext).toThrow(RangeError);
    expect(handleNext()).toEqual(bytesOf('2'));
  });
});

describe('heart-beats', () => {
  it('[BEAT-1] line ends between frames are counted and are no frames', () => {
    expect(fromClient('\n', '\r\n', '\n\nSEND\n\n\0\n\r', '\n')).toEqual({ ...single('SEND'), beats: 6 });
  });

  it('[BEAT-2] a CR between frames that no LF follows, and a stray NUL, are faults', () => {
    expect(fromClient('\rSEND\n\n\0').error).toBe('bad-command');
    expect(fromClient('\r', '\r\n').error).toBe('bad-command');
    expect(fromClient('SEND\n\n\0\0').error).toBe('bad-command');
  });

  it('[BEAT-3] more line ends in a row than the limit in one message are a fault; over many messages they are not', () => {
    const options = { from: 'client', limits: { beatsInARow: 3 } } as const;
    expect(decode(options, '\n\n\n')).toEqual({ frames: [], error: undefined, beats: 3 });
    expect(decode(options, '\n\n\n\n').error).toBe('too-many-beats');
    expect(decode(options, '\n\n\n', '\n\n\n', '\n')).toEqual({ frames: [], error: undefined, beats: 7 });
    expect(decode(options, 'SEND\n\n\0\n\n\nSEND\n\n\0\n\n\n')).toMatchObject({ error: undefined, beats: 6 });
  });
});

describe('content-length', () => {
  it('[LEN-1] counts the bytes of a body, which may hold NUL and anything else', () => {
    expect(fromClient('SEND\ncontent-length:5\n\na\0b\0c\0')).toEqual(single('SEND', [['content-length', '5']], 'a\0b\0c'));
    expect(fromClient('SEND\ncontent-length:4\n\n😀\0').frames).toHaveLength(1);
    const notUtf8 = concat([bytesOf('SEND\ncontent-length:2\n\n'), Uint8Array.of(0xff, 0xfe, 0)]);
    expect(fromClient(notUtf8)).toEqual(single('SEND', [['content-length', '2']], '\xff\xfe'));
    expect(fromClient('SEND\ncontent-length:0\n\n\0').error).toBeUndefined();
    expect(fromClient('SEND\ncontent-length:00002\n\nab\0').error).toBeUndefined();
  });

  it('[LEN-2] is decimal digits and nothing else', () => {
    const wrong = ['', '-1', '+5', '0x10', '1e3', '5.0', ' 5', '5 ', '5\t', 'NaN', 'Infinity', '５', '5,5', '5n', '5\\n'];
    for (const value of wrong) {
      expect(fromClient(`SEND\ncontent-length:${value}\n\nabcde\0`)).toEqual({
        frames: [], error: 'bad-content-length', beats: 0,
      });
    }
  });

  it('[LEN-3] the byte after the body has to be NUL', () => {
    expect(fromClient('SEND\ncontent-length:2\n\nabc\0').error).toBe('body-not-terminated');
    expect(fromClient('SEND\ncontent-length:0\n\nSEND\n\n\0').error).toBe('body-not-terminated');
    expect(fromClient('SEND\ncontent-length:2\n\na', 'b', '\n').error).toBe('body-not-terminated');
  });

  it('[LEN-4] without it the body ends at the first NUL', () => {
    const { frames } = fromClient('SEND\n\nab\0SEND\n\ncd\0');
    expect(frames.map(({ body }) => body)).toEqual(['ab', 'cd']);
  });

  it('[LEN-5] of several the first counts', () => {
    expect(fromClient('SEND\ncontent-length:1\ncontent-length:3\n\na\0').error).toBeUndefined();
    expect(fromClient('SEND\ncontent-length:3\ncontent-length:1\n\na\0').frames).toEqual([]);
  });
});

describe('limits', () => {
  it('[LIM-1] a frame of exactly the limit passes, one byte more does not, counted from command to NUL', () => {
    for (const head of ['SEND\n\n', 'SEND\ncontent-length:14\n\n']) {
      const frame = `${head}${'x'.repeat(14)}\0`;
      const limits = (frameBytes: number) => ({ from: 'client', limits: { frameBytes } }) as const;
      expect(decode(limits(frame.length), frame, frame)).toMatchObject({ error: undefined, frames: [{}, {}] });
      expect(decode(limits(frame.length - 1), frame)).toMatchObject({ error: 'frame-too-large', frames: [] });
      expect(decode(limits(frame.length - 1), ...frame)).toMatchObject({ error: 'frame-too-large', frames: [] });
    }
  });

  it('[LIM-1] a body too large by its content-length is refused before any of it has come', () => {
    for (const length of ['65536', '4294967296', '9007199254740993', '9'.repeat(400)]) {
      expect(fromClient(`SEND\ncontent-length:${length}\n\n`).error).toBe('frame-too-large');
    }
  });

  it('[LIM-1] a body without an end is refused as soon as it passes the limit', () => {
    const options = { from: 'client', limits: { frameBytes: 100 } } as const;
    expect(decode(options, 'SEND\n\n', 'x'.repeat(94)).error).toBeUndefined();
    expect(decode(options, 'SEND\n\n', 'x'.repeat(94), 'x').error).toBe('frame-too-large');
    expect(decode(options, 'SEND\n', ...Array.from({ length: 10 }, () => 'header:value\n')).error).toBe('frame-too-large');
  });

  it('[LIM-1] a fault past the limit is not looked at: the frame is too large, in one piece as in many', () => {
    const options = { from: 'client', limits: { frameBytes: 18 } } as const;
    const frame = 'SEND\naaaaaaaaaa:1\nnocolon\n\n\0';
    expect([decode(options, frame).error, decode(options, ...frame).error]).toEqual(['frame-too-large', 'frame-too-large']);
  });

  it('[LIM-2] 32 headers pass, the 33rd does not, repeated ones counted', () => {
    const withHeaders = (count: number) => `SEND\n${'a:1\n'.repeat(count)}\n\0`;
    expect(fromClient(withHeaders(32)).error).toBeUndefined();
    expect(fromClient(withHeaders(33)).error).toBe('too-many-headers');
    expect(fromClient(...withHeaders(33)).error).toBe('too-many-headers');
  });

  it('[LIM-3] a header line of 4 KiB passes, one byte more does not, its line end not counted', () => {
    const line = `a:${'x'.repeat(4094)}`;
    for (const lineEnd of ['\n', '\r\n']) {
      expect(fromClient(`SEND\n${line}${lineEnd}\n\0`).error).toBeUndefined();
      expect(fromClient(`SEND\n${line}x${lineEnd}\n\0`).error).toBe('header-too-large');
      expect(fromClient('SEND\n', ...`${line}x${lineEnd}\n\0`).error).toBe('header-too-large');
    }
    expect(fromClient(`SEND\na:${'é'.repeat(2048)}\n\n\0`).error).toBe('header-too-large');
  });

  it('[LIM-3] a header line without an end is refused once it is too long', () => {
    expect(fromClient('SEND\n', 'a'.repeat(4098)).error).toBeUndefined();
    expect(fromClient('SEND\n', 'a'.repeat(4098), 'a').error).toBe('header-too-large');
  });

  it('[LIM-4] a first line longer than any command is refused before its end', () => {
    expect(fromClient('x'.repeat(40)).error).toBe('bad-command');
    expect(fromClient(...'x'.repeat(40)).error).toBe('bad-command');
    expect(fromClient(`${'x'.repeat(2000)}\n\n\0`).error).toBe('bad-command');
  });

  it('[LIM-5] limits other than the default hold', () => {
    const limits = { headers: 1, headerBytes: 8, commandBytes: 12 };
    expect(decode({ from: 'client', limits }, 'SEND\na:1\nb:2\n\n\0').error).toBe('too-many-headers');
    expect(decode({ from: 'client', limits }, 'SEND\na:1234567\n\n\0').error).toBe('header-too-large');
    expect(decode({ from: 'client', limits }, 'UNSUBSCRIBE\na:123456\n\n\0').error).toBeUndefined();
  });
});
