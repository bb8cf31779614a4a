import type { Delivered, HistoryEvent, Outcome } from '../history-event.ts';

/** What happens next; numbers are taken modulo what there is to choose from. */
export type Step =
  | { readonly kind: 'send'; readonly device: number; readonly conversation: number; readonly fate: SendFate }
  | { readonly kind: 'answer'; readonly device: number }
  | { readonly kind: 'deliver'; readonly device: number; readonly conversation: number; readonly count: number }
  | { readonly kind: 'reconnect'; readonly device: number }
  | { readonly kind: 'membership'; readonly device: number };

/** `unanswered`: stored, and the answer comes later, or the connection ends before it. */
export type SendFate = 'answered' | 'unanswered' | 'not-stored' | 'refused';

type StoredEntry = Pick<Delivered, 'seq' | 'id' | 'from' | 'key' | 'entry'>;
type Log = { readonly conversation: string; readonly entries: StoredEntry[]; readonly members: Set<string> };
type OpenSend = { readonly log: Log; readonly key: string };
type SimulatedDevice = {
  readonly name: string;
  readonly user: string;
  readonly cursors: Map<string, number>;
  /** Asked and not answered, in this connection. */
  readonly open: OpenSend[];
  readonly lost: OpenSend[];
};

const ROOM = 'room:lobby000';

/** A chat service without faults, and devices that come and go; writes down the history of what it does. */
export class SimulatedChat {
  readonly history: HistoryEvent[] = [];
  readonly #logs: readonly Log[];
  readonly #devices: readonly SimulatedDevice[];
  #sends = 0;

  constructor() {
    const direct = (a: string, b: string): Log => ({ conversation: `direct:${a}:${b}`, entries: [], members: new Set([a, b]) });
    this.#logs = [direct('ann', 'bob'), direct('ann', 'ann'), direct('bob', 'eve'), { conversation: ROOM, entries: [], members: new Set() }];
    this.#devices = [['a1', 'ann'], ['a2', 'ann'], ['b1', 'bob'], ['e1', 'eve']].map(([name = '', user = '']) =>
      ({ name, user, cursors: new Map<string, number>(), open: [], lost: [] }));
    for (const { name: device, user } of this.#devices) this.history.push({ type: 'connected', device, user, cursors: 'device' });
  }

  run(steps: readonly Step[]): readonly HistoryEvent[] {
    for (const step of steps) this.#take(step);
    for (const device of this.#devices) {
      this.#resend(device);
      while (device.open.length > 0) this.#answerFirst(device);
    }
    for (const device of this.#devices) for (const log of this.#logs) this.#deliver(device, log, Infinity);
    return this.history;
  }

  #take(step: Step): void {
    const device = pick(this.#devices, step.device);
    switch (step.kind) {
      case 'send':
        return this.#send(device, pick(this.#logs, step.conversation), step.fate);
      case 'answer':
        return this.#answerFirst(device);
      case 'deliver':
        return this.#deliver(device, pick(this.#logs, step.conversation), step.count);
      case 'reconnect':
        return this.#reconnect(device);
      case 'membership':
        return this.#changeMembership(device);
    }
  }

  #send(device: SimulatedDevice, log: Log, fate: SendFate): void {
    if (!log.members.has(device.user)) return;
    const key = `k${++this.#sends}`;
    this.history.push({ type: 'send-started', device: device.name, conversation: log.conversation, key });
    if (fate === 'refused') return this.#answer(device, { log, key }, { kind: 'error', code: 'unavailable' });
    if (fate !== 'not-stored') this.#store(log, device.user, key);
    device.open.push({ log, key });
    if (fate === 'answered') this.#answer(device, device.open.pop(), this.#receipt(log, device.user, key));
  }

  #answerFirst(device: SimulatedDevice): void {
    const send = device.open.shift();
    if (!send) return;
    this.#store(send.log, device.user, send.key);
    this.#answer(device, send, this.#receipt(send.log, device.user, send.key));
  }

  #answer(device: SimulatedDevice, send: OpenSend | undefined, outcome: Outcome): void {
    if (!send) return;
    this.history.push({ type: 'send-outcome', device: device.name, conversation: send.log.conversation, key: send.key, outcome });
  }

  /** Once, however often it is asked. */
  #store(log: Log, from: string, key: string): void {
    if (log.entries.some((entry) => entry.from === from && entry.key === key)) return;
    const seq = log.entries.length + 1;
    log.entries.push({ seq, id: `${log.conversation}#${seq}`, from, key });
  }

  #receipt(log: Log, from: string, key: string): Outcome {
    const entry = log.entries.find((each) => each.from === from && each.key === key);
    return { kind: 'receipt', seq: entry?.seq, id: entry?.id };
  }

  #deliver(device: SimulatedDevice, log: Log, count: number): void {
    let left = count;
    for (const entry of log.entries.slice(device.cursors.get(log.conversation) ?? 0)) {
      if (left <= 0) return;
      device.cursors.set(log.conversation, entry.seq);
      if (!mayRead(log, device.user, entry)) continue;
      this.history.push({ type: 'delivered', device: device.name, conversation: log.conversation, ...entry });
      left--;
    }
  }

  #reconnect(device: SimulatedDevice): void {
    device.lost.push(...device.open.splice(0));
    this.history.push({ type: 'disconnected', device: device.name });
    this.history.push({ type: 'connected', device: device.name, user: device.user, cursors: 'device' });
    const cursors = Object.fromEntries([...device.cursors].filter(([, seq]) => seq > 0));
    this.history.push({ type: 'resumed', device: device.name, cursors });
    this.#resend(device);
  }

  #resend(device: SimulatedDevice): void {
    for (const send of device.lost.splice(0)) {
      // A send that was stored is answered though its sender has left the room; one that was not would be refused.
      const known = send.log.entries.some((entry) => entry.key === send.key);
      if (!known && !send.log.members.has(device.user)) continue;
      this.history.push({ type: 'send-started', device: device.name, conversation: send.log.conversation, key: send.key });
      device.open.push(send);
    }
  }

  #changeMembership(device: SimulatedDevice): void {
    const room = this.#logs.find((log) => log.conversation === ROOM);
    if (!room || this.#devices.some((each) => each.user === device.user && each.open.concat(each.lost).some((send) => send.log === room))) return;
    const seq = room.entries.length + 1;
    const entry = room.members.has(device.user) ? 'LEAVE' : 'JOIN';
    if (entry === 'JOIN') room.members.add(device.user);
    else room.members.delete(device.user);
    room.entries.push({ seq, id: `${ROOM}#${seq}`, from: device.user, entry });
  }
}

/** Whether `entry` falls into a membership of `user`: at or above a JOIN, not above the LEAVE. */
function mayRead(log: Log, user: string, entry: StoredEntry): boolean {
  if (log.conversation !== ROOM) return log.members.has(user);
  const last = log.entries.slice(0, entry.seq).findLast((each) => each.from === user && each.entry !== undefined);
  return last?.entry === 'JOIN' || last?.seq === entry.seq;
}

function pick<T>(from: readonly T[], index: number): T {
  const picked = from[index % from.length];
  if (picked === undefined) throw new RangeError('nothing to pick from');
  return picked;
}
