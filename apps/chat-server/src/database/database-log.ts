/** What the database layer tells about itself; a pino logger fits. Neither SQL parameters nor passwords are ever passed. */
export interface DatabaseLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
