import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Outcome } from '../commands/command-table.ts';
import { newDeliveryCounts } from '../delivery/delivery-counts.ts';
import { gatesOn, ScriptedLog } from '../delivery/scripted-log.fixture.ts';
import { SignalNumbers } from './ack-window.ts';
import { MessagesFeeds } from './messages-feeds.ts';
import type { SessionServices } from './session-services.ts';
import type { Subscription } from './subscription.ts';

const outcome = { done: () => undefined } as unknown as Outcome; // the rest is not used

describe('feeds of a session', () => {
  let asked: string[];
  let register: () => void;
  let feeds: MessagesFeeds;
  const subscription = { stop: () => undefined, sendEntry: () => undefined, sendBody: () => undefined } as unknown as Subscription;

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    const log = new ScriptedLog();
    const counts = newDeliveryCounts();
    const services = {
      gates: gatesOn(log, { counts }),
      log,
      counts,
      catchUp: () => asked.push('catch-up'),
      reads: {
        openDevice: () => Promise.resolve(1),
        positions: () => {
          asked.push('positions');
          return Promise.resolve([]);
        },
        cursorSignals: () => Promise.resolve([]),
      },
    } as unknown as SessionServices; // feeds use nothing else when they open
    feeds = new MessagesFeeds({
      user: { userNo: 1, userId: 'anna', displayName: 'Anna', signIn: 's', device: undefined, expiresAt: Number.POSITIVE_INFINITY },
      deviceName: 'phone',
      services,
      session: { signals: new SignalNumbers(), drained: () => Promise.resolve(), failed: (error) => expect(error).toBeUndefined() },
      registered: new Promise((resolve) => (register = resolve)),
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('[R1] the log is read only after the session is registered', async () => {
    feeds.add(subscription, false, () => asked.push('live'));
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toEqual([]);
    register();
    await vi.advanceTimersByTimeAsync(10);
    expect(asked).toEqual(['positions', 'live']);
  });

  test('[R1] with the directory away it goes live after a second; registering late brings a catch-up', async () => {
    feeds.add(subscription, false, () => asked.push('live'));
    await vi.advanceTimersByTimeAsync(1_010);
    expect(asked).toEqual(['positions', 'live']);
    register();
    await vi.advanceTimersByTimeAsync(10);
    expect(asked).toEqual(['positions', 'live', 'catch-up']);
  });

  test('with resume:sync it waits for the sync, 10 s at most', async () => {
    register();
    feeds.add(subscription, true, () => asked.push('subscribed'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toEqual(['subscribed']);
    feeds.sync({ kind: 'sync', cursors: new Map(), fresh: true, limit: undefined }, outcome);
    await vi.advanceTimersByTimeAsync(10);
    expect(asked).toEqual(['subscribed', 'positions']);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toEqual(['subscribed', 'positions']);
  });

  test('with resume:sync and no sync it starts from the device’s cursors after 10 s', async () => {
    register();
    feeds.add(subscription, true, () => undefined);
    await vi.advanceTimersByTimeAsync(9_900);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual(['positions']);
  });
});
