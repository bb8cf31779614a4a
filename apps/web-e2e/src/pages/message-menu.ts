import { expect, type Locator } from '@playwright/test';
import type { ChatWindow } from './chat-window.ts';

/** What is done with a message of one window through its menu. */
export class MessageMenu {
  readonly #window: ChatWindow;
  readonly #message: Locator;

  constructor(window: ChatWindow, message: Locator) {
    this.#window = window;
    this.#message = message;
  }

  async react(emoji: string): Promise<void> {
    await this.#choose(this.#window.words.reactWith(emoji));
  }

  async reply(text: string): Promise<void> {
    await this.#choose(this.#window.words.reply);
    await this.#window.say(text);
  }

  async edit(text: string): Promise<void> {
    await this.#choose(this.#window.words.edit);
    await this.#window.say(text);
  }

  async delete(): Promise<void> {
    const { page, words } = this.#window;
    await this.#choose(words.delete);
    await page.getByRole('menuitem', { name: words.deleteSure, exact: true }).click();
  }

  async pin(): Promise<void> {
    await this.#choose(this.#window.words.pin);
  }

  /** Opens the dialog that passes the message on, and chooses where to. */
  async forwardTo(name: string): Promise<void> {
    const { words } = this.#window;
    await this.#choose(words.forward);
    const dialog = this.#window.page.getByRole('dialog');
    await dialog.getByRole('searchbox', { name: words.filterChats, exact: true }).fill(name);
    await dialog.getByRole('button', { name: new RegExp(name) }).click();
    await expect(dialog.getByText(words.forwardedTo(name), { exact: true })).toBeVisible();
    await dialog.getByRole('button', { name: words.close, exact: true }).click();
  }

  /** A dialog that shows something about the message. */
  async open(item: 'readers' | 'edits'): Promise<Locator> {
    await this.#choose(this.#window.words[item]);
    return this.#window.page.getByRole('dialog');
  }

  async #choose(item: string): Promise<void> {
    const { page, words } = this.#window;
    await this.#message.getByRole('button', { name: words.messageMenu, exact: true }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  }
}
