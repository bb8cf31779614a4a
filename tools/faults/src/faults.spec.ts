import { expect, test } from 'vitest';
import { faults } from './fault.ts';
import { runFaults } from './fault-run.ts';

// The short form of `npm run faults`: three of the faults, in a small cluster under a small load.
test('[A3] [C1] [C2] [L2] a server killed, RabbitMQ restarted and Redis emptied under load: nothing lost, doubled, reordered', async () => {
  const names = ['server-killed', 'rabbitmq-restarted', 'redis-flushed'];
  const { exitCode, report, defects } = await runFaults({
    faults: names.flatMap((name) => faults.filter((fault) => fault.name === name)),
    servers: 3,
    users: 60,
    rate: 100,
    pauseMs: 3_000,
    log: () => undefined,
  });
  expect(report).toContain('lost 0   doubled 0   reordered 0');
  expect(exitCode).toBe(0);
  expect([...defects]).toEqual([]);
});
