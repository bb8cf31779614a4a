import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { Person } from '../person.ts';
import type { Words } from '../words.ts';

/** A message as it stands in the page. */
export type ShownMessage = {
  readonly text: string;
  readonly isOwn: boolean;
  /** Of others' messages there is none. */
  readonly state: string | undefined;
  /** None while it waits to be sent. */
  readonly seq: number | undefined;
};

/** The web app in one browser window, as a person uses it. */
export class ChatWindow {
  readonly page: Page;
  readonly #words: Words;

  private constructor(page: Page, words: Words) {
    this.page = page;
    this.#words = words;
  }

  static async open(context: BrowserContext, words: Words, path = '/'): Promise<ChatWindow> {
    const page = await context.newPage();
    await page.goto(path);
    return new ChatWindow(page, words);
  }

  /** Another window of the same browser, which knows what this one knew. */
  openAnother(path = '/'): Promise<ChatWindow> {
    return ChatWindow.open(this.page.context(), this.#words, path);
  }

  close(): Promise<void> {
    return this.page.close();
  }

  // Signing in and out.

  async signUp({ id, password, displayName }: Person): Promise<void> {
    await this.page.goto('/sign-up');
    await this.fillIn({ id, password, displayName });
    await this.submitSignUp();
    await this.isOnline();
  }

  async signIn({ id, password }: Person): Promise<void> {
    await this.page.goto('/sign-in');
    await this.fillIn({ id, password });
    await this.submitSignIn();
    await this.isOnline();
  }

  async fillIn({ id, password, displayName }: { id: string; password: string; displayName?: string }): Promise<void> {
    const { id: idLabel, password: passwordLabel, displayName: nameLabel } = this.#words;
    await this.#field(idLabel).fill(id);
    await this.#field(passwordLabel).fill(password);
    if (displayName !== undefined) await this.#field(nameLabel).fill(displayName);
  }

  async submitSignUp(): Promise<void> {
    await this.#button(this.#words.signUp).click();
  }

  async submitSignIn(): Promise<void> {
    await this.#button(this.#words.signIn).click();
  }

  async signOut(): Promise<void> {
    await this.openSettings();
    await this.#button(this.#words.signOut).click();
    await expect(this.#button(this.#words.signIn)).toBeVisible();
  }

  async openSettings(): Promise<void> {
    await this.page.getByRole('link', { name: this.#words.settings }).filter({ visible: true }).click();
    await expect(this.page.getByRole('heading', { name: this.#words.settings, exact: true })).toBeVisible();
  }

  // The connection.

  async isOnline(): Promise<void> {
    await expect(this.page.locator('[data-connection]')).toHaveAttribute('data-connection', 'online');
  }

  /** The server that this window is connected to, by what the server itself said. */
  async server(): Promise<string> {
    await this.isOnline();
    return (await this.#app.getAttribute('data-server')) ?? '';
  }

  // Conversations.

  /** Opens the dialog and types an id; whether there is such a person shows after it. */
  async lookFor(id: string): Promise<void> {
    await this.#button(this.#words.newChat).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: this.#words.id, exact: true }).fill(id);
    await dialog.getByRole('button', { name: this.#words.start, exact: true }).click();
  }

  async startChatWith(peer: Person): Promise<void> {
    await this.lookFor(peer.id);
    await expect(this.page.getByRole('dialog')).toHaveCount(0); // until then the composer may be that of another chat
    await expect(this.composer).toBeVisible();
  }

  row(conversationId: string): Locator {
    return this.page.locator(`[data-conversation="${conversationId}"]`);
  }

  async openChat(conversationId: string): Promise<void> {
    await this.row(conversationId).click();
    await expect(this.row(conversationId)).toHaveAttribute('aria-current', 'page');
    await expect(this.composer).toBeVisible();
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: this.#words.message, exact: true });
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.#button(this.#words.send).click();
  }

  message(text: string): Locator {
    return this.page.locator('[data-own]').filter({ has: this.page.getByText(text, { exact: true }) });
  }

  ownMessage(text: string): Locator {
    return this.message(text).and(this.page.locator('[data-own="true"]'));
  }

  /** All messages of the open conversation, from top to bottom. */
  async messages(): Promise<ShownMessage[]> {
    return this.page.locator('[data-own]').evaluateAll((elements) =>
      elements.map((element) => {
        const { own, state, seq } = (element as HTMLElement).dataset; // by the selector
        const text = element.querySelector('.bubble')?.textContent ?? '';
        return { text, isOwn: own === 'true', state, seq: seq === undefined ? undefined : Number(seq) };
      }),
    );
  }

  /** Goes up until the first message is there: older ones come as one gets near to them. */
  async scrollToBeginning(): Promise<void> {
    await expect(async () => {
      await this.page.locator('[data-own]').first().scrollIntoViewIfNeeded();
      await expect(this.page.locator('[data-seq="1"]')).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 15_000 });
  }

  /** Everything that the open conversation shows, who came and went too: `seq text`, from top to bottom. */
  async log(): Promise<string[]> {
    return this.page.locator('li[data-seq]').evaluateAll((elements) =>
      elements.map((element) => `${element.getAttribute('data-seq')} ${(element.querySelector('.bubble') ?? element).textContent}`),
    );
  }

  /** What the open conversation is called. */
  get head(): Locator {
    return this.page.getByRole('main').getByRole('heading', { level: 1 });
  }

  /** Looks in all conversations; what is found are links to the messages. */
  async search(text: string): Promise<Locator> {
    const { search, searchAll } = this.#words;
    await this.page.getByRole('link', { name: search, exact: true }).filter({ visible: true }).click();
    const results = this.page.getByRole('region', { name: search, exact: true });
    await results.getByRole('searchbox', { name: searchAll, exact: true }).fill(text);
    return results.getByRole('link');
  }

  typingLine(name: string): Locator {
    return this.page.getByText(this.#words.typing(name), { exact: true });
  }

  /** Whether the other one of the open conversation is online, as its head says. */
  get presence(): Locator {
    return this.page.locator('[data-online]');
  }

  get words(): Words {
    return this.#words;
  }

  get #app(): Locator {
    return this.page.getByTestId('app');
  }

  #field(name: string): Locator {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  #button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }
}
