import { expect, type Download, type Locator } from '@playwright/test';
import type { ChatWindow } from './chat-window.ts';

/** What a person does about their own account, in one window. */
export class SettingsPage {
  readonly #window: ChatWindow;

  constructor(window: ChatWindow) {
    this.#window = window;
  }

  async showWhatIsRead(isOn: boolean): Promise<void> {
    const { page, words } = this.#window;
    await this.#window.openSettings();
    const toggle = page.getByRole('switch', { name: words.readReceipts, exact: true });
    const saved = page.waitForResponse((response) => response.url().endsWith('/api/me') && response.request().method() === 'PATCH');
    await toggle.setChecked(isOn);
    expect((await saved).status()).toBe(200);
  }

  async exportAccount(): Promise<Download> {
    const { page, words } = this.#window;
    await this.#window.openSettings();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: words.exportAccount, exact: true }).click();
    return download;
  }

  /** Opens what asks for the password. */
  async askForDeletion(): Promise<Locator> {
    const { page, words } = this.#window;
    await this.#window.openSettings();
    await page.getByRole('button', { name: words.deleteAccount, exact: true }).click();
    return page.getByRole('dialog');
  }
}
