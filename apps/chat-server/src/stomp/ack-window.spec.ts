import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../conversations/log-entry.ts';
import { AckWindow, SignalNumbers, type AckMode } from './ack-window.ts';

const CONVERSATIONS = 3;

function entry(conversationNo: number, seq: number): LogEntry {
  return { conversationId: `room:${conversationNo}`, conversationNo, seq, id: `${conversationNo}-${seq}`, from: 'anna', type: 'CHAT', body: Buffer.alloc(0) };
}

type Sent = { readonly conversationNo: number; readonly seq: number; answer: 'none' | 'ack' | 'nack' };

/** How far a conversation's cursor may be, by all that was ever said. */
function cursorOf(sent: readonly Sent[], conversationNo: number): number {
  let cursor = 0;
  for (const one of sent.filter((each) => each.conversationNo === conversationNo)) {
    if (one.answer !== 'ack') break;
    cursor = one.seq;
  }
  return cursor;
}

describe('the window of entries that wait for acknowledgement', () => {
  it('[ACK-2] [ACK-3] [ACK-4] moves each cursor as a list of all that was ever answered says', () => {
    const step = fc.record({ conversation: fc.nat(CONVERSATIONS - 1), send: fc.boolean(), which: fc.nat(30), refuse: fc.nat(9).map((n) => n === 0) });
    fc.assert(fc.property(fc.constantFrom<AckMode>('client', 'client-individual'), fc.array(step, { maxLength: 60 }), (mode, steps) => {
      const window = new AckWindow(mode, 1_000, new SignalNumbers());
      const sent: Sent[] = [];
      const cursors = new Map<number, number>();
      for (const { conversation, send, which, refuse } of steps) {
        if (send || sent.length === 0) {
          const seq = sent.filter((one) => one.conversationNo === conversation).length + 1;
          sent.push({ conversationNo: conversation, seq, answer: 'none' });
          window.onSent(entry(conversation, seq), false);
          continue;
        }
        const at = which % sent.length;
        const isWaiting = sent[at]?.answer === 'none';
        for (const [i, one] of sent.entries()) {
          const counts = isWaiting && (i === at || (mode === 'client' && i < at));
          if (counts && one.answer === 'none') one.answer = refuse ? 'nack' : 'ack';
        }
        const named = sent[at];
        for (const { conversation: moved, seq } of window.answer(`${named?.conversationNo}-${named?.seq}`, !refuse)) {
          expect(seq).toBeGreaterThan(cursors.get(moved.conversationNo) ?? 0);
          cursors.set(moved.conversationNo, seq);
        }
        for (let no = 0; no < CONVERSATIONS; no++) expect(cursors.get(no) ?? 0).toBe(cursorOf(sent, no));
        expect(window.room).toBe(1_000 - sent.filter((one) => one.answer === 'none').length);
      }
      const unproven = new Map([...window.unproven()].map(({ conversation, seq }) => [conversation.conversationNo, seq]));
      for (let no = 0; no < CONVERSATIONS; no++) {
        const last = sent.filter((one) => one.conversationNo === no).length;
        expect(unproven.get(no)).toBe(cursorOf(sent, no) < last ? last : undefined);
      }
    }));
  });

  it('[ACK-4] takes an entry that a sync brings again for a new one, whatever was said of it before', () => {
    const window = new AckWindow('client-individual', 10, new SignalNumbers());
    for (const seq of [1, 2, 3]) window.onSent(entry(1, seq), true);
    window.answer('1-1', true);
    window.answer('1-2', false);
    expect(window.answer('1-3', true)).toEqual([]);
    window.onSent(entry(1, 2), true);
    expect(window.answer('1-2', true)).toMatchObject([{ seq: 3, foreign: true }]);
    expect([...window.unproven()]).toEqual([]);
  });

  it('[ACK-2] takes a signal for all entries that were sent before it, in client alone', () => {
    for (const [mode, seq] of [['client', 2], ['client-individual', undefined]] as const) {
      const signals = new SignalNumbers();
      const window = new AckWindow(mode, 10, signals);
      window.onSent(entry(1, 1), true);
      signals.next();
      window.onSent(entry(1, 2), true);
      const signal = signals.next();
      window.onSent(entry(1, 3), true);
      expect(window.answer(signal, true).map((move) => move.seq)).toEqual(seq === undefined ? [] : [seq]);
      expect(window.answer('x', true)).toEqual([]);
    }
  });

  it('[ACK-4] is not moved by the answer to a repeat that came before its place', () => {
    const window = new AckWindow('client', 10, new SignalNumbers());
    window.onSent(entry(1, 1), true);
    window.onSentAgain(entry(1, 5));
    expect(window.answer('1-5', true)).toEqual([]);
    expect(window.answer('1-1', true)).toMatchObject([{ seq: 1 }]);
    expect(window.room).toBe(10);
  });
});
