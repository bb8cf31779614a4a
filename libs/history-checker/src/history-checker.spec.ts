import { describe, expect, it } from 'vitest';
import { HistoryChecker } from './history-checker.ts';
import { HistoryFormatError } from './device.ts';
import type { HistoryEvent } from './history-event.ts';
import {
  AB, answered, bothThere, connected, disconnected, got, judge, membership, receipt, refused, resumed, ROOM, sent, sound, synced, verdicts,
} from './testing/events.ts';

describe('histories without fault', () => {
  it('finds nothing in sends that reach everyone', () => {
    const report = judge(bothThere, sound(1), sound(2), sound(3));
    expect(report).toMatchObject({ ok: true, offences: [], totals: { sent: 3, acknowledged: 3, refused: 0, delivered: 6 } });
  });

  it('takes an echo for an outcome, and a refusal that is true to its word', () => {
    expect(verdicts(bothThere, sent('a', 'k1'), answered('a', 'k1', { kind: 'echo' }), got('a', 1), got('b', 1),
      sent('a', 'no'), refused('a', 'no', 'rate-limited'))).toEqual({});
  });

  it('takes the end of the connection for the outcome, and lets the repeat have another', () => {
    expect(verdicts(bothThere, sent('a', 'k1'), disconnected('a'), got('b', 1), connected('a', 'ann'), resumed('a', {}),
      got('a', 1), sent('a', 'k1'), receipt('a', 'k1', 1))).toEqual({});
  });

  it('lets a device that was away have everything on its return', () => {
    expect(verdicts(bothThere, sound(1), disconnected('b'), sent('a', 'k2'), receipt('a', 'k2', 2), got('a', 2),
      connected('b', 'bob'), resumed('b', { [AB]: 1 }), got('b', 2))).toEqual({});
  });

  it('lets a device that asks for old entries have them again', () => {
    expect(verdicts(bothThere, sound(1), sound(2), sound(3), disconnected('b'), connected('b', 'bob'),
      resumed('b', { [AB]: 1 }), got('b', 2), got('b', 3))).toEqual({});
  });

  it('owes nothing to a device that is away at the end', () => {
    expect(verdicts(bothThere, sound(1), disconnected('b'), sent('a', 'k2'), receipt('a', 'k2', 2), got('a', 2))).toEqual({});
  });

  it('owes a fresh device what comes after its first SYNCED', () => {
    expect(verdicts(bothThere, sound(1), sound(2), connected('b2', 'bob', 'fresh'), synced('b2', { [AB]: 2 }), sound(3),
      got('b2', 3))).toEqual({});
  });

  it('owes nothing of what a sync with a limit leaves to history', () => {
    expect(verdicts(bothThere, sound(1), disconnected('b'), [2, 3, 4].flatMap((seq) => [sent('a', `k${seq}`), receipt('a', `k${seq}`, seq), got('a', seq)]),
      connected('b', 'bob'), resumed('b', { [AB]: 1 }), got('b', 4),
      { type: 'synced', device: 'b', cursors: { [AB]: 4 }, truncated: [{ conversation: AB, from: 2, to: 3 }] })).toEqual({});
  });

  it('lets the stream of a client that never syncs begin with what was in flight', () => {
    expect(verdicts(connected('a', 'ann'), connected('b', 'bob', 'server'), sound(1), sound(2), sound(3), disconnected('b'),
      connected('b', 'bob', 'server'), got('b', 2), got('b', 3), sound(4))).toEqual({});
  });

  it('lets a new device of a client that never syncs begin where another one is', () => {
    expect(verdicts(bothThere, sound(1), sound(2), connected('b2', 'bob', 'server'), sound(3), got('b2', 3))).toEqual({});
  });

  it('takes a conflict for the answer to a repeat with other content', () => {
    expect(verdicts(bothThere, sound(1), sent('a', 'k1'), refused('a', 'k1', 'conflict'))).toEqual({});
  });

  it('lets the same send run on two connections at once', () => {
    expect(verdicts(bothThere, connected('a2', 'ann'), sent('a', 'k1'), sent('a2', 'k1'), receipt('a2', 'k1', 1),
      receipt('a', 'k1', 1), got('a', 1), got('a2', 1), got('b', 1))).toEqual({});
  });

  it('follows members of a room who leave and come back', () => {
    expect(verdicts(bothThere, { type: 'joined', conversation: ROOM, user: 'ann', seq: 1 },
      got('a', 1, 'k1', ROOM), membership('a', 'JOIN', 2, 'bob'), membership('b', 'JOIN', 2, 'bob'),
      membership('b', 'LEAVE', 3, 'bob'), membership('a', 'LEAVE', 3, 'bob'), got('a', 4, 'k4', ROOM),
      membership('b', 'JOIN', 5, 'bob'), membership('a', 'JOIN', 5, 'bob'), got('a', 6, 'k6', ROOM), got('b', 6, 'k6', ROOM))).toEqual({});
  });
});

