// What is asked of a message beside answering it: passing on, who has read it, what it said before, whom it names.
import { expect, test } from './chat-test.ts';
import { MessageMenu } from './pages/message-menu.ts';
import { RoomActions } from './pages/room-actions.ts';
import { twoPeople } from './two-people.ts';
import { WORDS, type Language } from './words.ts';

for (const language of Object.keys(WORDS) as Language[]) {
  const words = WORDS[language];

  test(`a message is passed on into another conversation, by the name of who wrote it, in ${language}`, async ({ cluster, openWindow }) => {
    const { anna, ben, annas, bens, conversation, roomName } = await twoPeople(cluster, openWindow, language);
    await bens.startChatWith(anna);
    await bens.say('Worth knowing');
    const room = await new RoomActions(annas).create(roomName, 'private');
    await annas.openChat(conversation);
    await new MessageMenu(annas, annas.message('Worth knowing')).forwardTo(roomName);
    await annas.openChat(room);
    await expect(annas.ownMessage('Worth knowing')).toContainText(words.forwarded(ben.displayName));
  });

  test(`who has read a message is told by name; earlier texts to moderators, in ${language}`, async ({ cluster, openWindow }) => {
    const { ben, annas, bens, roomName } = await twoPeople(cluster, openWindow, language);
    const room = await new RoomActions(annas).create(roomName, 'private');
    await new RoomActions(annas).add(ben);
    await bens.openChat(room);
    await annas.say('Helo');
    await expect(bens.message('Helo')).toBeVisible();
    await new MessageMenu(annas, annas.ownMessage('Helo')).edit('Hello');
    await expect(bens.message('Hello')).toContainText(words.edited);
    await expect(annas.ownMessage('Hello').getByText(words.notRead(1), { exact: true })).toHaveCount(0);

    const readers = await new MessageMenu(annas, annas.ownMessage('Hello')).open('readers');
    await expect(readers.getByRole('heading', { name: words.readersTitle, exact: true })).toBeVisible();
    await expect(readers.getByText(words.haveRead(1), { exact: true })).toBeVisible();
    await expect(readers.getByRole('listitem')).toContainText(ben.displayName);
    await readers.getByRole('button', { name: words.close, exact: true }).click();

    const edits = await new MessageMenu(annas, annas.ownMessage('Hello')).open('edits');
    await expect(edits.getByRole('heading', { name: words.editsTitle, exact: true })).toBeVisible();
    await expect(edits.getByRole('listitem')).toHaveCount(2);
    await expect(edits.getByRole('listitem').first()).toContainText('Helo');
    await annas.page.keyboard.press('Escape');
    await expect(edits).toHaveCount(0);

    await bens.message('Hello').getByRole('button', { name: words.messageMenu, exact: true }).click();
    await expect(bens.page.getByRole('menuitem', { name: words.reply, exact: true })).toBeVisible();
    await expect(bens.page.getByRole('menuitem', { name: words.edits, exact: true })).toHaveCount(0);
  });
}

test('who is named stands there by name, and a titled link says where it leads', async ({ cluster, openWindow }) => {
  const { ben, annas, bens, roomName } = await twoPeople(cluster, openWindow);
  const room = await new RoomActions(annas).create(roomName, 'private');
  await new RoomActions(annas).add(ben);
  await bens.openChat(room);
  await annas.composer.pressSequentially('@Be'); // by the beginning of the name
  await expect(annas.page.getByRole('option', { name: ben.displayName })).toBeVisible();
  await annas.page.keyboard.press('Enter');
  await expect(annas.composer).toHaveValue(`@${ben.id} `);
  await annas.composer.pressSequentially('see [the notes](https://example.org/n), @nobody-here');
  await annas.page.keyboard.press('Enter');
  await expect(bens.message(`@${ben.displayName}`)).toContainText(`@${ben.displayName} see the notes (example.org), @nobody-here`);
  await expect(bens.page.getByRole('link', { name: 'the notes', exact: true })).toHaveAttribute('href', 'https://example.org/n');
});
