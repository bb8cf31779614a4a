/** What can go wrong with a private service; `code` is stable, the message is for people. */
export type ServiceErrorCode =
  | 'SERVICE_NOT_INSTALLED'
  | 'SERVICE_INSTALL_FAILED'
  | 'SERVICE_START_FAILED'
  | 'SERVICE_PORT_TAKEN'
  | 'SERVICE_STOP_FAILED'
  | 'SERVICE_COMMAND_FAILED';

export class ServiceError extends Error {
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServiceError';
    this.code = code;
  }
}
