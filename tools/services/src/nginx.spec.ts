import { expect, onTestFinished, test } from 'vitest';
import { expectGone } from './fixture/expect-gone.ts';
import { startNginx, type NginxFiles } from './nginx.ts';
import { pollUntil } from './polling.ts';
import { descendants } from './process-tree.ts';

const answering =
  (answer: string): NginxFiles =>
  ({ port }) => ({
    'nginx.conf': `worker_processes 2; events {} http { access_log off; include conf.d/*.conf; }`,
    'conf.d/site.conf': `server { listen 127.0.0.1:${port}; location / { return 200 '${answer}'; } }`,
  });

async function runningNginx(files: NginxFiles) {
  const service = await startNginx({ files });
  onTestFinished(() => service.stop());
  return { service, get: async () => (await fetch(service.url)).text() };
}

test('answers; its pid is the master; stop leaves nothing', async () => {
  const { service, get } = await runningNginx(answering('hello'));
  expect(await get()).toBe('hello');
  expect(descendants(service.pid)).toHaveLength(2);
  const pids = [service.pid, ...descendants(service.pid)];
  await service.stop();
  await expectGone({ pids, ports: [service.port], dirs: [service.dir] });
});

test('reload takes a new configuration over under the same master, and refuses a wrong one', async () => {
  const { service, get } = await runningNginx(answering('before'));
  const { pid } = service;
  await service.reload(answering('after'));
  expect(await pollUntil(async () => (await get()) === 'after', { timeoutMs: 5_000 })).toBe(true);
  expect(service.pid).toBe(pid);
  const wrong = service.reload(() => ({ 'conf.d/site.conf': 'nonsense;' }));
  await expect(wrong).rejects.toMatchObject({ code: 'SERVICE_COMMAND_FAILED' });
  await expect(wrong).rejects.toThrow(/unknown directive "nonsense"/);
  expect(await get()).toBe('after');
});

test('SIGKILL takes its workers too; it starts again on its port', async () => {
  const { service, get } = await runningNginx(answering('again'));
  const pids = [service.pid, ...descendants(service.pid)];
  await service.kill('SIGKILL');
  await expectGone({ pids, ports: [service.port], dirs: [] });
  await service.start();
  expect(await get()).toBe('again');
});
