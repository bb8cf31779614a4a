import { pino, type DestinationStream, type Logger } from 'pino';

const SECRET_FIELDS = [
  'authorization',
  'password',
  'passcode',
  'accessToken',
  'refreshToken',
  'token',
  'secret',
  'jwtSecret',
  'cookie',
];

type LoggedRequest = { readonly method?: string; readonly url?: string; readonly ip?: string };

/**
 * The log of the whole server, in JSON on standard output unless told otherwise. Fields with secrets are blanked by name
 * up to two levels deep, and addresses are logged without their query, because somebody will put a token there.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.headers.${field}`]),
      censor: '[secret]',
    },
    serializers: {
      err: pino.stdSerializers.err,
      req: (request: LoggedRequest) => ({
        method: request.method,
        path: request.url?.split('?', 1)[0],
        address: request.ip,
      }),
      res: (response: { readonly statusCode?: number }) => ({ statusCode: response.statusCode }),
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
