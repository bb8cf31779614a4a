// What moderators and owners do about a room, in both languages, with those whom it concerns on another server.
import { expect, test } from './chat-test.ts';
import { MessageMenu } from './pages/message-menu.ts';
import { RoomActions } from './pages/room-actions.ts';
import { newPerson } from './person.ts';
import { twoPeople } from './two-people.ts';
import { WORDS, type Language } from './words.ts';

for (const language of Object.keys(WORDS) as Language[]) {
  const words = WORDS[language];

  test(`who is banned is gone and cannot come back until the ban is lifted, in ${language}`, async ({ cluster, openWindow }) => {
    const { anna, ben, annas, bens, roomName } = await twoPeople(cluster, openWindow, language);
    const room = await new RoomActions(annas).create(roomName, 'public');
    await new RoomActions(annas).add(ben);
    await bens.openChat(room);
    await new RoomActions(annas).ban(ben);
    await expect(bens.page.getByText(words.banned, { exact: true })).toBeVisible();
    await expect(bens.page.getByRole('button', { name: words.join, exact: true })).toHaveCount(0);
    await expect(annas.page.getByText(words.removed(anna.displayName, ben.displayName), { exact: true })).toBeVisible();

    const details = await new RoomActions(annas).openPage(words.bans);
    await details.getByRole('button', { name: words.lift(ben.displayName), exact: true }).click();
    await expect(details.getByRole('button', { name: words.lift(ben.displayName), exact: true })).toHaveCount(0);
    // Somebody who never was there, with the reason.
    const carl = newPerson('carl', 'Carl');
    const carls = await openWindow(cluster.server2.url, { language });
    await carls.signUp(carl);
    await details.getByRole('textbox', { name: words.banById, exact: true }).fill(carl.id);
    await details.getByRole('textbox', { name: words.reason, exact: true }).fill('광고');
    await details.getByRole('button', { name: words.ban, exact: true }).click();
    await expect(details.getByRole('listitem').filter({ hasText: carl.displayName })).toContainText('광고');

    await bens.page.reload();
    await new RoomActions(bens).join();
    await bens.say('Back again');
    await expect(annas.message('Back again')).toBeVisible();
    await carls.page.goto(`/c/${room}`);
    await expect(carls.page.getByText(words.banned, { exact: true })).toBeVisible();
  });

  test(`an invitation link for one use ends with it, and another when it is taken back, in ${language}`, async ({ cluster, openWindow }) => {
    const { annas, bens, roomName } = await twoPeople(cluster, openWindow, language);
    await new RoomActions(annas).create(roomName, 'private');
    const once = await new RoomActions(annas).inviteLink({ lifetime: words.oneHour, uses: words.oneTime });
    await bens.page.goto(`${once.pathname}${once.hash}`);
    await new RoomActions(bens).join();
    const carls = await openWindow(cluster.server2.url, { language });
    await carls.signUp(newPerson('carl', 'Carl'));
    const isGone = async ({ pathname, hash }: URL): Promise<void> => {
      await carls.page.goto('/');
      await carls.page.goto(`${pathname}${hash}`);
      await expect(carls.page.getByText(words.inviteGone, { exact: true })).toBeVisible();
    };
    await isGone(once);

    const another = await new RoomActions(annas).inviteLink();
    const details = await new RoomActions(annas).openPage(words.invites);
    const taken = details.getByRole('listitem');
    await expect(taken).toHaveCount(1); // what is used up is not listed
    await taken.getByRole('button', { name: words.takeBack, exact: true }).click();
    await taken.getByRole('button', { name: words.takeBackSure, exact: true }).click();
    await expect(details.getByText(words.noLinks, { exact: true })).toBeVisible();
    await isGone(another);
  });

  test(`how long a room keeps messages is the owner's to say, and everybody's to see, in ${language}`, async ({ cluster, openWindow }) => {
    const { ben, annas, bens, roomName } = await twoPeople(cluster, openWindow, language);
    const room = await new RoomActions(annas).create(roomName, 'private');
    await new RoomActions(annas).add(ben);
    const details = await new RoomActions(annas).openPage(words.roomSettings);
    await details.getByRole('textbox', { name: words.days, exact: true }).fill('30');
    await details.getByRole('button', { name: words.save, exact: true }).click();
    await details.getByRole('button', { name: words.backToDetails, exact: true }).click();
    await expect(details.getByText(words.keptFor30, { exact: true })).toBeVisible();

    await bens.openChat(room);
    const bensDetails = await new RoomActions(bens).openDetails();
    await expect(bensDetails.getByText(words.keptFor30, { exact: true })).toBeVisible();
    for (const page of [words.roomSettings, words.bans, words.invites]) {
      await expect(bensDetails.getByRole('button', { name: page, exact: true })).toHaveCount(0);
    }
  });
}

