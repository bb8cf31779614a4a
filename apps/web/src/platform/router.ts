import { Observed } from '../models/observed.ts';

/** Every place of the app. */
export type Route =
  | { readonly place: 'chats' }
  /** `at` is the `seq` of the message to show. */
  | { readonly place: 'chat'; readonly conversationId: string; readonly at?: number }
  /** `in` is the conversation to look in; without it, in all of them. */
  | { readonly place: 'search'; readonly in?: string }
  /** The invitation's token stands in the fragment, which no server is sent. */
  | { readonly place: 'invite'; readonly token: string }
  | { readonly place: 'settings' }
  | { readonly place: 'sign-in' }
  | { readonly place: 'sign-up' };

export function parsePath(address: string): Route {
  const { pathname: path, searchParams, hash } = new URL(address, 'http://here');
  if (path.startsWith('/c/')) {
    const conversationId = decode(path.slice(3).replace(/\/$/, ''));
    const at = Number(searchParams.get('m') ?? NaN);
    if (!conversationId) return { place: 'chats' };
    return { place: 'chat', conversationId, ...(Number.isSafeInteger(at) && at > 0 ? { at } : {}) };
  }
  if (path === '/invite' && hash.length > 1) return { place: 'invite', token: hash.slice(1) };
  switch (path) {
    case '/search': {
      const conversationId = searchParams.get('in');
      return { place: 'search', ...(conversationId ? { in: conversationId } : {}) };
    }
    case '/settings':
      return { place: 'settings' };
    case '/sign-in':
      return { place: 'sign-in' };
    case '/sign-up':
      return { place: 'sign-up' };
    default:
      return { place: 'chats' };
  }
}

export function pathOf(route: Route): string {
  switch (route.place) {
    case 'chat':
      // Ids consist of what may stand in a path as it is.
      return `/c/${route.conversationId}${route.at === undefined ? '' : `?m=${route.at}`}`;
    case 'invite':
      return `/invite#${route.token}`;
    case 'search':
      return route.in === undefined ? '/search' : `/search?in=${route.in}`;
    case 'chats':
      return '/';
    default:
      return `/${route.place}`;
  }
}

function here(): string {
  return location.pathname + location.search + location.hash;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Where the user is, in step with the address and the browser's history. */
export class Router {
  readonly route: Observed<Route>;

  constructor() {
    this.route = new Observed(parsePath(here()));
    addEventListener('popstate', () => this.route.set(parsePath(here())));
  }

  go(route: Route): void {
    if (pathOf(route) === here()) return;
    history.pushState({ fromApp: true }, '', pathOf(route));
    this.route.set(route);
  }

  replace(route: Route): void {
    history.replaceState(history.state, '', pathOf(route));
    this.route.set(route);
  }

  /** Back to where the user came from within the app, or to `fallback` where the app was opened here by a link. */
  back(fallback: Route): void {
    const state = history.state as { fromApp?: boolean } | null; // written by `go` only
    if (state?.fromApp) history.back();
    else this.replace(fallback);
  }
}
