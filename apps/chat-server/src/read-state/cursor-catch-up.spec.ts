import { describe, expect, test } from 'vitest';
import type { CursorStore, MemberCursor } from '../conversations/cursor-store.port.ts';
import type { Signal } from '../delivery/signal.ts';
import { CursorCatchUp } from './cursor-catch-up.ts';

const AB = { conversationId: 'direct:anna:ben', conversationNo: 7 };
const POSITION = { ...AB, lastSeq: 9, joinedSeq: 0, leftSeq: null, deliveredSeq: 9, cursorVersion: 4, knownCursorVersion: 4, toldVersion: 4 };
const signal = (version: number): Signal => ({ conversationId: AB.conversationId, from: 'anna', kind: 'read', version, body: Buffer.from('{}') });

function scripted(version: number, hidesReading = false): { catchUp: CursorCatchUp; told: string[] } {
  const told: string[] = [];
  const anna: MemberCursor = { conversation: AB, userNo: 1, userId: 'anna', deliveredSeq: 9, readSeq: 8, hidesReading, version, silentMoves: 0 };
  const store = {
    cursorVersions: () => Promise.resolve([{ ...AB, version }]),
    memberCursors: () => Promise.resolve([anna]),
  } as unknown as CursorStore; // nothing else is used
  const catchUp = new CursorCatchUp({ store, tellHere: ({ kind, body }) => told.push(`${kind} ${body.toString()}`) });
  catchUp.onPositions([POSITION]);
  return { catchUp, told };
}

describe('cursor catch-up', () => {
  test('[S4] a READ that was lost, and a later one that came: the next catch-up tells the cursors again, once', async () => {
    const { catchUp, told } = scripted(6);
    catchUp.onSignal(signal(6)); // 5 was lost
    await catchUp.run([1, 2]);
    expect(told.map((line) => line.split(' ')[0])).toEqual(['delivered', 'read']);
    await catchUp.run([1, 2]);
    expect(told).toHaveLength(2);
  });

  test('[S4] nothing is told again where all versions came, in whichever order', async () => {
    const { catchUp, told } = scripted(6);
    catchUp.onSignal(signal(6));
    catchUp.onSignal(signal(5));
    await catchUp.run([1, 2]);
    expect(told).toEqual([]);
  });

  test('the read cursor of somebody who hides it is told to the own sessions alone', async () => {
    const { catchUp, told } = scripted(6, true);
    await catchUp.run([1, 2]);
    expect(told.map((line) => line.split(' ')[0])).toEqual(['delivered', 'own-read']);
  });

  test('conversations that nobody here has any more are forgotten', async () => {
    const { catchUp } = scripted(4);
    catchUp.onPassEnded();
    expect(catchUp.size).toBe(1);
    catchUp.onPassEnded();
    expect(catchUp.size).toBe(0);
    await catchUp.run([1]);
    expect(catchUp.size).toBe(1);
  });
});
