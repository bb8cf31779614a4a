import { directConversationId } from '@chat/protocol';
import { messageFrame } from '../chat/chat-frames.ts';
import type { ChatUser } from '../chat/chat-user.ts';
import { pickOne } from '../random.ts';
import type { Scenario } from './scenario.ts';

export type DirectOptions = { readonly run: string; readonly peers: number; readonly textLength: number; readonly random: () => number };

type Peer = { readonly id: string; readonly conversation: string };
type Writer = { readonly user: ChatUser; readonly peers: readonly Peer[]; sent: number };

/** Everyone writes to a few others, half of them on the same server and half on another, where there are both. */
export class DirectScenario implements Scenario {
  readonly start = 'server';
  readonly #options: DirectOptions;
  readonly #filler: string;
  #writers: readonly Writer[] = [];

  constructor(options: DirectOptions) {
    this.#options = options;
    this.#filler = 'x'.repeat(options.textLength);
  }

  setUp(): Promise<void> {
    return Promise.resolve();
  }

  prepare(users: readonly ChatUser[]): void {
    const servers = byServer(users);
    this.#writers = servers.flatMap((neighbours) => neighbours.map((user) =>
      ({ user, sent: 0, peers: this.#peersOf(user, neighbours, servers.filter((each) => each !== neighbours)) })));
  }

  send(intended: number): void {
    const writer = pickOne(this.#writers, this.#options.random);
    const peer = pickOne(writer.peers, this.#options.random);
    const key = `${writer.user.id}-${++writer.sent}`;
    writer.user.send(peer.conversation, key, messageFrame({ to: peer.id }, { key, intended }, this.#filler), intended);
  }

  #peersOf(user: ChatUser, neighbours: readonly ChatUser[], elsewhere: readonly (readonly ChatUser[])[]): Peer[] {
    const { peers, random } = this.#options;
    return Array.from({ length: peers }, (_, index) => {
      const near = neighbours.length > 1 && (index % 2 === 0 || elsewhere.length === 0);
      const { id } = near ? someoneElse(user, neighbours, random) : pickOne(pickOne(elsewhere, random), random);
      return { id, conversation: directConversationId(user.id, id) };
    });
  }
}

function byServer(users: readonly ChatUser[]): readonly (readonly ChatUser[])[] {
  const groups = new Map<string, ChatUser[]>();
  for (const user of users) {
    const group = groups.get(user.server);
    if (group) group.push(user);
    else groups.set(user.server, [user]);
  }
  return [...groups.values()];
}

/** @param users two at least */
function someoneElse(user: ChatUser, users: readonly ChatUser[], random: () => number): ChatUser {
  for (;;) {
    const other = pickOne(users, random);
    if (other !== user) return other;
  }
}
