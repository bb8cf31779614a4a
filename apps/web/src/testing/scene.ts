import { afterEach, beforeEach } from 'vitest';
import type { ScriptedServer } from '../preview/scripted-server.ts';
import { click, named, openApp, type OpenedApp, serverOfAnna, settled } from './opened-app.tsx';

/** What a test plays in: a server, and the app that anna has opened on it. Both are new for each test. */
export interface Scene extends Omit<OpenedApp, 'close'> {
  readonly server: ScriptedServer;
  /** Opens the app at an address; one that is open already is closed before. */
  open(path: string, options?: Parameters<typeof openApp>[2]): Promise<void>;
  /** The same browser with another server. */
  replaceServer(): void;
  /** The button that is so named has been pressed, and what comes of it is drawn. */
  pressed(name: string): Promise<void>;
  /** The bodies of what was sent there, in order. */
  sentTo(destination: string): readonly Readonly<Record<string, unknown>>[];
}

/** To be called once in a file. `fill` is what the server has before the app is opened. */
export function sceneForEachTest(fill: (server: ScriptedServer) => void = () => undefined): Scene {
  let server = serverOfAnna();
  let opened: OpenedApp | undefined;
  const present = (): OpenedApp => {
    if (!opened) throw new Error('The app has not been opened.');
    return opened;
  };
  const replaceServer = (): void => {
    server = serverOfAnna();
    fill(server);
  };
  const close = (): void => {
    opened?.close();
    opened = undefined;
  };
  beforeEach(() => {
    localStorage.clear();
    replaceServer();
  });
  afterEach(close);
  return {
    get server() {
      return server;
    },
    get app() {
      return present().app;
    },
    get root() {
      return present().root;
    },
    session: () => present().session(),
    open: async (path, options) => {
      close();
      opened = await openApp(server, path, options);
    },
    replaceServer,
    pressed: async (name) => {
      click(named(present().root, HTMLButtonElement, name));
      await settled();
    },
    sentTo: (destination) => server.sent.filter((frame) => frame.destination === destination).map((frame) => frame.body),
  };
}
