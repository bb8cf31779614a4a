export type LoadRunErrorCode =
  /** Nothing answers at a server's address. */
  | 'unreachable'
  /** A server answers, and does not let the users in. */
  | 'refused'
  /** This machine does not give what the run needs. */
  | 'machine';

/** The load cannot be run. The message is one line that says what to do. */
export class LoadRunError extends Error {
  override readonly name = 'LoadRunError';
  readonly code: LoadRunErrorCode;

  constructor(code: LoadRunErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
