import { connect } from 'amqplib';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { expectGone } from './fixture/expect-gone.ts';
import { freePort } from './free-port.ts';
import { pollUntil } from './polling.ts';
import { descendants } from './process-tree.ts';
import { startRabbitmq, type RabbitmqOptions } from './rabbitmq.ts';
import { answersOnPort } from './tcp-probe.ts';

async function runningRabbitmq(options: RabbitmqOptions = {}) {
  const service = await startRabbitmq(options);
  onTestFinished(() => service.stop());
  const connection = async () => {
    const opened = await connect(service.url);
    opened.on('error', () => undefined); // these tests break it on purpose
    return opened;
  };
  return { service, connection, channel: async () => (await connection()).createConfirmChannel() };
}

test('keeps durable queues through restart and SIGKILL on one port, and leaves nothing in the end', async () => {
  const { service, channel } = await runningRabbitmq();
  const first = await channel();
  await first.assertQueue('kept', { durable: true });
  first.sendToQueue('kept', Buffer.from('1'), { persistent: true });
  await first.waitForConfirms();

  await service.restart();
  const second = await channel();
  second.sendToQueue('kept', Buffer.from('2'), { persistent: true });
  await second.waitForConfirms();

  await service.kill('SIGKILL');
  expect(service.isRunning).toBe(false);
  await service.start();
  const third = await channel();
  expect((await third.checkQueue('kept')).messageCount).toBe(2);

  const epmds = descendants(process.pid).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('epmd'));
  const pids = [service.pid, ...descendants(service.pid), ...epmds];
  expect(pids.length).toBeGreaterThan(2);
  await service.stop();
  await expectGone({ pids, ports: [service.port], dirs: [service.dir] }, 2_000);
});

test('ctl lists and deletes queues, closes connections and raises a memory alarm', async () => {
  const { service, connection } = await runningRabbitmq();
  expect(await service.ctl('eval', 'os:getpid().')).toContain(String(service.pid));
  const connected = await connection();
  const open = await connected.createConfirmChannel();
  await open.assertQueue('one');
  expect(await service.ctl('-q', 'list_queues', 'name', '--no-table-headers')).toBe('one\n');

  await service.ctl('delete_queue', 'one');
  expect(await service.ctl('-q', 'list_queues', 'name', '--no-table-headers')).toBe('');

  let blocked = false;
  connected.on('blocked', () => (blocked = true));
  await service.ctl('set_vm_memory_high_watermark', '0.00001');
  open.publish('', 'nowhere', Buffer.from('blocks'));
  expect(await pollUntil(() => blocked, { timeoutMs: 10_000 })).toBe(true);
  await service.ctl('set_vm_memory_high_watermark', '0.4');

  let closed = false;
  connected.on('close', () => (closed = true));
  await service.ctl('close_all_connections', 'a test');
  expect(await pollUntil(() => closed, { timeoutMs: 10_000 })).toBe(true);
  await expect(service.ctl('no-such-command')).rejects.toMatchObject({ code: 'SERVICE_COMMAND_FAILED' });
});

test('enables plugins where asked to', async () => {
  const stomp = await freePort();
  const { service } = await runningRabbitmq({
    plugins: ['rabbitmq_stomp'],
    settings: { 'stomp.listeners.tcp.1': `127.0.0.1:${stomp}` },
  });
  expect(service.isRunning).toBe(true);
  expect(await answersOnPort(stomp, 'CONNECT\naccept-version:1.2\nlogin:guest\npasscode:guest\n\n\0', 'CONNECTED')).toBe(true);
});

test('two nodes run side by side', async () => {
  const nodes = await Promise.all([runningRabbitmq(), runningRabbitmq()]);
  for (const { service, channel } of nodes) await (await channel()).assertQueue(`of-${service.port}`);
  for (const { service } of nodes) {
    expect(await service.ctl('-q', 'list_queues', 'name', '--no-table-headers')).toBe(`of-${service.port}\n`);
  }
});
