import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ServiceError } from './errors.ts';

const LOCK_FILE = '/run/lock/chat-services-install.lock';

/**
 * Runs `work` while no other process of this machine does. The lock is the kernel's, held by flock(1) for as long as a
 * pipe from this process is open: it cannot outlive us, however we end.
 */
export async function withInstallLock(log: (line: string) => void, work: () => Promise<void>): Promise<void> {
  const holder = spawn('flock', [LOCK_FILE, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(holder, 'exit');
  const patience = setTimeout(() => log('Another process is installing services; waiting for it.'), 1_000);
  try {
    await Promise.race([
      once(holder.stdout, 'data'),
      ended.then(() => {
        throw new ServiceError('SERVICE_INSTALL_FAILED', `The lock ${LOCK_FILE} could not be taken.`);
      }),
    ]);
    clearTimeout(patience);
    await work();
  } finally {
    clearTimeout(patience);
    holder.stdin.end();
    await ended;
  }
}
