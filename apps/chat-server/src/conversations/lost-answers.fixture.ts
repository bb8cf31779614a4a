import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/** A way to PostgreSQL on which the answers to commits can be lost. */
export type LossyWay = {
  readonly url: string;
  /** The next commit reaches PostgreSQL and is carried out; then the connection is cut before its answer. */
  loseNextCommit(): void;
  close(): Promise<void>;
};

const COMMIT = Buffer.from('commit\0'); // pg sends it as a simple query

export async function openLossyWay(url: string): Promise<LossyWay> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let losing = false;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let cutAtAnswer = false;
    client.on('data', (chunk) => {
      if (losing && chunk.includes(COMMIT)) {
        losing = false;
        cutAtAnswer = true;
      }
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      if (cutAtAnswer) client.destroy();
      else client.write(chunk);
    });
    for (const [socket, peer] of [[client, database], [database, client]] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined); // its 'close' follows
      socket.on('close', () => {
        sockets.delete(socket);
        peer.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The way has no port.');
  const way = new URL(url);
  way.hostname = '127.0.0.1';
  way.port = String(address.port);
  return {
    url: way.href,
    loseNextCommit: () => {
      losing = true;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
