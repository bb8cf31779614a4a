import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { ChatError } from '@chat/protocol';
import type { Settings } from '../config/settings.ts';
import type { Identity } from '../identity/identity.ts';
import { registerAuth } from './http-auth.ts';
import { registerErrors, sendError } from './http-errors.ts';
import { registerOriginCheck, registerSecurityHeaders } from './http-headers.ts';
import { registerHealth } from './http-health.ts';
import { registerPrincipal } from './http-principal.ts';
import { registerUsers } from './http-users.ts';
import { compileSchema } from './http-validation.ts';
import { refuseMalformed } from './malformed-request.ts';
import { registerOpenApi } from './openapi.ts';
import type { Readiness } from './readiness.ts';
import { builtWebApp, registerWebApp } from './static.ts';

export type HttpParts = {
  readonly identity: Identity;
  readonly readiness: Readiness;
  readonly settings: Pick<Settings, 'http' | 'rates'>;
  readonly log: Logger;
};

const BODY_BYTES = 64 * 1024;
/** `direct:<a>:<b>` with two ids of 64, each character of them percent-encoded, and some room. */
const PARAMETER_LENGTH = 512;
/** Slow headers and bodies hold a connection no longer than this. */
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;

/** The HTTP side. It does not listen yet, so that more routes can be added to it. */
export async function buildHttp({ identity, readiness, settings, log }: HttpParts): Promise<FastifyInstance> {
  const app = createApp(settings.http.trustProxy, log);
  registerErrors(app);
  registerEmptyBodies(app);
  app.setValidatorCompiler(compileSchema);
  registerPrincipal(app);
  registerSecurityHeaders(app);
  registerOriginCheck(app, settings.http.allowedOrigins);
  registerHealth(app, readiness);
  await registerOpenApi(app);
  registerAuth(app, { identity, rates: settings.rates });
  registerUsers(app, identity);
  await registerWebApp(app, settings.http.webRoot ?? builtWebApp());
  return app;
}

function createApp(trustProxy: Settings['http']['trustProxy'], log: Logger): FastifyInstance {
  // As the plain type: otherwise every function that takes the app would have to name the logger's.
  const loggerInstance: FastifyBaseLogger = log;
  return fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustProxy === false ? false : [...trustProxy],
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_WITHIN_MS,
    http: { headersTimeout: HEADERS_WITHIN_MS, connectionsCheckingInterval: 5_000 },
    routerOptions: { maxParamLength: PARAMETER_LENGTH },
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, request, reply) => {
      // Found wrong before any route: an address with a broken escape, for instance.
      void sendError(new ChatError('bad-request', error.message), request, reply);
    },
  });
}

/** Clients name JSON as the content type of requests that have no body, such as logout. */
function registerEmptyBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    if (text === '') done(null, undefined);
    // The types allow a promise; this parser calls back.
    else void parseJson(request, text, done);
  });
}
