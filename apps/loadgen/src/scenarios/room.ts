import { roomConversationId } from '@chat/protocol';
import { messageFrame } from '../chat/chat-frames.ts';
import type { ChatUser } from '../chat/chat-user.ts';
import { pickOne } from '../random.ts';
import { RoomSetup } from './room-setup.ts';
import type { Beginning, Scenario } from './scenario.ts';

export type RoomOptions = {
  readonly run: string;
  readonly urls: readonly string[];
  readonly members: number;
  readonly joinRate: number;
  readonly textLength: number;
  readonly random: () => number;
};

/** All users are in one room, with others who are away; whoever's turn it is writes to all. */
export class RoomScenario implements Scenario {
  // Everyone joins before anyone is there: from the beginning, each would get the JOINs of all who came later.
  readonly start = 'fresh';
  readonly #options: RoomOptions;
  readonly #filler: string;
  #roomId = '';
  #users: readonly ChatUser[] = [];
  #sent = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
    this.#filler = 'x'.repeat(options.textLength);
  }

  async setUp({ users, accounts, history }: Beginning): Promise<void> {
    const { run, urls, members, joinRate } = this.#options;
    const [owner = '', ...others] = users;
    const away = Array.from({ length: members - users.length }, (_, index) => `away-${run}-${index}`);
    const setup = new RoomSetup(urls, accounts, joinRate);
    this.#roomId = await setup.create(owner, `load ${run}`);
    const conversation = roomConversationId(this.#roomId);
    history.record({ type: 'joined', conversation, user: owner, seq: 1 });
    const isUser = new Set(users);
    await setup.join(this.#roomId, [...away, ...others], (user, seq) => {
      if (isUser.has(user)) history.record({ type: 'joined', conversation, user, seq });
    });
  }

  prepare(users: readonly ChatUser[]): void {
    this.#users = users;
  }

  send(intended: number): void {
    const user = pickOne(this.#users, this.#options.random);
    const key = `${user.id}-${++this.#sent}`;
    user.send(roomConversationId(this.#roomId), key, messageFrame({ roomId: this.#roomId }, { key, intended }, this.#filler), intended);
  }
}