test('a room that is closed can be read and not written to, until it is opened again', async ({ cluster, openWindow }) => {
  const { ben, annas, bens, roomName } = await twoPeople(cluster, openWindow);
  const { words } = annas;
  const room = await new RoomActions(annas).create(roomName, 'private');
  await new RoomActions(annas).add(ben);
  await annas.say('Before');
  const details = await new RoomActions(annas).openDetails();
  await details.getByRole('button', { name: words.archive, exact: true }).click();
  await details.getByRole('button', { name: words.archiveSure, exact: true }).click();
  await expect(annas.page.getByText(words.archived, { exact: true })).toBeVisible();
  await bens.row(room).click();
  await expect(bens.page.getByText(words.archived, { exact: true })).toBeVisible();
  await expect(bens.message('Before')).toBeVisible();
  await expect(bens.composer).toHaveCount(0);
  await details.getByRole('button', { name: words.unarchive, exact: true }).click();
  await annas.say('After');
  await expect(bens.message('After')).toBeVisible();
});

test('a muted room says so on every device, and does not count in the title', async ({ cluster, openWindow }) => {
  const { anna, ben, annas, bens, roomName } = await twoPeople(cluster, openWindow);
  const { words } = annas;
  const room = await new RoomActions(annas).create(roomName, 'private');
  await new RoomActions(annas).add(ben);
  const details = await new RoomActions(annas).openDetails();
  await details.getByRole('button', { name: words.mute, exact: true }).click();
  await expect(annas.row(room)).toContainText(words.muted);
  const tablet = await openWindow(cluster.server2.url);
  await tablet.signIn(anna);
  await expect(tablet.row(room)).toContainText(words.muted);
  await bens.openChat(room);
  await bens.say('psst');
  await expect(tablet.row(room)).toContainText('1 unread message');
  await expect(tablet.page).toHaveTitle('Chat');
  await details.getByRole('button', { name: words.unmute, exact: true }).click();
  await expect(annas.row(room)).not.toContainText(words.muted);
});

test('a pinned message is found by everybody who opens the room, and leads to its place', async ({ cluster, openWindow }) => {
  const { anna, ben, annas, bens, roomName } = await twoPeople(cluster, openWindow);
  const { words } = annas;
  const room = await new RoomActions(annas).create(roomName, 'public');
  await annas.say('The plan');
  await expect(annas.ownMessage('The plan')).toHaveAttribute('data-state', 'stored');
  await new MessageMenu(annas, annas.ownMessage('The plan')).pin();
  const bar = (window: typeof annas) => window.page.getByRole('region', { name: words.pins, exact: true });
  await expect(bar(annas)).toContainText('The plan');
  for (let line = 1; line <= 30; line++) await annas.say(`Line ${line}`);
  await expect(annas.page.locator('[data-state="pending"]')).toHaveCount(0);

  await new RoomActions(annas).add(ben);
  await bens.openChat(room);
  await expect(bens.message('Line 30')).toBeInViewport();
  await expect(bens.message('The plan')).not.toBeInViewport();
  await bar(bens).getByRole('button').click();
  await expect(bens.message('The plan')).toBeInViewport();
  const bensDetails = await new RoomActions(bens).openPage(words.pins);
  await expect(bensDetails.getByRole('listitem')).toContainText('The plan');
  await expect(bensDetails.getByRole('button', { name: words.unpin, exact: true })).toHaveCount(0); // no moderator

  const phone = await openWindow(cluster.server1.url, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await phone.signIn(anna);
  await phone.row(room).click();
  await expect(phone.message('Line 30')).toBeInViewport();
  const phoneDetails = await new RoomActions(phone).openPage(words.pins);
  await phoneDetails.getByRole('button', { name: 'The plan' }).click();
  await expect(phoneDetails).toHaveCount(0); // there is room for one of the two
  await expect(phone.message('The plan')).toBeInViewport();

  const details = await new RoomActions(annas).openPage(words.pins);
  await details.getByRole('button', { name: words.unpin, exact: true }).click();
  await expect(bar(annas)).toHaveCount(0);
});
