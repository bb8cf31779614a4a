import { ChatError } from '@chat/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Appender } from './appender.ts';
import type { LogEntry } from './log-entry.ts';
import { StoreUnavailable, type Appended, type MessageStore, type NewEntry, type Refused } from './message-store.port.ts';

type Call = { readonly texts: readonly (string | null)[]; resolve(answers: readonly (Appended | Refused)[]): void; reject(error: unknown): void };

/** Only what the appender uses; the test gives the answers of `append`. */
class ScriptedStore {
  readonly calls: Call[] = [];
  repeat: Appended | undefined;
  away = false;

  lastSeqs(): Promise<readonly []> {
    return this.away ? Promise.reject(new StoreUnavailable('away', true)) : Promise.resolve([]);
  }

  findRepeat(): Promise<Appended | undefined> {
    return Promise.resolve(this.repeat);
  }

  append(batch: readonly NewEntry[]): Promise<readonly (Appended | Refused)[]> {
    return new Promise((resolve, reject) => {
      this.calls.push({ texts: batch.map((entry) => entry.message), resolve, reject });
    });
  }

  /** Answers the last call: seqs from there on. */
  store(first: number): void {
    const call = this.calls.at(-1);
    call?.resolve(call.texts.map((_, i) => ({ seq: first + i, sentAt: 1_000 })));
  }
}

const SPACING_MS = 100;

