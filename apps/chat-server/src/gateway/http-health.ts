import type { FastifyInstance } from 'fastify';
import type { Readiness } from './readiness.ts';

/** `/healthz`: the process lives. `/readyz`: it wants new connections. */
export function registerHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', (_request, reply) => {
    const { ready, status, degraded } = readiness.report();
    return reply.code(ready ? 200 : 503).send({ status, degraded });
  });
}
