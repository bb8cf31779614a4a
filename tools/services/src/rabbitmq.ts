import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isExecutable, pathFolders } from './binaries.ts';
import { runCommand } from './command.ts';
import { ServiceError } from './errors.ts';
import { freePort } from './free-port.ts';
import { ensureInstalled } from './install.ts';
import {
  firstStart,
  PrivateService,
  startOnPort,
  type Service,
  type ServiceOptions,
  type ServiceParts,
} from './service.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { answersOnPort } from './tcp-probe.ts';
import { createWorkFolder } from './work-folder.ts';

export type RabbitmqOptions = ServiceOptions & {
  /** Such as `rabbitmq_web_stomp`; none by default. Their listeners are set by `settings`. */
  readonly plugins?: readonly string[];
  /** More of rabbitmq.conf, such as `{ 'web_stomp.tcp.port': '15674' }`. */
  readonly settings?: Readonly<Record<string, string>>;
};

export interface RabbitmqService extends Service {
  /** Runs `rabbitmqctl` on this node and returns its output; each call takes a second or two. */
  ctl(...args: readonly string[]): Promise<string>;
}

type NodePorts = { readonly amqp: number; readonly distribution: number; readonly epmd: number };

/** A RabbitMQ node that keeps its data from one start to the next. */
export async function startRabbitmq(options: RabbitmqOptions = {}): Promise<RabbitmqService> {
  const { rabbitmq: command } = await ensureInstalled(['rabbitmq']);
  return startOnPort(options.port, async (amqp) => {
    const ports: NodePorts = { amqp, distribution: await freePort(), epmd: await freePort() };
    const folder = createWorkFolder('rabbitmq', { dir: options.dir });
    const env = nodeEnvironment(folder.path, ports);
    writeConfiguration(folder.path, ports, options);
    const logFile = join(folder.path, 'rabbitmq.log');
    const place = { env, cwd: folder.path, logFile };
    const parts = { url: `amqp://guest:guest@127.0.0.1:${amqp}`, port: amqp, folder, logFile };
    return firstStart(
      new PrivateRabbitmq({
        ...parts,
        process: new SupervisedProcess({
          ...place,
          name: 'rabbitmq',
          command,
          args: [],
          port: amqp,
          // The broker listens last of all; what answers the protocol's header is ready.
          isReady: () => answersOnPort(amqp, 'AMQP\x00\x00\x09\x01', '\x01'),
          readyTimeoutMs: 90_000,
          stopSignal: 'SIGTERM',
          stopTimeoutMs: 30_000,
        }),
        epmd: epmdProcess(place, command, ports.epmd),
        ctl: (args) => runCommand(join(dirname(command), 'rabbitmqctl'), args, { env, timeoutMs: 60_000 }),
      }),
    );
  });
}

type RabbitmqParts = ServiceParts & {
  readonly epmd: SupervisedProcess;
  readonly ctl: (args: readonly string[]) => ReturnType<typeof runCommand>;
};

class PrivateRabbitmq extends PrivateService implements RabbitmqService {
  readonly #epmd: SupervisedProcess;
  readonly #ctl: RabbitmqParts['ctl'];

  constructor(parts: RabbitmqParts) {
    super(parts);
    this.#epmd = parts.epmd;
    this.#ctl = parts.ctl;
  }

  override async start(): Promise<void> {
    if (!this.#epmd.isRunning) await this.#startEpmd();
    await super.start();
  }

  async #startEpmd(): Promise<void> {
    try {
      await this.#epmd.start();
    } catch (error) {
      // It ends without a word, and as if all were well, where somebody was quicker to take its port.
      const ended = this.#epmd.isRunning ? undefined : await this.#epmd.exited;
      if (ended?.code === 0) throw new ServiceError('SERVICE_PORT_TAKEN', 'epmd did not start: its port was taken.', { cause: error });
      throw error;
    }
  }

  override async stop(): Promise<void> {
    await this.halt();
    await this.#epmd.halt();
    await super.stop();
  }

  async ctl(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.#ctl(args);
    if (status === 0) return stdout;
    const output = [stdout, stderr].join('\n').trim();
    throw new ServiceError('SERVICE_COMMAND_FAILED', `rabbitmqctl ${args.join(' ')} gave ${status}: ${output}`);
  }
}

/** Nothing of the machine's own configuration, cookie or environment reaches the node. */
function nodeEnvironment(dir: string, ports: NodePorts): NodeJS.ProcessEnv {
  return {
    HOME: dir, // where Erlang puts its cookie
    PATH: [...pathFolders(), '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':'),
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: 'chat@localhost',
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_MNESIA_BASE: join(dir, 'data'),
    RABBITMQ_LOG_BASE: join(dir, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_PID_FILE: join(dir, 'rabbitmq.pid'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(dir, 'generated'),
    // "Input allowed" makes the script replace itself by the Erlang machine instead of waiting for it, so that the
    // process we started is the one that does the work. Input is then refused again by -noinput.
    RABBITMQ_ALLOW_INPUT: '1',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-noinput -kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
}

function writeConfiguration(dir: string, ports: NodePorts, { plugins = [], settings }: RabbitmqOptions): void {
  const configuration = {
    'listeners.tcp.1': `127.0.0.1:${ports.amqp}`,
    'log.console': 'true',
    'log.file': 'false',
    'vm_memory_high_watermark.absolute': '1GB',
    'disk_free_limit.absolute': '50MB',
    ...settings,
  };
  const lines = Object.entries(configuration).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(join(dir, 'rabbitmq.conf'), lines.join(''));
  writeFileSync(join(dir, 'enabled_plugins'), `[${plugins.join(',')}].\n`);
}

type Place = { readonly env: NodeJS.ProcessEnv; readonly cwd: string; readonly logFile: string };

/**
 * Erlang's port mapper. A node starts one where there is none, as a daemon that outlives it; ours is there first, is a
 * child of this process and ends with the service.
 */
function epmdProcess(place: Place, rabbitmq: string, port: number): SupervisedProcess {
  const folders = [...pathFolders(), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  const command = folders.map((folder) => join(folder, 'epmd')).find((path) => isExecutable(path));
  if (command === undefined) {
    throw new ServiceError('SERVICE_NOT_INSTALLED', `${rabbitmq} is there, but Erlang's epmd is not on the PATH.`);
  }
  return new SupervisedProcess({
    ...place,
    name: 'epmd',
    command,
    args: ['-port', String(port), '-address', '127.0.0.1'],
    port,
    isReady: () => answersOnPort(port),
    readyTimeoutMs: 10_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 2_000,
  });
}
