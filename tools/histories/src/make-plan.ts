import type { Command, DevicePlan, Ending, Plan, RoomPlan, Step } from './plan.ts';
import { Random } from './random.ts';

export type PlanSize = { readonly clients: number; readonly servers: number; readonly rooms: number; readonly steps: number };

const DIRECTS = 8;
/** Of a hundred steps. What is not named in it is a send. */
const SHARES: readonly (readonly [share: number, kind: Command['do']])[] = [
  [5, 'repeat'], [4, 'together'], [5, 'edit'], [3, 'delete'], [4, 'react'], [8, 'read'], [1, 'type'], [7, 'join'], [5, 'leave'], [3, 'invite'],
  [3, 'expel'], [7, 'disconnect'], [8, 'connect'], [1, 'new-device'], [4, 'watch'], [1, 'unwatch'],
];
const ENDINGS: readonly Ending[] = ['close', 'disconnect', 'cut', 'cut', 'vanish'];
const LONGEST_PAUSE_MS = 8;

/** A random history; the same one for the same seed and size. */
export function makePlan(seed: number, { clients, servers, rooms: roomCount, steps }: PlanSize): Plan {
  const random = new Random(seed);
  const users = Math.ceil(clients * 0.6);
  const devices = Array.from({ length: clients }, (_, index): DevicePlan => ({
    // Everyone has one; some have more.
    user: index < users ? index : random.below(users),
    server: random.below(servers),
    keeps: random.chance(20) ? 'server' : 'device',
    ack: random.chance(70) ? 'auto' : random.chance(50) ? 'client' : 'client-individual',
  }));
  const rooms = Array.from({ length: roomCount }, (_, index) => makeRoom(random, index, users));
  const directs = Array.from({ length: DIRECTS }, () => [random.below(users), random.below(users)] as const);
  const maker = new StepMaker(random, { users, servers, rooms: roomCount });
  return { seed, users, devices, rooms, directs, steps: Array.from({ length: steps }, () => maker.next()) };
}

function makeRoom(random: Random, index: number, users: number): RoomPlan {
  const visibility = index % 2 === 0 ? 'private' : 'public';
  const usual = visibility === 'public' ? 'all' : 'joined';
  const history = random.chance(75) ? usual : usual === 'all' ? 'joined' : 'all';
  const members = new Set(Array.from({ length: 6 }, () => random.below(users)));
  members.delete(index);
  return { owner: index, visibility, history, members: [...members] };
}

type Counts = { readonly users: number; readonly servers: number; readonly rooms: number };

class StepMaker {
  readonly #random: Random;
  readonly #of: Counts;

  constructor(random: Random, of: Counts) {
    this.#random = random;
    this.#of = of;
  }

  next(): Step {
    const random = this.#random;
    // Bursts, in which much is under way at once, and lulls.
    return { ...this.#command(this.#kind()), pause: random.chance(50) ? 0 : random.below(LONGEST_PAUSE_MS + 1) };
  }

  #kind(): Command['do'] {
    let left = this.#random.below(100);
    for (const [share, kind] of SHARES) if ((left -= share) < 0) return kind;
    return 'send';
  }

  #command(kind: Command['do']): Command {
    const random = this.#random;
    const { users, servers, rooms } = this.#of;
    const [device, conversation, room] = [random.below(1_000), random.below(rooms + DIRECTS), random.below(Math.max(1, rooms))];
    const [user, server] = [random.below(users), random.below(servers)];
    switch (kind) {
      case 'send':
        return { do: kind, device, conversation, receipt: random.chance(80) };
      case 'repeat':
        return { do: kind, device, send: random.below(1_000), sameText: random.chance(80) };
      case 'together':
        return { do: kind, device, conversation, other: random.chance(50) ? conversation : random.below(rooms + DIRECTS), count: 2 + random.below(4) };
      case 'edit':
      case 'delete':
      case 'react':
        return { do: kind, device, conversation, back: random.below(10) };
      case 'read':
        return { do: kind, device, conversation, back: random.below(6) - 1 };
      case 'type':
        return { do: kind, device, conversation };
      case 'join':
      case 'leave':
        return { do: kind, device, room };
      case 'invite':
      case 'expel':
        return { do: kind, user, room, server };
      case 'disconnect':
        return { do: kind, device, how: random.pick(ENDINGS) };
      case 'connect':
        return { do: kind, device, server, limit: random.chance(15) ? 1 + random.below(5) : undefined, inTwoFrames: random.chance(20) };
      case 'new-device':
        return { do: kind, user, server };
      case 'watch':
        return { do: kind, device, room, after: random.chance(70) ? random.below(30) : undefined };
      case 'unwatch':
        return { do: kind, device, topic: random.below(100) };
    }
  }
}
