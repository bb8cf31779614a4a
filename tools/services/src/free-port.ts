import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { randomInt } from 'node:crypto';

const HOST = '127.0.0.1';
const LOWEST = 20_000;
const ATTEMPTS = 100;

/** Ports given out by this process, so that two services that start together never get the same one. */
const givenOut = new Set<number>();

/**
 * A port of 127.0.0.1 that nobody listens on. It lies below the range from which the system takes the ports of outgoing
 * connections: a service that is down for a while in a test would otherwise find its port taken when it comes back.
 */
export async function freePort(): Promise<number> {
  const end = firstOutgoingPort();
  if (end - LOWEST < 1_000) return anyPort();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST, end);
    if (givenOut.has(port) || !(await isPortFree(port))) continue;
    givenOut.add(port);
    return port;
  }
  return anyPort();
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

async function anyPort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error(`No port of ${HOST} is free.`);
  return port;
}

function firstOutgoingPort(): number {
  try {
    const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    return Number(range.trim().split(/\s+/)[0]);
  } catch {
    return 32_768; // the default of Linux; macOS begins at 49152
  }
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, HOST, () => {
      const address = server.address() as AddressInfo; // a TCP server that listens has no other kind
      server.close(() => resolve(address.port));
    });
  });
}
