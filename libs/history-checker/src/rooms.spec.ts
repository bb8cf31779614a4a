import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from './history-event.ts';
import { AB, bothThere, connected, disconnected, got, judge, membership, receipt, refused, resumed, ROOM, sent, synced, verdicts } from './testing/events.ts';

const joined = (user: string, seq: number): HistoryEvent => ({ type: 'joined', conversation: ROOM, user, seq });
const left = (user: string, seq: number): HistoryEvent => ({ type: 'left', conversation: ROOM, user, seq });
const inRoom = (device: string, seq: number): HistoryEvent => got(device, seq, `k${seq}`, ROOM);
const bothInside = [...bothThere, joined('ann', 1), joined('bob', 1)];

describe('members who leave', () => {
  it('are owed all up to the LEAVE, and nothing between it and the next JOIN', () => {
    expect(verdicts(bothInside, inRoom('a', 1), inRoom('b', 1), left('bob', 2), membership('a', 'LEAVE', 2, 'bob'), inRoom('a', 3),
      membership('a', 'JOIN', 4, 'bob'), membership('b', 'LEAVE', 2, 'bob'), membership('b', 'JOIN', 4, 'bob'))).toEqual({});
  });

  it('lose the LEAVE itself where it never comes', () => {
    expect(verdicts(bothInside, inRoom('a', 1), inRoom('b', 1), membership('a', 'LEAVE', 2, 'bob'))).toEqual({ lost: 1 });
  });

  it('lose what lies between cursor and LEAVE where the next JOIN comes first', () => {
    const report = judge(bothInside, inRoom('a', 1), inRoom('a', 2), membership('a', 'LEAVE', 3, 'bob'), inRoom('a', 4),
      membership('a', 'JOIN', 5, 'bob'), inRoom('b', 1), membership('b', 'JOIN', 5, 'bob'));
    expect(report.counts).toMatchObject({ lost: 2, leaked: 0, foreign: 0 });
    expect(report.offences.map(({ seq, device }) => [seq, device])).toEqual([[2, 'b'], [3, 'b']]);
  });

  it('are leaked each entry that comes after the LEAVE, also between two memberships', () => {
    const report = judge(bothInside, inRoom('a', 1), inRoom('b', 1), membership('a', 'LEAVE', 2, 'bob'), membership('b', 'LEAVE', 2, 'bob'),
      inRoom('a', 3), inRoom('b', 3), membership('a', 'JOIN', 4, 'bob'), membership('b', 'JOIN', 4, 'bob'));
    expect(report.offences).toEqual([expect.objectContaining({ verdict: 'leaked', conversation: ROOM, seq: 3, device: 'b', detail: 'bob had left at 2' })]);
    expect(report.counts).toMatchObject({ leaked: 1, foreign: 0, lost: 0 });
  });

  it('may be heard of late', () => {
    expect(verdicts(bothInside, inRoom('b', 1), inRoom('b', 2), inRoom('a', 1), inRoom('a', 2), left('bob', 1))).toMatchObject({ leaked: 1 });
  });

  it('may have a device that begins anew and is told nothing of the room', () => {
    expect(verdicts(bothInside, inRoom('a', 1), connected('b2', 'bob', 'fresh'), synced('b2', {}), inRoom('b', 1),
      membership('a', 'LEAVE', 2, 'bob'), membership('b', 'LEAVE', 2, 'bob'))).toEqual({});
  });
});

describe('members who join', () => {
  it('may get what follows a JOIN that nobody has told of yet', () => {
    expect(verdicts(connected('a', 'ann'), connected('b', 'bob'), joined('ann', 1), inRoom('a', 1), resumed('b', {}), inRoom('b', 3),
      { type: 'synced', device: 'b', cursors: { [ROOM]: 3 }, truncated: [{ conversation: ROOM, from: 2, to: 2 }] },
      membership('a', 'JOIN', 2, 'bob'), inRoom('a', 3))).toEqual({});
  });

  it('are foreign where no JOIN ever comes', () => {
    expect(verdicts(connected('a', 'ann'), connected('b', 'bob'), joined('ann', 1), inRoom('a', 1), inRoom('b', 1))).toEqual({ foreign: 1 });
  });
});

