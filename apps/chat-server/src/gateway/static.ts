import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ChatError } from '@chat/protocol';
import { sendError } from './http-errors.ts';

/** Where the server itself answers: what is not found there is not a page of the web app. */
const SERVER_PATHS = ['/api', '/ws-chat', '/healthz', '/readyz', '/assets'];

/** The web app beside this server, from its source (`src/gateway`) or its bundle (`dist`). */
export function builtWebApp(): string | undefined {
  const candidates = ['../../../web/dist', '../../web/dist'].map((path) => resolve(import.meta.dirname, path));
  return candidates.find((path) => existsSync(join(path, 'index.html')));
}

/**
 * Serves the web app, and its index.html wherever the app has a page of its own. Everything else that is not found is a
 * JSON error. Without a folder there are only those.
 */
export async function registerWebApp(app: FastifyInstance, webRoot: string | undefined): Promise<void> {
  if (webRoot !== undefined) {
    const assets = join(webRoot, 'assets') + sep;
    await app.register(fastifyStatic, {
      root: webRoot,
      cacheControl: false,
      dotfiles: 'deny',
      setHeaders: (reply, path) => {
        // The build puts a digest of the content into the name of everything in assets.
        void reply.header(
          'cache-control',
          path.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (webRoot !== undefined && isPage(request)) return reply.sendFile('index.html');
    return notFound(request, reply, webRoot);
  });
}

function notFound(request: FastifyRequest, reply: FastifyReply, webRoot: string | undefined): FastifyReply {
  const noWebApp = webRoot === undefined && pathOf(request) === '/';
  const message = noWebApp ? 'The web app is not built here: npm run build makes it.' : 'There is nothing here.';
  return sendError(new ChatError('not-found', message), request, reply);
}

/** Ids in the app's addresses may hold dots, so a browser's wish for a page counts more than what looks like a file name. */
function isPage(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const path = pathOf(request);
  if (SERVER_PATHS.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return false;
  const looksLikeFile = path.slice(path.lastIndexOf('/')).includes('.');
  return !looksLikeFile || request.headers.accept?.includes('text/html') === true;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
