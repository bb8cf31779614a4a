// Looking at a public room without being in it.
import { expect, test } from './chat-test.ts';
import { RoomActions } from './pages/room-actions.ts';
import { newPerson } from './person.ts';
import { register, ScriptedPerson } from './scripted-person.ts';
import { ScriptedRoom } from './scripted-room.ts';
import { WORDS, type Language } from './words.ts';

for (const language of Object.keys(WORDS) as Language[]) {
  test(`a visitor sees what is said as it is said, joins, and has missed nothing, in ${language}`, async ({ cluster, openWindow }) => {
    const words = WORDS[language];
    const token = await register(cluster.server1.url, newPerson('anna', 'Anna Berg'));
    const anna = await ScriptedPerson.connect(cluster.server1.url, token);
    const name = `Tea ${newPerson('room').id}`;
    const room = await ScriptedRoom.create(cluster.server1.url, token, { name, visibility: 'public' });
    await anna.say(room, 'Before anybody looked');

    const bens = await openWindow(cluster.server2.url, { language });
    await bens.signUp(newPerson('ben', 'Ben Kim'));
    await new RoomActions(bens).discover(name);
    await expect(bens.page.getByText(words.visitor, { exact: true })).toBeVisible();
    for (const text of ['One', 'Two']) {
      await anna.say(room, text);
      await expect(bens.message(text)).toBeVisible();
    }
    await expect(bens.row(room.conversationId)).toHaveCount(0);

    // What is said while the visitor's connection is away is made up for.
    await bens.page.context().setOffline(true);
    await expect(bens.page.locator('[data-connection]')).not.toHaveAttribute('data-connection', 'online');
    await anna.say(room, 'Three');
    await bens.page.context().setOffline(false);
    await expect(bens.message('Three')).toBeVisible();

    await new RoomActions(bens).join();
    await anna.say(room, 'Four');
    await bens.say('Five');
    await expect(bens.message('Four')).toBeVisible();
    await expect(bens.ownMessage('Five')).toHaveAttribute('data-state', /stored|delivered|read/);
    const seqs = (await bens.log()).map((line) => Number(line.split(' ', 1)[0]));
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(seqs).toHaveLength(8); // two JOINs, six messages
    await anna.leave();
  });
}
