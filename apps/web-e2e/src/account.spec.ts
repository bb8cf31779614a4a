// What goes wrong is said in words, in the language of whoever reads it.
import { expect, test } from './chat-test.ts';
import { newPerson } from './person.ts';
import { WORDS, type Language } from './words.ts';

for (const language of Object.keys(WORDS) as Language[]) {
  const words = WORDS[language];

  test(`signing up says what is wrong, in ${language}`, async ({ cluster, openWindow }) => {
    const taken = newPerson('taken');
    const first = await openWindow(cluster.server1.url, { language });
    await first.signUp(taken);

    const second = await openWindow(cluster.server2.url, { language });
    await second.page.goto('/sign-up');
    await second.fillIn({ ...taken, displayName: 'Somebody else' });
    await second.submitSignUp();
    await expect(second.page.getByRole('alert')).toHaveText(words.taken);

    await second.fillIn({ id: newPerson('short').id, password: '1234567' });
    await second.submitSignUp();
    await expect(second.page.getByRole('alert')).toHaveText(words.passwordLength);

    await second.fillIn({ id: '-no-', password: 'long enough' });
    await second.submitSignUp();
    await expect(second.page.getByRole('alert')).toHaveText(words.badId);

    await second.fillIn({ id: newPerson('free').id, password: '12345678' });
    await second.submitSignUp();
    await second.isOnline();
  });

  test(`a wrong password and an unknown id are not told apart, in ${language}`, async ({ cluster, openWindow }) => {
    const anna = newPerson('anna');
    const window = await openWindow(cluster.server1.url, { language });
    await window.signUp(anna);
    await window.signOut();
    for (const { id } of [anna, newPerson('nobody')]) {
      await window.fillIn({ id, password: 'not the password' });
      await window.submitSignIn();
      await expect(window.page.getByRole('alert')).toHaveText(words.wrong);
      await expect(window.page).toHaveURL(/\/sign-in$/);
      await window.page.reload();
    }
    await window.signIn(anna);
  });

  test(`nobody of that id can be written to, in ${language}`, async ({ cluster, openWindow }) => {
    const window = await openWindow(cluster.server1.url, { language });
    await window.signUp(newPerson('anna'));
    const { id } = newPerson('nobody');
    await window.lookFor(id);
    await expect(window.page.getByRole('dialog').getByRole('alert')).toHaveText(words.unknown(id));
    await expect(window.composer).toHaveCount(0);
  });
}
