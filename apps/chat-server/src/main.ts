import { createLogger } from './config/logger.ts';
import { readSettings } from './config/settings.ts';
import { SettingsError } from './config/settings-error.ts';
import { DatabaseStartError } from './database/database-start-error.ts';
import { LeaseHeld } from './directory/directory.port.ts';
import { ChatServer } from './lifecycle/chat-server.ts';

const STOP_WITHIN_MS = 15_000;

/** A start that failed for a reason that an operator can mend: one line, exit code 1. */
function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function explain(error: unknown): string | undefined {
  if (error instanceof SettingsError || error instanceof DatabaseStartError || error instanceof LeaseHeld) return error.message;
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'EADDRINUSE') return `The port is in use: ${error.message}. Set PORT to another one.`;
  if (error.code === 'EACCES') return `The port may not be opened: ${error.message}. Set PORT to one above 1023.`;
  return undefined;
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLogger(settings.logLevel);
  const server = new ChatServer(settings, log, { onFatal: (reason) => end(1, reason) });
  let ending = false;

  const end = (code: number, why: string): void => {
    if (ending) return;
    ending = true;
    log.info({ why }, 'ending');
    // A stop that hangs must not keep the process: what is committed is safe, and nothing else is promised.
    const drainMs = code === 0 ? settings.drainSeconds * 1_000 : 0;
    setTimeout(() => process.exit(1), drainMs + STOP_WITHIN_MS).unref();
    // Also in the middle of a start.
    server.stop(drainMs).then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ err: error }, 'could not end cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => end(0, 'SIGTERM'));
  process.on('SIGINT', () => end(0, 'SIGINT'));

  try {
    await server.start();
  } catch (error) {
    // Then that it did not start is no news, and whoever ends it gives the exit code.
    if (ending) return;
    throw error;
  }
  process.stdout.write(`Chat is ready on ${publicUrl(server.url)}\n`);
}

/** What to type into a browser: nobody types 0.0.0.0. */
function publicUrl(url: string): string {
  return url.replace(/\/\/(0\.0\.0\.0|\[::\]|127\.0\.0\.1)(?=:)/, '//localhost');
}

main().catch((error: unknown) => {
  const line = explain(error);
  if (line !== undefined) refuse(line);
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
