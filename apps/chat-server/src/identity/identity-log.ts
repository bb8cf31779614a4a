/** What identity tells about itself; a pino logger fits. Never given tokens, passwords or what people typed. */
export interface IdentityLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