describe('entries that change entries', () => {
  it('are entries like all others', () => {
    const edit = (device: string): HistoryEvent => ({ type: 'delivered', device, conversation: AB, seq: 2, id: 'e', from: 'ann', key: 'edit-1', entry: 'EDIT', content: '1 new' });
    expect(verdicts(bothThere, sent('a', 'k1'), receipt('a', 'k1', 1), got('a', 1), got('b', 1), sent('a', 'edit-1'), edit('a'),
      { type: 'send-outcome', device: 'a', conversation: AB, key: 'edit-1', outcome: { kind: 'receipt', seq: 2, id: 'e' } })).toEqual({ lost: 1 });
  });
});

describe('what entries say', () => {
  const wrote = (device: string, key: string, content: string): HistoryEvent => ({ type: 'send-started', device, conversation: AB, key, content });
  const saw = (device: string, seq: number, content: string): HistoryEvent => ({ ...got(device, seq), content }) as HistoryEvent;

  it('is the same for all', () => {
    const report = judge(bothThere, saw('a', 1, 'one'), saw('b', 1, 'two'));
    expect(report.counts).toMatchObject({ conflicting: 1, altered: 0 });
  });

  it('is what was written', () => {
    expect(verdicts(bothThere, wrote('a', 'k1', 'one'), receipt('a', 'k1', 1), saw('a', 1, 'two'), saw('b', 1, 'two'))).toEqual({ altered: 1 });
    expect(verdicts(bothThere, wrote('a', 'k1', 'one'), saw('a', 1, 'two'), saw('b', 1, 'two'), receipt('a', 'k1', 1))).toEqual({ altered: 1 });
  });

  it('cannot be two texts under one clientId', () => {
    const report = judge(bothThere, wrote('a', 'k1', 'one'), receipt('a', 'k1', 1), saw('a', 1, 'one'), saw('b', 1, 'one'), wrote('a', 'k1', 'two'), receipt('a', 'k1', 1));
    expect(report.counts).toMatchObject({ altered: 1, doubled: 0 });
    expect(report.offences[0]).toMatchObject({ verdict: 'altered', seq: 1, key: 'k1', detail: 'acknowledged as "one", and then it is "two"' });
  });

  it('is known to nobody once it was deleted', () => {
    const gone = (device: string): HistoryEvent => ({ type: 'delivered', device, conversation: AB, seq: 2, id: 'd', from: 'ann', entry: 'DELETE', erases: 1 });
    expect(verdicts(bothThere, wrote('a', 'k1', 'one'), receipt('a', 'k1', 1), saw('a', 1, 'one'), saw('b', 1, 'one'),
      wrote('a', 'k1', 'two'), receipt('a', 'k1', 1), gone('a'), gone('b'))).toEqual({});
  });

  it('stays where the second text is refused', () => {
    expect(verdicts(bothThere, wrote('a', 'k1', 'one'), receipt('a', 'k1', 1), saw('a', 1, 'one'), saw('b', 1, 'one'),
      wrote('a', 'k1', 'two'), refused('a', 'k1', 'conflict'))).toEqual({});
  });
});

describe('a topic', () => {
  const opened = (after?: number, isPublic = false, device = 'b'): HistoryEvent =>
    ({ type: 'topic-opened', device, topic: 't', conversation: ROOM, after, public: isPublic, history: 'joined' });
  const brought = (seq: number, device = 'b'): HistoryEvent =>
    ({ type: 'topic-entry', device, topic: 't', conversation: ROOM, seq, id: `id-k${seq}`, from: 'ann', key: `k${seq}` });
  const all = (seq: number): HistoryEvent[] => [inRoom('a', seq), inRoom('b', seq)];

  it('brings everything from where it begins', () => {
    expect(verdicts(bothInside, all(1), all(2), opened(1), brought(2), all(3), brought(3))).toEqual({});
    expect(verdicts(bothInside, all(1), opened(), all(2), brought(2), all(3), brought(3))).toEqual({});
  });

  it('has lost what never comes, and has a gap where it jumps', () => {
    expect(verdicts(bothInside, all(1), all(2), opened(0), brought(1))).toEqual({ lost: 1 });
    expect(verdicts(bothInside, all(1), all(2), all(3), opened(0), brought(1), brought(3))).toEqual({ gap: 1 });
    expect(verdicts(bothInside, all(1), opened(0), brought(1), brought(1))).toEqual({ doubled: 1 });
  });

  it('owes nothing after it was closed or its connection ended', () => {
    expect(verdicts(bothInside, opened(0), all(1), brought(1), { type: 'topic-closed', device: 'b', topic: 't' }, all(2))).toEqual({});
    expect(verdicts(bothInside, opened(0), all(1), brought(1), disconnected('b'), inRoom('a', 2))).toEqual({});
  });

  it('ends with the LEAVE in a private room', () => {
    const leaving = [membership('a', 'LEAVE', 2, 'bob'), membership('b', 'LEAVE', 2, 'bob')];
    const leave: HistoryEvent = { type: 'topic-entry', device: 'b', topic: 't', conversation: ROOM, seq: 2, id: 'id-LEAVE-2', from: 'bob', entry: 'LEAVE' };
    expect(verdicts(bothInside, opened(0), all(1), brought(1), leaving, leave, inRoom('a', 3))).toEqual({});
    expect(verdicts(bothInside, opened(0), all(1), brought(1), leaving, inRoom('a', 3))).toEqual({ lost: 1 });
    expect(verdicts(bothInside, opened(0), all(1), brought(1), leaving, leave, inRoom('a', 3), brought(3))).toEqual({ leaked: 1 });
  });

  it('is open to everyone in a public room, and to members only in a private one', () => {
    expect(verdicts(bothInside, connected('e', 'eve'), all(1), opened(0, true, 'e'), brought(1, 'e'))).toEqual({});
    expect(verdicts(bothInside, connected('e', 'eve'), all(1), opened(0, false, 'e'), brought(1, 'e'))).toEqual({ foreign: 1 });
  });
});

