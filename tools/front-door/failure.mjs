/**
 * Something the user can put right, told in one line and without a stack. Anything else that is thrown is a fault of ours
 * and keeps its stack.
 */
export class FrontDoorFailure extends Error {
  /**
   * @param {'usage' | 'no-lockfile' | 'busy' | 'install-failed' | 'build-failed' | 'no-runtime' | 'services-failed'} code
   * @param {string} message one line
   */
  constructor(code, message) {
    super(message);
    this.name = 'FrontDoorFailure';
    this.code = code;
  }
}
