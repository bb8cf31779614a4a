/** Every reason for which the database layer refuses to start a server; the list in `docs/errors.md` is the same. */
export const databaseStartErrorCodes = [
  'binaries-missing',
  'data-folder-in-use',
  'data-folder-invalid',
  'data-folder-not-writable',
  'database-in-use',
  'database-newer-than-code',
  'database-unreachable',
  'initdb-failed',
  'migration-changed',
  'migration-failed',
  'migration-list-invalid',
  'no-unprivileged-user',
  'postgres-start-failed',
  'postgres-version-mismatch',
  'unsupported-platform',
] as const;

export type DatabaseStartErrorCode = (typeof databaseStartErrorCodes)[number];

/** The server cannot start because of its database. The message is one line, meant for the operator as it stands. */
export class DatabaseStartError extends Error {
  readonly code: DatabaseStartErrorCode;

  constructor(code: DatabaseStartErrorCode, message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
    this.name = 'DatabaseStartError';
    this.code = code;
  }
}

/** What is known of something thrown, for the end of a one-line message. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // Node reports a failed connection to a name with several addresses as an AggregateError without a message.
  if (thrown.message === '' && thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join('; ');
  return oneLine(thrown.message);
}

/** The `code` of a system error or of an SQL error, where there is one. */
export function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
