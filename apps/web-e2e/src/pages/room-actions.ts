import { expect, type Locator } from '@playwright/test';
import type { Person } from '../person.ts';
import type { ChatWindow } from './chat-window.ts';

/** What a person does about rooms, in one window. */
export class RoomActions {
  readonly #window: ChatWindow;

  constructor(window: ChatWindow) {
    this.#window = window;
  }

  /** Makes a room, which opens it. Answers with the id of its conversation. */
  async create(name: string, visibility: 'public' | 'private'): Promise<string> {
    const { page, words, composer } = this.#window;
    const dialog = await this.#newChat(words.newRoom);
    await dialog.getByRole('textbox', { name: words.roomName, exact: true }).fill(name);
    // A choice is named by its word, which its explanation follows.
    const choice = visibility === 'public' ? words.publicRoom : words.privateRoom;
    await dialog.getByRole('radio', { name: new RegExp(`^${choice}`) }).check();
    await dialog.getByRole('button', { name: words.create, exact: true }).click();
    await expect(this.#window.head).toHaveText(name);
    await expect(composer).toBeVisible();
    return new URL(page.url()).pathname.replace('/c/', '');
  }

  /** Finds a public room by its name and opens it, as somebody who may look at it. */
  async discover(name: string): Promise<void> {
    const { words, head } = this.#window;
    const dialog = await this.#newChat(words.findRoom);
    await dialog.getByRole('searchbox', { name: words.publicRoomName, exact: true }).fill(name);
    await dialog.getByRole('button', { name }).click();
    await expect(head).toHaveText(name);
  }

  async join(): Promise<void> {
    const { page, words, composer } = this.#window;
    await page.getByRole('button', { name: words.join, exact: true }).click();
    await expect(composer).toBeVisible();
  }

  async openDetails(): Promise<Locator> {
    const { page, words } = this.#window;
    const details = page.getByRole('complementary', { name: words.roomDetails, exact: true });
    if (!(await details.isVisible())) await page.getByRole('button', { name: words.roomDetails, exact: true }).click();
    await expect(details.getByRole('listitem').first()).toBeVisible();
    return details;
  }

  /** One of the pages that the details lead to, by its name. */
  async openPage(name: string): Promise<Locator> {
    const details = await this.openDetails();
    await details.getByRole('button', { name: new RegExp(`^${name}( \\d+)?$`) }).click(); // some say how many there are
    await expect(details.getByRole('heading', { name, exact: true })).toBeVisible();
    return details;
  }

  async closeDetails(): Promise<void> {
    const { page, words } = this.#window;
    await page.getByRole('button', { name: words.closeDetails, exact: true }).click();
  }

  /** Brings somebody in. */
  async add(person: Person): Promise<void> {
    const { words } = this.#window;
    const details = await this.openDetails();
    await details.getByRole('textbox', { name: words.addById, exact: true }).fill(person.id);
    await details.getByRole('button', { name: words.add, exact: true }).click();
    await expect(details.getByRole('listitem').filter({ hasText: person.displayName })).toBeVisible();
    await this.closeDetails();
  }

  async remove(person: Person): Promise<void> {
    const { words } = this.#window;
    const details = await this.openDetails();
    await this.#memberMenu(details, person, words.remove);
    await expect(details.getByRole('listitem').filter({ hasText: person.displayName })).toHaveCount(0);
    await this.closeDetails();
  }

  /** Removes somebody from their place in the list of members, for good. */
  async ban(person: Person): Promise<void> {
    const { page, words } = this.#window;
    const details = await this.openDetails();
    await this.#memberMenu(details, person, words.ban);
    await page.getByRole('menuitem', { name: words.banSure, exact: true }).click();
    await expect(details.getByRole('listitem').filter({ hasText: person.displayName })).toHaveCount(0);
    await this.closeDetails();
  }

  async rename(name: string): Promise<void> {
    const { words, head } = this.#window;
    const details = await this.openPage(words.roomSettings);
    await details.getByRole('textbox', { name: words.roomName, exact: true }).fill(name);
    await details.getByRole('button', { name: words.save, exact: true }).click();
    await expect(head).toHaveText(name);
    await this.closeDetails();
  }

  /** As the choices are called that are made; without them, what is offered first. */
  async inviteLink(options: { readonly lifetime?: string; readonly uses?: string } = {}): Promise<URL> {
    const { words } = this.#window;
    const details = await this.openPage(words.invites);
    if (options.lifetime !== undefined) await details.getByRole('combobox', { name: words.worksFor, exact: true }).selectOption({ label: options.lifetime });
    if (options.uses !== undefined) await details.getByRole('combobox', { name: words.uses, exact: true }).selectOption({ label: options.uses });
    await details.getByRole('button', { name: words.makeInvite, exact: true }).click();
    const link = await details.getByRole('textbox', { name: words.inviteLink, exact: true }).inputValue();
    await this.closeDetails();
    return new URL(link);
  }

  async #memberMenu(details: Locator, { displayName }: Person, item: string): Promise<void> {
    const { page, words } = this.#window;
    await details.getByRole('button', { name: words.memberMenu(displayName), exact: true }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  async #newChat(kind: string): Promise<Locator> {
    const { page, words } = this.#window;
    await page.getByRole('button', { name: words.newChat, exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: kind, exact: true }).click();
    return dialog;
  }
}