describe('lost', () => {
  it('names an acknowledged send that a member never got', () => {
    const report = judge(bothThere, sent('a', 'k1'), receipt('a', 'k1', 1), got('a', 1));
    expect(report.ok).toBe(false);
    expect(report.counts.lost).toBe(1);
    expect(report.offences).toEqual([expect.objectContaining({ verdict: 'lost', conversation: AB, seq: 1, id: 'id-k1', key: 'k1', device: 'b' })]);
  });

  it('counts the echo that never came to the sender', () => {
    expect(verdicts(bothThere, sent('a', 'k1'), receipt('a', 'k1', 1), got('b', 1))).toEqual({ lost: 1 });
  });

  it('counts a send whose RECEIPT names no seq and that nobody ever saw', () => {
    expect(verdicts(bothThere, sent('a', 'k1'), receipt('a', 'k1'))).toEqual({ lost: 1 });
  });

  it('counts an entry in the middle that was jumped over for good', () => {
    expect(verdicts(bothThere, sound(1), sent('a', 'k2'), receipt('a', 'k2', 2), got('a', 2), sound(3))).toEqual({ lost: 1 });
  });

  it('counts for each device of the user', () => {
    expect(verdicts(bothThere, connected('b2', 'bob'), connected('b3', 'bob'), sound(1))).toEqual({ lost: 2 });
  });

  it('counts what a device has skipped by its own cursors', () => {
    expect(verdicts(bothThere, sound(1), disconnected('b'), sent('a', 'k2'), receipt('a', 'k2', 2), got('a', 2),
      connected('b', 'bob'), resumed('b', { [AB]: 2 }))).toEqual({ lost: 1 });
  });

  it('counts millions without naming them', () => {
    const report = judge(bothThere, got('a', 1), got('a', 2_000_000));
    expect(report.counts.lost).toBe(1_999_998 + 2_000_000);
    expect(report.offences).toHaveLength(10);
  });
});

describe('doubled', () => {
  it('counts an entry that came twice in one connection', () => {
    const report = judge(bothThere, sound(1), sound(2), got('b', 1));
    expect(report.offences).toEqual([expect.objectContaining({ verdict: 'doubled', seq: 1, key: 'k1', device: 'b' })]);
  });

  it('counts an entry that came though the cursor said that it was known', () => {
    expect(verdicts(bothThere, sound(1), disconnected('b'), connected('b', 'bob'), resumed('b', { [AB]: 1 }), got('b', 1))).toEqual({ doubled: 1 });
  });

  it('counts a replay to a client that never syncs only once', () => {
    expect(verdicts(connected('a', 'ann'), connected('b', 'bob', 'server'), sound(1), disconnected('b'),
      connected('b', 'bob', 'server'), got('b', 1), got('b', 1))).toEqual({ doubled: 1 });
  });

  it('counts one send that stands in the log under two seqs, once for all devices', () => {
    expect(verdicts(bothThere, sound(1), got('a', 2, 'k1'), got('b', 2, 'k1'))).toEqual({ doubled: 1 });
  });

  it('counts a RECEIPT that names another place than the echo', () => {
    expect(verdicts(bothThere, sent('a', 'k1'), got('a', 1), got('b', 1), receipt('a', 'k1', 2), got('a', 2, 'k1'), got('b', 2, 'k1'))).toEqual({ doubled: 1 });
  });
});

describe('reordered and gap', () => {
  it('counts each entry that came late', () => {
    const report = judge(bothThere, sound(1), [2, 3, 4].map((seq) => got('a', seq)), got('b', 4), got('b', 2), got('b', 3));
    expect(report.counts).toMatchObject({ reordered: 2, lost: 0, doubled: 0, gap: 0 });
    expect(report.offences[0]).toMatchObject({ verdict: 'reordered', seq: 2, device: 'b' });
  });

  it('counts a jump of a device that went away before the rest came', () => {
    expect(verdicts(bothThere, sound(1), got('a', 2), got('a', 3), got('b', 3), disconnected('b'))).toEqual({ gap: 1 });
  });

  it('counts a jump that only the next connection made good', () => {
    expect(verdicts(bothThere, sound(1), got('a', 2), got('a', 3), got('b', 3), disconnected('b'),
      connected('b', 'bob'), resumed('b', { [AB]: 1 }), got('b', 2), got('b', 3))).toEqual({ gap: 1 });
  });
});

describe('conflicting', () => {
  it('counts two devices that see different entries under one seq', () => {
    const report = judge(bothThere, got('a', 1, 'k1'), got('b', 1, 'other'));
    expect(report.counts).toMatchObject({ conflicting: 1, lost: 0, doubled: 0 });
    expect(report.offences[0]).toMatchObject({ seq: 1, device: 'b', id: 'id-other' });
  });

  it('counts a RECEIPT that names the place of another entry, and the loss of its own', () => {
    expect(verdicts(bothThere, sound(1), sent('a', 'mine'), receipt('a', 'mine', 1))).toEqual({ conflicting: 1 });
  });

  it('counts an entry under another name than its sender’s', () => {
    expect(verdicts(bothThere, sent('a', 'k1'), receipt('a', 'k1', 1), got('a', 1, 'k1', AB, 'bob'), got('b', 1, 'k1', AB, 'bob'))).toEqual({ conflicting: 1 });
  });
});

