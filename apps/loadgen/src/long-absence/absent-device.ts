import type { ChatMessage } from '@chat/protocol';
import { ChatConnection, type ConnectionEnd, type ConnectionListener } from '../chat/chat-connection.ts';
import { messageFrame, type StreamStart } from '../chat/chat-frames.ts';
import type { AbsentOptions, FromAbsentDevice, SyncFound, ToAbsentDevice } from './absent-messages.ts';

/** Sends that may wait for their RECEIPTs at once: much for the server to do, and bounded. */
const WINDOW = 200;

/** The other side of `AbsentProcess`: what it does shall not make the measuring process late. */
export function runAbsentDevice(): void {
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: ToAbsentDevice) => {
    const work: Promise<FromAbsentDevice> = message.type === 'fill'
      ? fill(message.options, message.count).then(() => ({ type: 'filled' }))
      : sync(message.options).then((found) => ({ type: 'synced', ...found }));
    work.catch((error: unknown): FromAbsentDevice => ({ type: 'failed', message: error instanceof Error ? error.message : String(error) }))
      .then((answer) => process.send?.(answer), () => process.exit(1));
  });
}

function fill({ url, writer, reader, textLength }: AbsentOptions, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const filler = 'x'.repeat(textLength);
    let sent = 0;
    let stored = 0;
    const connection = open(url, writer, 'fresh', {
      onMessage: (message) => {
        if (message.type === 'SYNCED') while (sent < Math.min(WINDOW, count)) write();
      },
      onReceipt: () => {
        stored++;
        if (sent < count) write();
        else if (stored === count) connection.close();
      },
      onRefusal: (body) => reject(new Error(`a message was refused: ${Buffer.from(body).toString()}`)),
      onEnded: ({ closeCode, cause }) => (stored === count ? resolve() : reject(new Error(`the writer's connection ended: ${closeCode} ${cause}`))),
    });
    const write = (): void => connection.write(messageFrame({ to: reader.id }, { key: `missed-${++sent}`, intended: 0 }, filler));
  });
}

function sync({ url, reader, conversation }: AbsentOptions): Promise<SyncFound> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let entries = 0;
    let found: SyncFound | undefined;
    let wrong: string | undefined;
    const connection = open(url, reader, { [conversation]: 0 }, {
      onMessage: (message) => {
        if (message.type === 'CHAT') {
          entries++;
          if (message.seq !== entries) wrong ??= `seq ${message.seq} came as number ${entries}`;
        } else if (message.type === 'SYNCED') {
          found = { entries, milliseconds: performance.now() - began, wrong };
          connection.close();
        }
      },
      onReceipt: () => {},
      onRefusal: (body) => reject(new Error(`the sync was refused: ${Buffer.from(body).toString()}`)),
      onEnded: ({ closeCode, cause }) => (found ? resolve(found) : reject(new Error(`the connection ended during the sync: ${closeCode} ${cause}`))),
    });
  });
}

type Reactions = {
  onMessage(message: ChatMessage): void;
  onReceipt(): void;
  onRefusal(body: Uint8Array): void;
  onEnded(end: ConnectionEnd): void;
};

function open(url: string, who: AbsentOptions['reader'], start: StreamStart, reactions: Reactions): ChatConnection {
  const listener: ConnectionListener = {
    onConnected: () => {},
    onSubscribed: () => {},
    onMessage: (body) => reactions.onMessage(JSON.parse(Buffer.from(body).toString()) as ChatMessage), // what is wrong with it is counted
    onReceipt: (frame) => {
      if (frame.headers.get('receipt-id')?.startsWith('missed-')) reactions.onReceipt();
    },
    onRefusal: (body) => reactions.onRefusal(body),
    onEnded: (end) => reactions.onEnded(end),
  };
  return new ChatConnection({ url, accessToken: who.accessToken, device: 'absent', start }, listener, performance.now());
}
