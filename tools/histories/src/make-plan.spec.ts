import { describe, expect, it } from 'vitest';
import { describePlan } from './describe-plan.ts';
import { makePlan } from './make-plan.ts';

const size = { clients: 50, servers: 3, rooms: 4, steps: 150 };

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makePlan(7, size)).toEqual(makePlan(7, size));
    expect(makePlan(7, size).steps).not.toEqual(makePlan(8, size).steps);
  });

  it('has, over some seeds, every kind of step, every way to end, both kinds of rooms and of devices', () => {
    const plans = Array.from({ length: 20 }, (_, seed) => makePlan(seed, size));
    const steps = plans.flatMap((plan) => plan.steps);
    expect([...new Set(steps.map((step) => step.do))].sort()).toEqual([
      'connect', 'delete', 'disconnect', 'edit', 'expel', 'invite', 'join', 'leave', 'new-device', 'react', 'read', 'repeat', 'send', 'together', 'type', 'unwatch', 'watch',
    ]);
    expect(new Set(steps.flatMap((step) => (step.do === 'disconnect' ? [step.how] : [])))).toEqual(new Set(['close', 'disconnect', 'cut', 'vanish']));
    expect(new Set(plans.flatMap(({ rooms }) => rooms.map(({ visibility, history }) => `${visibility} ${history}`))).size).toBe(4);
    expect(new Set(plans.flatMap(({ devices }) => devices.map(({ keeps }) => keeps)))).toEqual(new Set(['device', 'server']));
    expect(new Set(plans.flatMap(({ devices }) => devices.map(({ ack }) => ack)))).toEqual(new Set(['auto', 'client', 'client-individual']));
  });

  it('gives everyone a device, and some people several', () => {
    const { users, devices } = makePlan(1, size);
    expect(devices).toHaveLength(50);
    expect(new Set(devices.map(({ user }) => user)).size).toBe(users);
  });

  it('is shown a line a step', () => {
    const lines = describePlan(makePlan(1, { ...size, steps: 3 })).split('\n');
    expect(lines).toHaveLength(1 + 4 + 3);
    expect(lines[0]).toBe('seed 1: 50 devices of 30 users, 4 rooms, 8 direct conversations, 3 steps');
  });
});
