import { type ChatApi, type ChatClient, type ClientEvents, Events } from '@chat/chat-client';
import type { Entry } from '@chat/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { People } from './people.ts';
import { Rooms } from './rooms.ts';

const MINUTE_MS = 60_000;

describe('who comes and goes', () => {
  let events: Events<ClientEvents>;
  let lookUps: number;
  let members: number;
  let rooms: Rooms;

  beforeEach(() => {
    vi.useFakeTimers();
    events = new Events((fault) => expect(fault).toBeUndefined());
    lookUps = 0;
    members = 3;
    const api = {
      rooms: {
        get: () => Promise.resolve({ id: 'team0001', members }),
        members: () => {
          lookUps++;
          return Promise.resolve({ members: [] });
        },
      },
    } as unknown as ChatApi; // nothing else is used
    const chat = { userId: 'anna', events } as unknown as ChatClient; // the same
    rooms = new Rooms(chat, api, new People(api), () => undefined);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const left = (from: string): void => {
    events.emit('entry', { type: 'LEAVE', conversationId: 'room:team0001', roomId: 'team0001', from, seq: 7, id: 'x7', sentAt: 1 } satisfies Entry);
  };

  test('is looked up where the room is shown, once for many at a time', async () => {
    const stop = rooms.room('team0001').state.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(lookUps).toBe(1);
    for (const from of ['ben', 'chloe', 'dora']) left(from);
    await vi.advanceTimersByTimeAsync(0);
    expect(lookUps).toBe(2);
    stop();
  });

  test('is not looked up where the room is not shown, unless it was oneself', async () => {
    rooms.room('team0001');
    await vi.advanceTimersByTimeAsync(0);
    left('ben');
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(lookUps).toBe(1);
    left('anna');
    await vi.advanceTimersByTimeAsync(0);
    expect(lookUps).toBe(2);
  });

  test('in a large room, which everybody hears of at once, is looked up within 5 s, by each at another moment', async () => {
    members = 101;
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const stop = rooms.room('team0001').state.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    left('ben');
    await vi.advanceTimersByTimeAsync(2_499);
    expect(lookUps).toBe(1);
    left('chloe');
    await vi.advanceTimersByTimeAsync(1);
    expect(lookUps).toBe(2);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(lookUps).toBe(2);
    stop();
    vi.restoreAllMocks();
  });
});