describe('read cursors', () => {
  const reads = (device: string, seq: number): HistoryEvent[] => [
    { type: 'read-started', device, conversation: AB, seq }, { type: 'read-stored', device, conversation: AB, seq },
  ];
  const sees = (device: string, user: string, seq: number): HistoryEvent => ({ type: 'read-seen', device, conversation: AB, user, seq });
  const asked = (user: string, seq: number): HistoryEvent => ({ type: 'read-asked', conversation: AB, user, seq });
  const three = [1, 2, 3].flatMap((seq) => [got('a', seq), got('b', seq)]);

  it('are known to everyone in the end, in whichever order the READs came', () => {
    expect(verdicts(bothThere, three, reads('b', 2), reads('b', 3), sees('a', 'bob', 3), sees('a', 'bob', 2), asked('bob', 3))).toEqual({});
  });

  it('are stale where a device that is there never heard of the last', () => {
    const report = judge(bothThere, three, reads('b', 2), sees('a', 'bob', 2), reads('b', 3), asked('bob', 3));
    expect(report.counts).toMatchObject({ stale: 1, rewound: 0 });
    expect(report.offences[0]).toMatchObject({ verdict: 'stale', conversation: AB, seq: 3, device: 'a', detail: 'bob has read up to here, and this device knows of 2' });
  });

  it('are stale at the reader’s other devices as well, not at those that are away or began anew', () => {
    const other = [connected('b2', 'bob'), three, [1, 2, 3].map((seq) => got('b2', seq))];
    expect(verdicts(bothThere, ...other, synced('b2', { [AB]: 3 }), reads('b', 3), sees('a', 'bob', 3), asked('bob', 3))).toEqual({ stale: 1 });
    expect(verdicts(bothThere, ...other, reads('b', 3), sees('a', 'bob', 3), synced('b2', { [AB]: 3 }), asked('bob', 3))).toEqual({});
    expect(verdicts(bothThere, connected('b2', 'bob'), three, disconnected('b2'), reads('b', 3), sees('a', 'bob', 3), asked('bob', 3))).toEqual({});
    expect(verdicts(bothThere, three, reads('b', 3), sees('a', 'bob', 3), connected('b2', 'bob', 'fresh'), synced('b2', { [AB]: 3 }), asked('bob', 3))).toEqual({});
  });

  it('never go back, and never below what was acknowledged', () => {
    expect(verdicts(bothThere, three, reads('b', 3), sees('a', 'bob', 3), asked('bob', 2))).toEqual({ rewound: 1 });
    expect(verdicts(bothThere, three, reads('b', 2), sees('a', 'bob', 3), asked('bob', 3), asked('bob', 2))).toMatchObject({ rewound: 1 });
  });

  it('take what is past the end for the end', () => {
    expect(verdicts(bothThere, three, reads('b', 99), sees('a', 'bob', 3), got('a', 4), got('b', 4), asked('bob', 3))).toEqual({});
    expect(verdicts(bothThere, three, reads('b', 99), sees('a', 'bob', 2), asked('bob', 2))).toMatchObject({ rewound: 1 });
  });

  it('are not invented', () => {
    expect(verdicts(bothThere, three, sees('a', 'bob', 3))).toEqual({ contradicted: 1 });
  });
});
