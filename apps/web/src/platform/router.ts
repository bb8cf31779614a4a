import { Observed } from '../models/observed.ts';

/** Every place of the app. */
export type Route =
  | { readonly place: 'chats' }
  | { readonly place: 'chat'; readonly conversationId: string }
  | { readonly place: 'settings' }
  | { readonly place: 'sign-in' }
  | { readonly place: 'sign-up' };

export function parsePath(path: string): Route {
  if (path.startsWith('/c/')) {
    const conversationId = decode(path.slice(3).replace(/\/$/, ''));
    return conversationId ? { place: 'chat', conversationId } : { place: 'chats' };
  }
  switch (path) {
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
      return `/c/${route.conversationId}`; // ids consist of what may stand in a path as it is
    case 'chats':
      return '/';
    default:
      return `/${route.place}`;
  }
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
    this.route = new Observed(parsePath(location.pathname));
    addEventListener('popstate', () => this.route.set(parsePath(location.pathname)));
  }

  go(route: Route): void {
    if (pathOf(route) === location.pathname) return;
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
