import { ChatService, MemoryClientStore, MemorySignInStore } from '@chat/chat-client';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '../models/app.ts';
import type { ChatSession } from '../models/chat-session.ts';
import { ScriptedServer } from '../preview/scripted-server.ts';
import { AppView } from '../views/AppView.tsx';

export const BEN = 'direct:anna:ben';

// What jsdom has no layout for.
globalThis.ResizeObserver ??= class {
  observe(): void {
    // Nothing has a size here.
  }
  unobserve(): void {
    // The same.
  }
  disconnect(): void {
    // The same.
  }
};
globalThis.matchMedia ??= (query: string) => Object.assign(new EventTarget(), { matches: false, media: query }) as MediaQueryList; // what the app asks of it
Object.assign(Element.prototype, { scrollTo: () => undefined });
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS; // the only part in use
Object.assign(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true;
  },
  close(this: HTMLDialogElement) {
    this.open = false;
    this.dispatchEvent(new Event('close'));
  },
});
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

/** A server that knows anna, who is going to sign in, and ben. */
export function serverOfAnna(): ScriptedServer {
  const server = new ScriptedServer({ id: 'anna', displayName: 'Anna' });
  server.users.set('ben', { id: 'ben', displayName: 'Ben' });
  return server;
}

export type OpenedApp = {
  readonly app: App;
  readonly root: HTMLElement;
  readonly session: () => ChatSession;
  readonly close: () => void;
};

/** The whole app at an address, over a scripted server; signed in unless told otherwise. */
export async function openApp(server: ScriptedServer, path: string, options: { readonly signedIn?: boolean } = {}): Promise<OpenedApp> {
  history.replaceState(null, '', path);
  const service = new ChatService({ origin: '', signIns: new MemorySignInStore(), fetch: server.fetch });
  if (options.signedIn !== false) await service.account.signIn({ id: 'anna', password: 'password' });
  const app = new App(service, async () => {
    const store = new MemoryClientStore();
    return { store, chat: await service.openChat({ store, transport: server }) };
  });
  const root = document.body.appendChild(document.createElement('div'));
  const view = createRoot(root);
  act(() => view.render(<AppView app={app} />));
  await settled();
  return {
    app,
    root,
    session: () => {
      if (app.state.value.status !== 'signed-in') throw new Error('Nobody is signed in.');
      return app.state.value.session;
    },
    close: () => {
      act(() => view.unmount());
      if (app.state.value.status === 'signed-in') app.state.value.session.stop();
      root.remove();
    },
  };
}

/** Lets everything that waits only for promises happen, and be drawn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await act(() => new Promise<void>((resolve) => setTimeout(resolve, 0)));
}

/** Types into a field as a person does: React listens to the event, not to the value. */
export function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const prototype = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  act(() => {
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

export function press(field: Element, init: KeyboardEventInit): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  act(() => void field.dispatchEvent(event));
  return event;
}

export function click(element: HTMLElement): void {
  act(() => element.click());
}

/** The element that a label or an `aria-label` names. */
export function named<Kind extends HTMLElement>(root: ParentNode, kind: new () => Kind, name: string): Kind {
  const labels = [...root.querySelectorAll('label')].find((label) => label.textContent === name);
  const byLabel = labels && document.getElementById(labels.htmlFor);
  const candidates = [byLabel, ...root.querySelectorAll(`[aria-label="${name}"]`), ...root.querySelectorAll('button, a')];
  const found = candidates.find(
    (element) => element instanceof kind && (element === byLabel || element.getAttribute('aria-label') === name || element.textContent === name),
  );
  if (!(found instanceof kind)) throw new Error(`Nothing is named ${name}.`);
  return found;
}
