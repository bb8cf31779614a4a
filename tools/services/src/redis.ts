import { join } from 'node:path';
import { ensureInstalled } from './install.ts';
import { firstStart, PrivateService, startOnPort, type Service, type ServiceOptions } from './service.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { answersOnPort } from './tcp-probe.ts';
import { createWorkFolder } from './work-folder.ts';

export type RedisOptions = ServiceOptions & {
  /** More of redis.conf, such as `{ maxmemory: '64mb' }`. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** A Redis that keeps nothing: each start begins empty. */
export async function startRedis(options: RedisOptions = {}): Promise<Service> {
  const { redis: command } = await ensureInstalled(['redis']);
  return startOnPort(options.port, async (port) => {
    const folder = createWorkFolder('redis', { dir: options.dir });
    const logFile = join(folder.path, 'redis.log');
    const settings = {
      port: String(port),
      bind: '127.0.0.1',
      dir: folder.path,
      save: '',
      appendonly: 'no',
      daemonize: 'no',
      ...options.settings,
    };
    const process = new SupervisedProcess({
      name: 'redis',
      command,
      args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      cwd: folder.path,
      logFile,
      port,
      isReady: () => answersOnPort(port, 'PING\r\n', '+PONG'),
      readyTimeoutMs: 10_000,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 5_000,
    });
    return firstStart(new PrivateService({ url: `redis://127.0.0.1:${port}`, port, folder, logFile, process }));
  });
}
