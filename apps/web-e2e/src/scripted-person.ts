import { Client } from '@stomp/stompjs';
import type { Person } from './person.ts';
import type { ScriptedRoom } from './scripted-room.ts';

/** Whom a message is for. */
export type Receiver = Person | ScriptedRoom;

/** Registers over HTTP, as a program would. */
export async function register(url: string, person: Person): Promise<string> {
  const response = await fetch(`${url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  });
  if (response.status !== 201) throw new Error(`${person.id} could not be registered: ${await response.text()}`);
  const { accessToken } = (await response.json()) as { accessToken: string }; // by the API's contract
  return accessToken;
}

/** Somebody without a browser, to write to those who have one. */
export class ScriptedPerson {
  readonly #client: Client;
  #receipts = 0;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async connect(url: string, token: string): Promise<ScriptedPerson> {
    const client = new Client({
      brokerURL: `${url.replace('http', 'ws')}/ws-chat`,
      connectHeaders: { Authorization: `Bearer ${token}` },
      reconnectDelay: 0,
    });
    await new Promise<void>((resolve, reject) => {
      client.onConnect = () => resolve();
      client.onStompError = ({ headers }) => reject(new Error(headers['message']));
      client.onWebSocketClose = () => reject(new Error('The connection was closed.'));
      client.activate();
    });
    return new ScriptedPerson(client);
  }

  /** Resolves when it is stored, to its place in the log. */
  async say(to: Receiver, message: string, replyTo?: number): Promise<number> {
    const receipt = `said-${++this.#receipts}`;
    const stored = new Promise<number>((resolve) => this.#client.watchForReceipt(receipt, ({ headers }) => resolve(Number(headers['seq']))));
    this.#publish('/app/chat.send', { ...address(to), message, replyTo }, { receipt });
    return stored;
  }

  react({ conversationId }: ScriptedRoom, target: number, emoji: string): void {
    this.#publish('/app/chat.react', { conversationId, target, emoji, on: true });
  }

  /** Reads what others write, as it comes. */
  readEverything(): void {
    this.#client.subscribe('/user/queue/messages', ({ body }) => {
      const { type, conversationId, seq } = JSON.parse(body) as { type: string; conversationId: string; seq: number }; // of a CHAT
      if (type === 'CHAT') this.#publish('/app/chat.read', { conversationId, seq });
    });
  }

  /** Types until it is told to stop, with a signal for each second or so, as a client does; one that comes later sees it too. */
  typeTo(to: Receiver): () => void {
    const type = (): void => this.#publish('/app/chat.typing', { ...address(to), typing: true });
    type();
    const timer = setInterval(type, 1_100);
    return () => clearInterval(timer);
  }

  leave(): Promise<void> {
    return this.#client.deactivate();
  }

  #publish(destination: string, body: object, headers: Record<string, string> = {}): void {
    this.#client.publish({ destination, headers, body: JSON.stringify(body) });
  }
}

function address(receiver: Receiver): { to: string } | { roomId: string } {
  return 'conversationId' in receiver ? { roomId: receiver.id } : { to: receiver.id };
}
