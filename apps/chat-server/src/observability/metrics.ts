import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** A number that is read when somebody asks. */
export type Reading = {
  readonly name: string;
  readonly help: string;
  readonly kind: 'gauge' | 'counter';
  readonly read: () => number;
};

/** Serves the readings at `/metrics` in Prometheus' text format, on a port of its own. */
export function serveMetrics(address: { readonly host: string; readonly port: number }, readings: readonly Reading[]): Promise<Server> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const reading of readings) register(registry, reading);
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => resolve(server));
  });
}

function register(registry: Registry, { name, help, kind, read }: Reading): void {
  if (kind === 'gauge') {
    new Gauge({ name, help, registers: [registry], collect() { this.set(read()); } });
    return;
  }
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
