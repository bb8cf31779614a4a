// What is one's own: what others see of one's reading, taking it along, leaving for good.
import { expect, test } from './chat-test.ts';
import { linesOf } from './pages/downloaded.ts';
import { RoomActions } from './pages/room-actions.ts';
import { SettingsPage } from './pages/settings-page.ts';
import { twoPeople } from './two-people.ts';
import { WORDS, type Language } from './words.ts';

test('who turned receipts off reads without the other one seeing it, and shows it again when they are on', async ({ cluster, openWindow }) => {
  const { ben, annas, bens, conversation } = await twoPeople(cluster, openWindow);
  await new SettingsPage(bens).showWhatIsRead(false);
  await annas.startChatWith(ben);
  await annas.say('Secretly read');
  await bens.page.goto('/');
  await bens.openChat(conversation);
  await bens.say('I saw it'); // what was read before it was told is known by then
  await expect(annas.message('I saw it')).toBeVisible();
  await expect(annas.ownMessage('Secretly read')).toHaveAttribute('data-state', /^(stored|delivered)$/);
  await new SettingsPage(bens).showWhatIsRead(true);
  await annas.say('Openly read');
  await bens.page.goto(`/c/${conversation}`);
  await expect(bens.message('Openly read')).toBeVisible();
  await expect(annas.ownMessage('Openly read')).toHaveAttribute('data-state', 'read');
});

test('a conversation and an account are exported as files of JSON Lines', async ({ cluster, openWindow }) => {
  const { anna, ben, annas, bens, conversation } = await twoPeople(cluster, openWindow);
  const { words, page } = annas;
  await annas.startChatWith(ben);
  await annas.say('안녕하세요 👋');
  await bens.openChat(conversation);
  await bens.say('Hello back');
  await expect(annas.message('Hello back')).toBeVisible();
  await page.getByRole('button', { name: words.details, exact: true }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: words.exportConversation, exact: true }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(`${conversation.replaceAll(':', '-')}.jsonl`);
  expect((await linesOf(download)).map(({ seq, from, message }) => [seq, from, message])).toEqual([
    [1, anna.id, '안녕하세요 👋'], [2, ben.id, 'Hello back'],
  ]);
  const account = await new SettingsPage(annas).exportAccount();
  expect(account.suggestedFilename()).toBe(`${anna.id}.jsonl`);
  const lines = await linesOf(account);
  expect(lines.map(({ type }) => type)).toEqual(['ACCOUNT', 'CONVERSATION', 'CHAT']);
  expect(lines[0]).toMatchObject({ id: anna.id, displayName: anna.displayName });
});

for (const language of Object.keys(WORDS) as Language[]) {
  const words = WORDS[language];

  test(`an account is deleted with its password; what was written stays by a name in the reader's language, in ${language}`, async ({ cluster, openWindow }) => {
    const { anna, ben, annas, bens, conversation } = await twoPeople(cluster, openWindow, language);
    await bens.startChatWith(anna);
    await bens.say('To be kept');
    await annas.openChat(conversation);
    await expect(annas.message('To be kept')).toBeVisible();

    const dialog = await new SettingsPage(bens).askForDeletion();
    await dialog.getByLabel(words.password, { exact: true }).fill('not the password');
    await dialog.getByRole('button', { name: words.deleteForGood, exact: true }).click();
    await expect(dialog.getByRole('alert')).toHaveText(words.wrongPassword);
    await dialog.getByLabel(words.password, { exact: true }).fill(ben.password);
    await dialog.getByRole('button', { name: words.deleteForGood, exact: true }).click();
    await expect(bens.page.getByRole('button', { name: words.signIn, exact: true })).toBeVisible();
    await bens.fillIn({ id: ben.id, password: ben.password });
    await bens.submitSignIn();
    await expect(bens.page.getByRole('alert')).toHaveText(words.wrong);

    await annas.page.reload();
    await expect(annas.page.getByText(words.peerDeleted, { exact: true })).toBeVisible();
    await expect(annas.head).toHaveText(words.deletedAccount);
    await expect(annas.row(conversation)).toContainText(words.deletedAccount);
    await expect(annas.message('To be kept')).toBeVisible();
    await expect(annas.composer).toHaveCount(0);
  });

  test(`whoever owns a room with others in it hands it over or closes it first, in ${language}`, async ({ cluster, openWindow }) => {
    const { ben, annas, roomName } = await twoPeople(cluster, openWindow, language);
    await new RoomActions(annas).create(roomName, 'private');
    await new RoomActions(annas).add(ben);
    const dialog = await new SettingsPage(annas).askForDeletion();
    await expect(dialog.getByRole('alert')).toContainText(words.owner);
    await expect(dialog.getByRole('button', { name: words.deleteForGood, exact: true })).toBeDisabled();
    await dialog.getByRole('link', { name: roomName, exact: true }).click();
    await expect(annas.head).toHaveText(roomName);
    const details = await new RoomActions(annas).openDetails();
    await details.getByRole('button', { name: words.archive, exact: true }).click();
    await details.getByRole('button', { name: words.archiveSure, exact: true }).click();
    await expect(annas.page.getByText(words.archived, { exact: true })).toBeVisible();
    const again = await new SettingsPage(annas).askForDeletion();
    await expect(again.getByRole('button', { name: words.deleteForGood, exact: true })).toBeEnabled();
  });
}
