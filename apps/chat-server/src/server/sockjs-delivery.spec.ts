import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SockJsRequests } from '../testing/sockjs-http.ts';
import { chatTexts, pollingSession } from '../testing/sockjs-stomp.ts';
import { startTwoServers, type TestCluster, type TestUser } from '../testing/test-server.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTwoServers();
});
afterAll(() => cluster.stop());

/** What one life of a session does with its responses, and on which server it is. */
type Life = { readonly server: 0 | 1; readonly pollsForMs: number; readonly end: 'poll' | 'xhr_streaming' | 'eventsource' | 'silence' };

const life = fc.record({
  server: fc.constantFrom(0 as const, 1 as const),
  // Long enough for pings, which come about once a second.
  pollsForMs: fc.constantFrom(0, 100, 1_100, 1_500),
  end: fc.constantFrom('poll' as const, 'xhr_streaming' as const, 'eventsource' as const, 'silence' as const),
});

/** Reads some responses whole and loses the last one. Answers with the texts of the whole ones. Somebody has to be writing. */
async function live({ server, pollsForMs, end }: Life, user: TestUser): Promise<string[]> {
  const session = new SockJsRequests(`${cluster.servers[server].url}/ws-chat`);
  let whole = await pollingSession(session, user, { device: 'phone' });
  for (const until = performance.now() + pollsForMs; performance.now() < until; ) whole += await session.poll();
  if (end === 'xhr_streaming' || end === 'eventsource') {
    const stream = await session.stream(end);
    // Whatever has come of it by then is lost, though a ping came behind some of it.
    const first = await stream.until(({ text }) => chatTexts(text).length > 0).then(() => performance.now());
    await stream.until(() => performance.now() > first + 1_200);
    stream.destroy();
  } else if (end === 'poll') {
    // Answered, and not read.
    (await session.stream('xhr')).destroy();
  }
  return chatTexts(whole);
}

describe('delivery over SockJS', () => {
  it('[SOCKJS-14] whatever breaks off, on whichever server, a device gets all of it in the end, each life in order and without a gap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 5 }), async (lives) => {
        const [from, to] = await Promise.all([cluster.servers[0].newUser('from'), cluster.servers[1].newUser('to')]);
        // The device is known from here on; a new one starts where its user's others are.
        await live({ server: 0, pollsForMs: 0, end: 'silence' }, to);
        const writer = await cluster.servers[0].client(from);
        let sent = 0;
        let stopped = false;
        const writing = (async () => {
          while (!stopped) await writer.say(to.id, String(sent++));
        })();
        const seen = new Set<number>();
        const check = (texts: readonly string[]): void => {
          const numbers = texts.map(Number);
          expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
          // Everything before the first has been seen: no cursor went past what was lost.
          for (let n = 0; n < (numbers[0] ?? 0); n++) expect(seen).toContain(n);
          for (const n of numbers) seen.add(n);
        };
        try {
          for (const one of lives) check(await live(one, to));
        } finally {
          stopped = true;
          await writing;
        }
        check(await live({ server: 0, pollsForMs: 0, end: 'silence' }, to));
        expect(seen.size).toBe(sent);
        writer.vanish();
      }),
      { numRuns: 5 },
    );
  }, 120_000);
});
