// How it looks, kept as pictures in test-results/screenshots: both languages, light and dark, desk and phone.
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from '@playwright/test';
import type { ChatWindow } from './pages/chat-window.ts';
import { expect, test } from './chat-test.ts';
import { directConversation, newPerson, type Person } from './person.ts';
import { register, ScriptedPerson } from './scripted-person.ts';
import { WORDS, type Language } from './words.ts';

const FOLDER = fileURLToPath(new URL('../test-results/screenshots/', import.meta.url));

const SIZES: Readonly<Record<string, BrowserContextOptions>> = {
  desk: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};
const THEMES = ['light', 'dark'] as const;

type Scene = {
  readonly names: readonly [me: string, peer: string, ...others: string[]];
  /** Of the open conversation; what begins with `>` is one's own. */
  readonly lines: readonly string[];
  /** The last line of each of the others. */
  readonly waiting: readonly string[];
};

const SCENES: Readonly<Record<Language, Scene>> = {
  en: {
    names: ['Anna Berg', 'Ben Carter', 'Chloe', 'Dr Maximiliana Featherstonehaugh-Cholmondeley', 'Eve'],
    lines: [
      'Morning! Did the rollout go through?',
      '>It did. Two servers drained, nobody noticed.',
      '>The notes are at https://example.org/notes/rolling-restart?step=4',
      'Nice. I read them on the way, the part about the outbox took me a moment: what happens to a message that was sent but never acknowledged when the server goes away under it?',
      '>It is sent again with the same id, and stored once.',
      '👍🎉',
      'Lunch at twelve?',
      '>Gladly',
    ],
    waiting: ['See you at three', 'Would you have a look at the attached figures before tomorrow’s meeting, please?', '🙂'],
  },
  ko: {
    names: ['김안나', '이준호', '박서연', '세상에서가장긴이름을가진사람이바로저예요정말로', 'Eve'],
    lines: [
      '좋은 아침이에요! 배포는 잘 끝났어요?',
      '>네, 서버 두 대를 차례로 재시작했는데 아무도 몰랐어요.',
      '>정리한 글은 https://example.org/notes/rolling-restart 에 있어요',
      '오는 길에 읽었어요. 보내기는 했는데 확인을 못 받은 메시지는 서버가 사라지면 어떻게 되는지, 그 부분을 한참 들여다봤네요.',
      '>같은 아이디로 다시 보내고, 한 번만 저장돼요.',
      '👍🎉',
      '열두 시에 점심 어때요?',
      '>좋아요',
    ],
    waiting: ['세 시에 봐요', '내일 회의 전에 첨부한 수치를 한번 봐 주실 수 있을까요? 부탁드려요.', '🙂'],
  },
};

type Cast = readonly [me: Person, peer: Person, ...others: Person[]];

function cast([me, peer, ...others]: Scene['names']): Cast {
  return [newPerson('me', me), newPerson('peer', peer), ...others.map((name, index) => newPerson(`other${index}`, name))];
}

/** Gives `me` a conversation, with someone who stays, and others that wait to be read. */
async function play(url: string, [me, peer, ...others]: Cast, { lines, waiting }: Scene): Promise<ScriptedPerson> {
  const connect = async (person: Person) => ScriptedPerson.connect(url, await register(url, person));
  const [mine, theirs, ...rest] = await Promise.all([connect(me), connect(peer), ...others.map(connect)]);
  for (const line of lines) await (line.startsWith('>') ? mine.say(peer, line.slice(1)) : theirs.say(me, line));
  for (const [index, person] of rest.entries()) await person.say(me, waiting[index] ?? 'Hello');
  await Promise.all([mine, ...rest].map((person) => person.leave()));
  theirs.readEverything();
  return theirs;
}

/** A picture, of a page that neither scrolls sideways nor shows the name of a text in place of the text. */
async function picture({ page }: ChatWindow, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  expect(await page.locator('body').innerText()).not.toMatch(/\b[a-z]+\.[a-zA-Z]+\.[a-z]+\b(?!\/)|\{\w+\}/);
  await page.screenshot({ path: `${FOLDER}${name}.png`, animations: 'disabled', caret: 'hide' });
}

for (const language of Object.keys(WORDS) as Language[]) {
  for (const theme of THEMES) {
    test(`pictures in ${language}, ${theme}`, async ({ cluster, openWindow }) => {
      const { url } = cluster.server1;
      const scene = SCENES[language];
      const people = cast(scene.names);
      const [me, peer] = people;
      const stays = await play(url, people, scene);

      for (const [size, options] of Object.entries(SIZES)) {
        const name = (view: string) => `${language}-${theme}-${size}-${view}`;
        const window = await openWindow(url, { language, colorScheme: theme, ...options });
        await expect(window.page.getByRole('button', { name: window.words.signIn, exact: true })).toBeVisible();
        await picture(window, name('1-sign-in'));
        await window.signIn(me);
        await expect(window.row(directConversation(me, peer))).toBeVisible();
        await picture(window, name('2-chats'));
        await window.openSettings();
        await picture(window, name('3-settings'));
        await window.page.goBack();
        await window.openChat(directConversation(me, peer));
        await expect(window.ownMessage(scene.lines.at(-1)?.slice(1) ?? '')).toHaveAttribute('data-state', 'read');
        const stopTyping = stays.typeTo(me);
        await expect(window.typingLine(peer.displayName)).toBeVisible();
        await picture(window, name('4-conversation'));
        stopTyping();
      }
      await stays.leave();

      const newcomer = await openWindow(url, { language, colorScheme: theme, ...SIZES['phone'] });
      await newcomer.page.goto('/sign-up');
      await picture(newcomer, `${language}-${theme}-phone-5-sign-up`);
      await newcomer.signUp(newPerson('newcomer'));
      await newcomer.isOnline();
      await picture(newcomer, `${language}-${theme}-phone-6-no-chats`);
      await newcomer.lookFor('nobody-of-this-name');
      await expect(newcomer.page.getByRole('alert')).toBeVisible();
      await picture(newcomer, `${language}-${theme}-phone-7-unknown`);
    });
  }
}