describe('appender', () => {
  let store: ScriptedStore;
  let appender: Appender;
  let committed: LogEntry[][];
  let outcomes: string[];
  let available: boolean[];
  let writers: (number | undefined)[];

  beforeEach(() => {
    vi.useFakeTimers();
    store = new ScriptedStore();
    committed = [];
    outcomes = [];
    available = [];
    writers = [];
    // The appender uses nothing else of the store.
    appender = new Appender(store as unknown as MessageStore, {
      onCommitted: (entries) => committed.push([...entries]),
      onAvailability: (now) => available.push(now),
      onWriter: (_entry, leaveVersion) => writers.push(leaveVersion),
      onDefect: () => outcomes.push('defect'),
    }, { batchSize: 3, queueLimit: 5, queueCharacters: 100, spacingMs: SPACING_MS });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const tick = (ms = 1): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  function entryOf(message: string): NewEntry {
    const conversation = { conversationId: 'direct:anna:ben', conversationNo: 1, leaveVersion: 0 };
    return { conversation, senderNo: 1, from: 'anna', type: 'CHAT', key: `c${message}`, message, details: null };
  }

  function sendGroup(messages: readonly string[]): void {
    appender.submitGroup(messages.map(entryOf), {
      onStored: (stored) => outcomes.push(stored.map(({ entry }, i) => `${messages[i]} ${entry.seq}`).join(' ')),
      onRefused: (error) => outcomes.push(`${messages.join(' ')} ${error.code}`),
      onUnknown: () => outcomes.push(`${messages.join(' ')} unknown`),
    });
  }

  function send(message: string): void {
    appender.submit(
      entryOf(message),
      {
        onStored: (entry, repeated) => outcomes.push(`${message} ${entry.seq}${repeated ? ' again' : ''}`),
        onRefused: (error: ChatError) => outcomes.push(`${message} ${error.code}`),
        onUnknown: () => outcomes.push(`${message} unknown`),
      },
    );
  }

  test('[A3] an error of the database after an attempt of unknown outcome is unknown, not refused', async () => {
    send('1');
    await tick();
    store.calls[0]?.reject(new StoreUnavailable('connection lost', false));
    await tick(300);
    store.calls[1]?.reject(new Error('read-only transaction'));
    await tick();
    expect(outcomes).toEqual(['1 unknown', 'defect']);
  });

  test('a store that is back is noticed though nobody sends, and one that goes away as well', async () => {
    send('1');
    await tick();
    store.away = true;
    for (let i = 0; i < 30; i++) {
      store.calls.at(-1)?.reject(new StoreUnavailable('away', true));
      await tick(200);
    }
    expect(outcomes).toEqual(['1 unavailable']);
    await appender.check();
    expect(available).toEqual([false]);
    store.away = false;
    await appender.check();
    expect(available).toEqual([false, true]);
    store.away = true;
    await appender.check();
    expect(available).toEqual([false, true, false]);
  });

  test('[A1] one statement is in flight; what comes meanwhile is the next batch, in order', async () => {
    send('1');
    await tick();
    for (const text of ['2', '3', '4', '5']) send(text);
    await tick(SPACING_MS);
    expect(store.calls.map((call) => call.texts)).toEqual([['1']]);
    store.store(1);
    await tick();
    expect(store.calls.map((call) => call.texts)).toEqual([['1'], ['2', '3', '4']]);
    store.store(2);
    await tick(SPACING_MS);
    store.store(5);
    await tick();
    expect(outcomes).toEqual(['1 1', '2 2', '3 3', '4 4', '5 5']);
  });

  test('[A7] a group is never divided over batches, and has one outcome, by itself where the database refuses its batch', async () => {
    send('0');
    await tick();
    for (const text of ['1', '2']) send(text);
    sendGroup(['a', 'b']);
    expect(store.calls.map((call) => call.texts)).toEqual([['0']]);
    store.store(1);
    await tick(SPACING_MS);
    store.store(2);
    await tick(SPACING_MS);
    store.store(4);
    await tick();
    expect(store.calls.map((call) => call.texts)).toEqual([['0'], ['1', '2'], ['a', 'b']]);
    sendGroup(['c', 'd']);
    send('3');
    await tick(SPACING_MS);
    store.calls.at(-1)?.reject(new Error('a value that it does not take'));
    await tick(SPACING_MS);
    store.calls.at(-1)?.reject(new Error('a value that it does not take'));
    await tick(SPACING_MS);
    store.store(6);
    await tick();
    expect(store.calls.slice(3).map((call) => call.texts)).toEqual([['c', 'd', '3'], ['c', 'd'], ['3']]);
    expect(outcomes).toEqual(['0 1', '1 2', '2 3', 'a 4 b 5', 'c d internal', 'defect', '3 6']);
  });

  test('[A7] a group for which there is no room is refused whole', async () => {
    for (const text of ['1', '2', '3', '4']) send(text);
    sendGroup(['a', 'b']);
    expect(outcomes).toEqual(['a b unavailable']);
    await tick();
  });

  test('a statement begins some time after the one before, and takes what came meanwhile; the first begins at once', async () => {
    send('1');
    await tick();
    store.store(1);
    await tick();
    send('2');
    await tick(SPACING_MS / 2);
    send('3');
    expect(store.calls.map((call) => call.texts)).toEqual([['1']]);
    await tick(SPACING_MS / 2);
    expect(store.calls.map((call) => call.texts)).toEqual([['1'], ['2', '3']]);
  });

  test('[A5] nobody is told anything before the commit, and routing follows the receipts', async () => {
    send('1');
    await tick(50);
    expect([outcomes, committed]).toEqual([[], []]);
    store.store(1);
    await tick();
    expect(outcomes).toEqual(['1 1']);
    expect(committed.map((entries) => entries.map((entry) => entry.seq))).toEqual([[1]]);
  });

  test('[A3] a lost answer is asked for again with the same keys until it is known', async () => {
    send('1');
    await tick();
    for (let i = 0; i < 3; i++) {
      store.calls.at(-1)?.reject(new StoreUnavailable('connection lost', false));
      await tick(250);
    }
    expect(outcomes).toEqual([]);
    store.calls.at(-1)?.resolve([{ seq: 7, sentAt: 1, repeatOf: { type: 'CHAT', message: '1', details: null } }]);
    await tick();
    expect(store.calls.every((call) => call.texts[0] === '1')).toBe(true);
    expect(outcomes).toEqual(['1 7 again']);
    expect(committed.flat().map((entry) => entry.seq)).toEqual([7]); // [A5] routed like a first
    expect(available).toEqual([false, true]);
  });

  test('[A3] what stays unknown ends without an answer, what was never sent is unavailable', async () => {
    send('1');
    await tick();
    send('2');
    for (let waited = 0; waited < 31_000; waited += 200) {
      store.calls.at(-1)?.reject(new StoreUnavailable('connection lost', false));
      await tick(200);
    }
    expect(outcomes).toEqual(['2 unavailable', '1 unknown']);
  });

  test('[A3] a store that cannot be reached at all refuses with unavailable after a while', async () => {
    send('1');
    await tick();
    for (let waited = 0; waited < 3_400; waited += 200) {
      store.calls.at(-1)?.reject(new StoreUnavailable('refused', true));
      await tick(200);
    }
    expect(outcomes).toEqual(['1 unavailable']);
  });

  test('[A4] a send past a limit gets the outcome of the stored one that it repeats, or else the refusal', async () => {
    const refusal = new ChatError('rate-limited', 'too fast');
    const conversation = { conversationId: 'direct:anna:ben', conversationNo: 1, leaveVersion: 0 };
    const entry = { conversation, senderNo: 1, from: 'anna', type: 'CHAT' as const, key: 'cx', message: 'x', details: null };
    const outcome = {
      onStored: (stored: LogEntry, repeated: boolean) => outcomes.push(`${stored.seq} ${repeated ? 'again' : 'new'}`),
      onRefused: (error: ChatError) => outcomes.push(error.code),
      onUnknown: () => outcomes.push('unknown'),
    };
    await appender.submitRepeatOnly(entry, outcome, refusal);
    store.repeat = { seq: 4, sentAt: 1, repeatOf: { type: 'CHAT', message: 'x', details: null } };
    await appender.submitRepeatOnly(entry, outcome, refusal);
    expect(outcomes).toEqual(['rate-limited', '4 again']);
    expect(store.calls).toEqual([]);
  });

  test('past its bound the queue refuses with unavailable, at once', async () => {
    send('0');
    await tick();
    for (const text of ['1', '2', '3', '4', '5', '6']) send(text);
    expect(outcomes).toEqual(['6 unavailable']);
  });

  test('the queue is bounded by the length of its texts as well, and has room again once they are stored', async () => {
    send('0');
    await tick();
    send('x'.repeat(100));
    send('1');
    expect([outcomes, appender.queuedCharacters]).toEqual([['1 unavailable'], 100]);
    store.store(1);
    await tick(SPACING_MS);
    send('2');
    expect([outcomes.length, appender.queuedCharacters]).toEqual([2, 1]);
  });

  test('an entry that the store refuses is refused with its reason, and the others are stored and told', async () => {
    send('1');
    send('2');
    await tick();
    store.calls.at(-1)?.resolve([{ refused: 'not-member' }, { seq: 1, sentAt: 1, leaveVersion: 3 }]);
    await tick();
    expect(outcomes).toEqual(['1 forbidden', '2 1']);
    expect(committed.flat()).toHaveLength(1);
    expect(writers).toEqual([undefined, 3]);
  });

  test('a repeat with other content is a conflict, and is not routed', async () => {
    send('new');
    await tick();
    store.calls.at(-1)?.resolve([{ seq: 1, sentAt: 1, repeatOf: { type: 'CHAT', message: 'old', details: null } }]);
    await tick();
    expect(outcomes).toEqual(['new conflict']);
    expect(committed.flat()).toEqual([]);
  });

  test('an entry that the database refuses costs nobody else anything', async () => {
    send('1');
    send('poison');
    send('2');
    await tick();
    store.calls.at(-1)?.reject(new Error('invalid byte sequence'));
    await tick();
    store.store(1);
    await tick();
    store.calls.at(-1)?.reject(new Error('invalid byte sequence'));
    await tick();
    store.store(2);
    await tick();
    expect(outcomes).toEqual(['1 1', 'poison internal', 'defect', '2 2']);
  });

  test('stopping takes nothing more and waits for what was taken', async () => {
    send('1');
    await tick();
    let stopped = false;
    void appender.stop().then(() => (stopped = true));
    send('2');
    await tick();
    expect([stopped, outcomes]).toEqual([false, ['2 unavailable']]);
    store.store(1);
    await tick();
    expect([stopped, outcomes]).toEqual([true, ['2 unavailable', '1 1']]);
  });
});
