import { expect, test as base, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import { runningCluster, type RunningCluster } from './cluster/running-cluster.ts';
import { ChatWindow } from './pages/chat-window.ts';
import { recordMessageStates } from './pages/message-states.ts';
import { WORDS, type Language } from './words.ts';

export type OpenWindow = (
  /** Of the server, or of nginx. */
  url: string,
  options?: BrowserContextOptions & { readonly language?: Language },
) => Promise<ChatWindow>;

type Fixtures = {
  readonly cluster: RunningCluster;
  /** Opens a window of a browser of its own: nothing is shared with the others. Closed when the test ends. */
  readonly openWindow: OpenWindow;
};

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
  cluster: async ({}, use) => {
    await use(runningCluster());
  },
  openWindow: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    await use(async (url, { language = 'en', ...options } = {}) => {
      const words = WORDS[language];
      const context = await browser.newContext({ baseURL: url, locale: words.locale, ...options });
      contexts.push(context);
      await recordMessageStates(context);
      context.on('weberror', (fault) => faults.push(String(fault.error())));
      return ChatWindow.open(context, words);
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(faults, 'errors that the pages did not catch').toEqual([]);
  },
});

export { expect } from '@playwright/test';
