import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../conversations/log-entry.ts';
import type { Signal } from '../delivery/signal.ts';
import { DeliveryProof } from './delivery-proof.ts';

function entry(conversationId: string, seq: number): LogEntry {
  return { conversationId, conversationNo: 1, seq, type: 'CHAT', id: 'i', from: 'anna', body: Buffer.from('{}') };
}

function proven(proof: DeliveryProof): string[] {
  return [...proof.onPong()].map(({ conversation, seq }) => `${conversation.conversationId} ${seq}`);
}

describe('delivery proof', () => {
  test('a pong proves what was written before its ping, and nothing after it', () => {
    const proof = new DeliveryProof();
    proof.onEntry(entry('direct:anna:ben', 1), true);
    proof.onEntry(entry('direct:anna:ben', 2), true);
    proof.onEntry(entry('direct:anna:chloe', 9), true);
    proof.onPing();
    proof.onEntry(entry('direct:anna:ben', 3), true);
    expect(proven(proof)).toEqual(['direct:anna:ben 2', 'direct:anna:chloe 9']);
    expect(proof.wantsPing).toBe(true);
    proof.onPing();
    expect(proven(proof)).toEqual(['direct:anna:ben 3']);
    expect(proof.wantsPing).toBe(false);
  });

  test('without a ping on its way a pong proves nothing', () => {
    const proof = new DeliveryProof();
    proof.onEntry(entry('direct:anna:ben', 1), true);
    expect(proven(proof)).toEqual([]);
    expect(proof.wantsPing).toBe(true);
  });

  test('[S4] a version of cursors is proven by what was read from the store, never by one told as it moved', () => {
    const conversation = { conversationId: 'direct:anna:ben', conversationNo: 1 };
    const signal: Signal = { conversationId: 'direct:anna:ben', from: 'anna', kind: 'read', version: 6, body: Buffer.from('{}') };
    const proof = new DeliveryProof();
    proof.onEntry(entry('direct:anna:ben', 1), true);
    proof.onSignal(signal); // whether version 5 ever came, nobody knows
    proof.onPing();
    expect([...proof.onPong()].map(({ version }) => version)).toEqual([0]);
    proof.onSignal({ ...signal, state: { conversation, version: 7 } });
    expect(proof.wantsPing).toBe(true);
    proof.onPing();
    expect([...proof.onPong()]).toEqual([{ conversation, seq: 0, version: 7, foreign: false }]);
  });

  test('no second ping while one is unanswered', () => {
    const proof = new DeliveryProof();
    proof.onEntry(entry('direct:anna:ben', 1), true);
    proof.onPing();
    proof.onEntry(entry('direct:anna:ben', 2), true);
    expect(proof.wantsPing).toBe(false);
  });
});
