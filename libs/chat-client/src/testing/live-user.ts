import type { Entry } from '@chat/protocol';
import { vi } from 'vitest';
import { WebSocket as NodeWebSocket } from 'ws';
import type { ChatClient } from '../chat-client.ts';
import { type ChatOptions, ChatService } from '../chat-service.ts';
import type { OpenWebSocket } from '../connection/transport.stomp.ts';
import { MemoryClientStore } from '../store/client-store.memory.ts';

/** Node 22 has a WebSocket of its own; the tests run on older ones as well. */
const openWebSocket: OpenWebSocket = (url, subProtocols) => {
  const Socket = 'WebSocket' in globalThis ? WebSocket : NodeWebSocket;
  return new Socket(url, subProtocols);
};

/** A user of a real server, and what that user's device has seen. */
export type LiveUser = {
  readonly id: string;
  readonly service: ChatService;
  readonly chat: ChatClient;
  readonly entries: Entry[];
  readonly faults: unknown[];
};

let count = 0;

export async function register(origin: string): Promise<LiveUser> {
  const id = `user${++count}`;
  const faults: unknown[] = [];
  const service = new ChatService({ origin, openWebSocket, onFault: (fault) => faults.push(fault) });
  await service.account.register({ id, password: 'long enough' });
  return openDevice(id, service, faults);
}

/** One more device of the user's, or the same again: `store` and `device` decide. */
export async function openDevice(id: string, service: ChatService, faults: unknown[], options: ChatOptions = {}): Promise<LiveUser> {
  const chat = await service.openChat({ store: new MemoryClientStore(), ...options });
  const entries: Entry[] = [];
  chat.events.on('entry', (entry) => entries.push(entry));
  return { id, service, chat, entries, faults };
}

export async function synced(...users: LiveUser[]): Promise<void> {
  await Promise.all(
    users.map(({ chat }) => new Promise<void>((done) => {
      const stop = chat.events.on('synced', () => {
        stop();
        done();
      });
      chat.start();
    })),
  );
}

/** Polls until `check` no longer throws. */
export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 30_000, interval: 20 });
}

export function texts(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => (entry.type === 'CHAT' ? [entry.message] : []));
}
