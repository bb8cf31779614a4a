import { createAccounts } from './accounts/create-accounts.ts';
import { LoadRunError } from './load-run-error.ts';
import { LoadRun } from './load-run.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const PROGRESS_EVERY_MS = 500;

/** A child process that does what `WorkerPart`, its parent's side, tells it. */
export function runWorker(): void {
  let run: LoadRun | undefined;
  // Ctrl-C reaches all processes of a terminal; the parent says what becomes of it.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'connect':
        run = new LoadRun(message.options, createAccounts(message.options));
        return report(run.connect().then(() => ({ type: 'connected' })));
      case 'load':
        return report(load(run));
      case 'leave':
        return void Promise.resolve(run?.leave()).finally(() => process.exit(0));
      case 'stop':
        return run?.stop();
      case 'abort':
        return run?.abort();
    }
  });
  tell({ type: 'waiting' });
}

async function load(run: LoadRun | undefined): Promise<FromWorker> {
  if (!run) throw new Error('told to load before it was told to connect');
  const timer = setInterval(() => tell({ type: 'progress', progress: run.progress() }), PROGRESS_EVERY_MS);
  const result = await run.load();
  clearInterval(timer);
  return { type: 'result', result };
}

function report(outcome: Promise<FromWorker>): void {
  outcome.then(tell, (error: unknown) => {
    const code = error instanceof LoadRunError ? error.code : undefined;
    tell({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  });
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
