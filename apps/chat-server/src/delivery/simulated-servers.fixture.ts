import type { LogEntry } from '../conversations/log-entry.ts';
import { roomIdOf } from './conversation-kind.ts';
import type { DeliveryCounts } from './delivery-counts.ts';
import type { DeliveryLimits } from './delivery-limits.ts';
import type { Gates } from './gates.ts';
import type { RoomDirectory } from './room-registry.ts';
import { gatesOn, type ScriptedLog } from './scripted-log.fixture.ts';

/** A small seeded generator: the same seed plays the same run. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Which servers hold whom and what; each server's writes take their time, one after the other. */
class SimulatedDirectory {
  readonly users = new Map<string, Set<SimulatedServer>>();
  readonly rooms = new Map<string, Set<SimulatedServer>>();

  of(entries: Map<string, Set<SimulatedServer>>, id: string): ReadonlySet<SimulatedServer> {
    return entries.get(id) ?? new Set();
  }

  set(entries: Map<string, Set<SimulatedServer>>, id: string, server: SimulatedServer, present: boolean): void {
    const servers = entries.get(id) ?? new Set();
    entries.set(id, servers);
    if (present) servers.add(server);
    else servers.delete(server);
  }
}

export type SimulatedServer = { readonly gates: Gates; addUser(userId: string): Promise<void> };

export type SimulationParts = {
  readonly log: ScriptedLog;
  readonly counts: DeliveryCounts;
  readonly limits: DeliveryLimits;
  readonly servers: number;
  readonly below: (limit: number) => number;
  /** How often an envelope is lost: one in so many; never with 0. */
  readonly losesOneIn: number;
};

/** Servers on one log, with a directory and a bus between them that are late, disorderly and forgetful. */
export class SimulatedServers {
  readonly servers: readonly SimulatedServer[];
  readonly #parts: SimulationParts;
  readonly #directory = new SimulatedDirectory();

  constructor(parts: SimulationParts) {
    this.#parts = parts;
    this.servers = Array.from({ length: parts.servers }, () => this.#start());
  }

  /** An entry has been committed by this server: it is told here, looked up, and sent on ([R1] [R2] [R3]). */
  commit(entry: LogEntry, server: SimulatedServer): void {
    const { below } = this.#parts;
    server.gates.accept(entry);
    setTimeout(() => {
      const targets = new Set(this.#directory.of(this.#directory.rooms, roomIdOf(entry.conversationId)));
      if (entry.type === 'JOIN') for (const one of this.#directory.of(this.#directory.users, entry.from)) targets.add(one);
      targets.delete(server);
      for (const target of targets) this.#publish(entry, target);
    }, below(20));
  }

  #publish(entry: LogEntry, target: SimulatedServer): void {
    const { below, losesOneIn } = this.#parts;
    if (losesOneIn > 0 && below(losesOneIn) === 0) return;
    for (let i = below(10) === 0 ? 2 : 1; i > 0; i--) {
      setTimeout(() => target.gates.accept(entry), below(below(4) === 0 ? 600 : 20));
    }
  }

  /** As the catch-up of a server does: by the users who are there, and by what they look at. */
  async catchUp(): Promise<void> {
    const { log } = this.#parts;
    for (const { gates } of this.servers) {
      for (const user of gates.users()) {
        for (const { conversationId, lastSeq, leftSeq } of await log.source(user.userId).positions()) {
          gates.reached(log.conversation(conversationId), leftSeq ?? lastSeq);
        }
      }
      for (const { conversation } of gates.rooms.watched()) gates.reached(conversation, log.lastSeq(conversation.conversationId));
    }
  }

  #start(): SimulatedServer {
    const { log, counts, limits } = this.#parts;
    const self: { server?: SimulatedServer } = {};
    const writes = new Map<string, Promise<void>>();
    const write = (entries: Map<string, Set<SimulatedServer>>, id: string, present: boolean): Promise<void> => {
      const written = (writes.get(id) ?? Promise.resolve()).then(async () => {
        await sleep(this.#parts.below(40));
        if (self.server !== undefined) this.#directory.set(entries, id, self.server, present);
      });
      writes.set(id, written);
      return written;
    };
    const directory: RoomDirectory = {
      addRoom: (roomId) => write(this.#directory.rooms, roomId, true),
      removeRoom: (roomId) => void write(this.#directory.rooms, roomId, false),
    };
    const gates = gatesOn(log, { counts, limits, directory });
    const server: SimulatedServer = { gates, addUser: (userId) => write(this.#directory.users, userId, true) };
    self.server = server;
    return server;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
