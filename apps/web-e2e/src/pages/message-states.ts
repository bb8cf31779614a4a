import type { BrowserContext, Page } from '@playwright/test';

/** What the page keeps of every state that a message of one's own has shown, under the message's key. */
type Recorded = Record<string, string[]>;

/** For pages that are opened from now on. Marks may pass within milliseconds, so the page itself writes them down. */
export async function recordMessageStates(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const recorded: Record<string, string[]> = {};
    Object.assign(window, { recordedStates: recorded });
    new MutationObserver(() => {
      for (const element of document.querySelectorAll<HTMLElement>('[data-own="true"][data-state]')) {
        const states = (recorded[element.dataset['key'] ?? ''] ??= []);
        const state = element.dataset['state'] ?? '';
        if (states.at(-1) !== state) states.push(state);
      }
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
  });
}

/** The states that the message with this key went through, in their order. */
export async function statesOf(page: Page, key: string): Promise<readonly string[]> {
  const recorded = await page.evaluate(() => (window as unknown as { recordedStates: Recorded }).recordedStates); // set above
  return recorded[key] ?? [];
}
