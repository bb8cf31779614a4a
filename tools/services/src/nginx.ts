import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import { ServiceError } from './errors.ts';
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

/** File names, relative to the folder, and what stands in them. */
export type NginxFiles = (place: { readonly dir: string; readonly port: number }) => Readonly<Record<string, string>>;

export type NginxOptions = ServiceOptions & {
  /** The configuration, `nginx.conf` among it. It listens on the port it is given and names no `pid` and no `daemon`. */
  readonly files: NginxFiles;
};

export interface NginxService extends Service {
  /** Writes the files anew, or other ones; checks them and lets the running nginx take them over. */
  reload(files?: NginxFiles): Promise<void>;
}

export async function startNginx(options: NginxOptions): Promise<NginxService> {
  const { nginx: command } = await ensureInstalled(['nginx']);
  return startOnPort(options.port, async (port) => {
    // As root nginx lets its workers run as another user, who has to reach the folders for bodies and answers.
    const folder = createWorkFolder('nginx', { dir: options.dir, reachableByOthers: true });
    const dir = folder.path;
    const logFile = join(dir, 'error.log');
    const place = ['-p', dir, '-e', logFile, '-c', join(dir, 'nginx.conf')];
    writeFiles(dir, options.files({ dir, port }));
    const process = new SupervisedProcess({
      name: 'nginx',
      command,
      args: [...place, '-g', `pid ${join(dir, 'nginx.pid')}; daemon off;`],
      cwd: dir,
      logFile,
      port,
      isReady: () => answersOnPort(port),
      readyTimeoutMs: 10_000,
      stopSignal: 'SIGTERM', // SIGQUIT would wait for every WebSocket to end
      stopTimeoutMs: 5_000,
    });
    const check = () => runCommand(command, [...place, '-t', '-g', `pid ${join(dir, 'checked.pid')};`]);
    const parts = { url: `http://127.0.0.1:${port}`, port, folder, logFile, process };
    return firstStart(new PrivateNginx(parts, options.files, check));
  });
}

class PrivateNginx extends PrivateService implements NginxService {
  readonly #files: NginxFiles;
  readonly #check: () => ReturnType<typeof runCommand>;

  constructor(parts: ServiceParts, files: NginxFiles, check: () => ReturnType<typeof runCommand>) {
    super(parts);
    this.#files = files;
    this.#check = check;
  }

  async reload(files: NginxFiles = this.#files): Promise<void> {
    writeFiles(this.dir, files({ dir: this.dir, port: this.port }));
    const { status, stderr } = await this.#check();
    if (status !== 0) throw new ServiceError('SERVICE_COMMAND_FAILED', `nginx -t: ${stderr.trim()}`);
    await this.kill('SIGHUP');
  }
}

function writeFiles(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}
