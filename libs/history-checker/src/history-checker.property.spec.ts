import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistoryChecker } from './history-checker.ts';
import type { Delivered, HistoryEvent, SendOutcome } from './history-event.ts';
import { SimulatedChat, type Step } from './testing/simulated-chat.ts';

const RUNS = { numRuns: 400 };
const small = fc.nat({ max: 11 });

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('send' as const), device: small, conversation: small,
      fate: fc.constantFrom('answered' as const, 'answered' as const, 'unanswered' as const, 'not-stored' as const, 'refused' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), device: small }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver' as const), device: small, conversation: small, count: fc.integer({ min: 1, max: 4 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconnect' as const), device: small }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('membership' as const), device: small }) },
  ),
  { maxLength: 80 },
);

const history = steps.map((each) => new SimulatedChat().run(each));

function verdictsOf(events: readonly HistoryEvent[]): Record<string, number> {
  const checker = new HistoryChecker();
  for (const event of events) checker.record(event);
  const report = checker.finish();
  expect(report.ok).toBe(Object.values(report.counts).every((count) => count === 0));
  return Object.fromEntries(Object.entries(report.counts).filter(([, count]) => count > 0));
}

function isChat(event: HistoryEvent | undefined): event is Delivered {
  return event?.type === 'delivered' && event.entry === undefined;
}

/** Where chat entries were delivered. */
function deliveries(events: readonly HistoryEvent[]): number[] {
  return events.flatMap((event, index) => (isChat(event) ? [index] : []));
}

/** Takes one history apart at one place, chosen by `choice` among those that `places` offers. */
function mutated(
  places: (events: readonly HistoryEvent[]) => readonly number[],
  mutate: (events: HistoryEvent[], place: number) => void,
  expected: Record<string, number>,
): void {
  fc.assert(fc.property(history, fc.nat(), (events, choice) => {
    const offered = places(events);
    const place = offered[choice % offered.length];
    fc.pre(place !== undefined);
    const changed = [...events];
    mutate(changed, place);
    expect(verdictsOf(changed)).toEqual(expected);
  }), RUNS);
}

/** The delivery that follows the one at `place` for the same device, conversation and connection. */
function nextOfStream(events: readonly HistoryEvent[], place: number): number {
  const event = events[place];
  if (!isChat(event)) return -1;
  const end = events.findIndex((each, index) => index > place && each.type === 'disconnected' && each.device === event.device);
  return events.findIndex((each, index) => index > place && (end < 0 || index < end) && each.type === 'delivered'
    && each.device === event.device && each.conversation === event.conversation);
}

describe('a random correct history', () => {
  it('gets no verdict', () => {
    fc.assert(fc.property(history, (events) => {
      expect(verdictsOf(events)).toEqual({});
    }), { numRuns: 2_000 });
  });

  it('has all kinds of events in it, so that the other properties mean something', () => {
    const kinds = new Set(fc.sample(history, { numRuns: 50, seed: 1 }).flat().map((event) => event.type));
    expect([...kinds].sort()).toEqual(['connected', 'delivered', 'disconnected', 'resumed', 'send-outcome', 'send-started']);
  });
});

describe('a random correct history with one thing changed gets exactly its verdict', () => {
  it('dropped: lost', () => {
    mutated(deliveries, (events, place) => events.splice(place, 1), { lost: 1 });
  });

  it('delivered twice: doubled', () => {
    mutated(deliveries, (events, place) => events.splice(place, 0, ...events.slice(place, place + 1)), { doubled: 1 });
  });

  it('delivered again later in the connection: doubled', () => {
    mutated((events) => deliveries(events).filter((place) => nextOfStream(events, place) >= 0),
      (events, place) => events.splice(nextOfStream(events, place) + 1, 0, ...events.slice(place, place + 1)), { doubled: 1 });
  });

  it('swapped with the next of its stream: reordered', () => {
    mutated((events) => deliveries(events).filter((place) => isChat(events[nextOfStream(events, place)])),
      (events, place) => {
        const next = nextOfStream(events, place);
        const [first, second] = [events[place], events[next]];
        if (first && second) [events[place], events[next]] = [second, first];
      }, { reordered: 1 });
  });

  it('delivered to a stranger: foreign', () => {
    mutated((events) => deliveries(events).filter((place) => JSON.stringify(events[place]).includes('direct:')),
      (events, place) => {
        const event = events[place];
        if (!isChat(event)) return;
        const stranger = [['ann', 'a1'], ['bob', 'b1'], ['eve', 'e1']].find(([user = '']) => !event.conversation.includes(user));
        events.splice(place + 1, 0, { ...event, device: stranger?.[1] ?? '' });
      }, { foreign: 1 });
  });

  it('another id for one device: conflicting', () => {
    const namedElsewhere = (events: readonly HistoryEvent[], place: number): boolean => {
      const event = events[place];
      return isChat(event) && events.some((each, index) => index !== place && isChat(each)
        && each.conversation === event.conversation && each.seq === event.seq);
    };
    mutated((events) => deliveries(events).filter((place) => namedElsewhere(events, place)),
      (events, place) => {
        const event = events[place];
        if (isChat(event)) events[place] = { ...event, id: 'another' };
      }, { conflicting: 1 });
  });

  it('a send stored again at the end of the log: doubled', () => {
    mutated((events) => deliveries(events).filter((place) => JSON.stringify(events[place]).includes('direct:ann:ann')),
      (events, place) => {
        const event = events[place];
        if (!isChat(event)) return;
        const top = events.reduce((seq, each) => Math.max(seq, isChat(each) && each.conversation === event.conversation ? each.seq : 0), 0);
        for (const device of ['a1', 'a2']) events.push({ ...event, device, seq: top + 1, id: 'second' });
      }, { doubled: 1 });
  });

  it('an outcome left out: unanswered', () => {
    const answeredToTheEnd = (events: readonly HistoryEvent[], place: number): boolean => {
      const event = events[place];
      return event?.type === 'send-outcome' && !events.slice(place).some((each) => each.type === 'disconnected' && each.device === event.device);
    };
    mutated((events) => events.flatMap((_, place) => (answeredToTheEnd(events, place) ? [place] : [])),
      (events, place) => events.splice(place, 1), { unanswered: 1 });
  });

  it('an outcome given twice: contradicted', () => {
    const isOutcome = (event: HistoryEvent | undefined): event is SendOutcome => event?.type === 'send-outcome';
    mutated((events) => events.flatMap((event, place) => (isOutcome(event) ? [place] : [])),
      (events, place) => events.splice(place, 0, ...events.slice(place, place + 1)), { contradicted: 1 });
  });
});
