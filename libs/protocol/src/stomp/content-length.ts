import { FrameError } from './frame-error.ts';

const ZERO = 0x30;
const NINE = 0x39;

/**
 * The number of bytes that a `content-length` names: decimal digits and nothing else. `Number` and `parseInt` take
 * signs, spaces, `0x10` and `1e3` as well, and two readers that disagree on a length disagree on every frame after it.
 * @returns the number, inexact from 2 ** 53 on, which is past every limit
 * @throws FrameError bad-content-length
 */
export function parseContentLength(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < ZERO || unit > NINE) throw notANumber();
    length = length * 10 + (unit - ZERO);
  }
  if (text.length === 0) throw notANumber();
  return length;
}

function notANumber(): FrameError {
  return new FrameError('bad-content-length', 'content-length is not a row of decimal digits');
}