describe('foreign and leaked', () => {
  it('counts what came to someone who is no member of a direct conversation', () => {
    expect(verdicts(bothThere, connected('e', 'eve'), sound(1), got('e', 1))).toEqual({ foreign: 1 });
  });

  it('counts what came to someone who is not in the room', () => {
    expect(verdicts(bothThere, { type: 'joined', conversation: ROOM, user: 'ann', seq: 1 }, got('a', 1, 'k1', ROOM), got('b', 1, 'k1', ROOM))).toEqual({ foreign: 1 });
  });

  it('counts what came after the own LEAVE', () => {
    const inRoom: HistoryEvent[] = ['ann', 'bob'].map((user) => ({ type: 'joined', conversation: ROOM, user, seq: 1 }));
    expect(verdicts(bothThere, inRoom, membership('a', 'LEAVE', 1, 'bob'), membership('b', 'LEAVE', 1, 'bob'),
      got('a', 2, 'k2', ROOM), got('b', 2, 'k2', ROOM))).toEqual({ leaked: 1 });
  });

  it('counts it also where the LEAVE is heard of later', () => {
    const inRoom: HistoryEvent[] = ['ann', 'bob'].map((user) => ({ type: 'joined', conversation: ROOM, user, seq: 1 }));
    expect(verdicts(bothThere, inRoom, got('b', 1, 'k1', ROOM), got('b', 2, 'k2', ROOM), membership('a', 'LEAVE', 1, 'bob'),
      got('a', 2, 'k2', ROOM))).toMatchObject({ leaked: 1 });
  });

  it('counts what came from before the JOIN', () => {
    expect(verdicts(bothThere, { type: 'joined', conversation: ROOM, user: 'ann', seq: 1 }, got('a', 1, 'k1', ROOM),
      membership('a', 'JOIN', 2, 'bob'), got('b', 1, 'k1', ROOM), membership('b', 'JOIN', 2, 'bob'))).toEqual({ foreign: 1 });
  });
});

describe('outcomes', () => {
  it('counts a send on a standing connection that nobody answered', () => {
    const report = judge(bothThere, sent('a', 'k1'));
    expect(report.counts.unanswered).toBe(1);
    expect(report.offences).toEqual([expect.objectContaining({ verdict: 'unanswered', key: 'k1', device: 'a' })]);
  });

  it('counts an outcome too many', () => {
    expect(verdicts(bothThere, sound(1), receipt('a', 'k1', 1))).toEqual({ contradicted: 1 });
  });

  it('counts a refused send that stands in the log', () => {
    expect(verdicts(bothThere, sent('a', 'k1'), refused('a', 'k1', 'unavailable'), got('a', 1), got('b', 1))).toEqual({ contradicted: 1 });
    expect(verdicts(bothThere, sent('a', 'k1'), got('a', 1), got('b', 1), refused('a', 'k1', 'unavailable'))).toEqual({ contradicted: 1 });
  });

  it('lets a repeat be refused whose first SEND may be stored', () => {
    expect(verdicts(bothThere, sent('a', 'k1'), disconnected('a'), connected('a', 'ann'), resumed('a', {}), sent('a', 'k1'),
      refused('a', 'k1', 'unavailable'), got('a', 1), got('b', 1))).toEqual({});
  });
});

describe('while it runs', () => {
  it('tells what is still to come', () => {
    const checker = new HistoryChecker();
    for (const event of [...bothThere, sent('a', 'k1')]) checker.record(event);
    expect([checker.openSends, checker.outstanding()]).toEqual([1, 0]);
    checker.record(receipt('a', 'k1', 1));
    expect([checker.openSends, checker.outstanding()]).toEqual([0, 2]);
    checker.record(got('b', 1));
    checker.record(got('a', 1));
    expect(checker.outstanding()).toBe(0);
    expect(checker.finish().ok).toBe(true);
  });

  it('keeps no entry older than it is told to remember, and still finds what is lost', () => {
    const checker = new HistoryChecker({ rememberEntries: 10 });
    for (const event of bothThere) checker.record(event);
    for (let seq = 1; seq <= 1_000; seq++) {
      for (const event of sound(seq)) if (!(seq === 5 && event.type === 'delivered' && event.device === 'b')) checker.record(event);
    }
    const report = checker.finish();
    expect(report.counts).toMatchObject({ lost: 1, doubled: 0, conflicting: 0 });
    expect(report.offences[0]).toMatchObject({ seq: 5, device: 'b' });
    expect(report.offences[0]?.key).toBeUndefined();
  });

  it('refuses histories that cannot be', () => {
    expect(() => judge(got('a', 1))).toThrow(HistoryFormatError);
    expect(() => judge(connected('a', 'ann'), connected('a', 'bob'))).toThrow(HistoryFormatError);
    expect(() => judge(bothThere, disconnected('a'), got('a', 1))).toThrow(HistoryFormatError);
  });
});
