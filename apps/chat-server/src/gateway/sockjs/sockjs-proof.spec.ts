import { beforeEach, describe, expect, it } from 'vitest';
import { SockJsProof } from './sockjs-proof.ts';

let proof: SockJsProof;
beforeEach(() => {
  proof = new SockJsProof();
});

function send(messages: number): void {
  for (let i = 0; i < messages; i++) proof.onSent();
}

describe('proof by requests', () => {
  it('[SOCKJS-15] a request that came after all was carried proves it, when it is asked for', () => {
    send(2);
    proof.onCarried(2);
    expect(proof.onRequest()).toBe(false);
    expect(proof.ask(0)).toBe(true);
    expect(proof.askedAt).toBeUndefined();
  });

  it('[SOCKJS-15] what is proven is told once: the next to be asked for is a sign of life', () => {
    send(1);
    proof.onCarried(1);
    proof.onRequest();
    expect([proof.ask(0), proof.ask(1)]).toEqual([true, false]);
    expect(proof.askedAt).toBe(1);
    expect(proof.onRequest()).toBe(true);
    expect(proof.onRequest()).toBe(false);
  });

  it('[SOCKJS-15] a request proves nothing of what still waited when it came', () => {
    send(3);
    proof.onCarried(2);
    expect(proof.ask(0)).toBe(false);
    expect(proof.onRequest()).toBe(false);
    proof.onCarried(1);
    expect(proof.onRequest()).toBe(true);
  });

  it('[SOCKJS-15] what is sent after the question is not waited for', () => {
    send(1);
    proof.onCarried(1);
    proof.ask(0);
    send(1);
    expect(proof.onRequest()).toBe(true);
  });
});
