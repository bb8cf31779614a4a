// How it looks, kept as pictures in test-results/screenshots: both languages, light and dark, desk and phone.
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from '@playwright/test';
import type { ChatWindow } from './pages/chat-window.ts';
import { expect, test } from './chat-test.ts';
import { RoomActions } from './pages/room-actions.ts';
import { SettingsPage } from './pages/settings-page.ts';
import { directConversation, newPerson, type Person } from './person.ts';
import { register, ScriptedPerson } from './scripted-person.ts';
import { ScriptedRoom } from './scripted-room.ts';
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
  readonly room: {
    readonly name: string;
    readonly topic: string;
    /** In turns, by everybody; the third one answers the first, the second one is liked. */
    readonly lines: readonly string[];
    /** What to look for in all of it. */
    readonly search: string;
  };
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
    room: {
      name: 'Release 2.0',
      topic: 'What is left before Friday, and who looks after it; decisions are written down in the notes',
      lines: [
        'Shall we collect what is left until Friday?',
        'Docs and the upgrade notes. I take both.',
        'Then I look after the charts.',
        'I run the load tests again this afternoon and put the results here, with the figures of last week beside them.',
        'Thanks, all!',
        'See you at the rollout',
      ],
      search: 'rollout',
    },
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
    room: {
      name: '출시 준비',
      topic: '금요일까지 남은 일과 담당자를 적어요. 정해진 내용은 회의록에도 남겨 주세요.',
      lines: [
        '금요일까지 남은 일을 정리해 볼까요?',
        '문서와 업그레이드 안내는 제가 맡을게요.',
        '그럼 저는 차트를 볼게요.',
        '오늘 오후에 부하시험을 다시 돌려 볼게요. 결과가 나오면 지난주 수치와 함께 여기에 올릴게요.',
        '모두 고마워요!',
        '배포할 때 봐요',
      ],
      search: '배포',
    },
  },
};

type Cast = readonly [me: Person, peer: Person, ...others: Person[]];

function cast([me, peer, ...others]: Scene['names']): Cast {
  return [newPerson('me', me), newPerson('peer', peer), ...others.map((name, index) => newPerson(`other${index}`, name))];
}

type Played = { readonly stays: ScriptedPerson; readonly room: ScriptedRoom };

/** Gives `me` a room and a conversation, with someone who stays, and others that wait to be read. */
async function play(url: string, [me, peer, ...others]: Cast, { lines, waiting, room: plan }: Scene): Promise<Played> {
  const token = await register(url, me);
  const connect = async (person: Person) => ScriptedPerson.connect(url, await register(url, person));
  const [mine, theirs, ...rest] = await Promise.all([ScriptedPerson.connect(url, token), connect(peer), ...others.map(connect)]);
  const room = await ScriptedRoom.create(url, token, { name: plan.name, topic: plan.topic, visibility: 'private' });
  for (const person of [peer, ...others]) await room.add(person);
  await room.makeModerator(peer);
  await talk(room, [mine, theirs, ...rest], plan.lines);
  for (const line of lines) await (line.startsWith('>') ? mine.say(peer, line.slice(1)) : theirs.say(me, line));
  for (const [index, person] of rest.entries()) await person.say(me, waiting[index] ?? 'Hello');
  await Promise.all([mine, ...rest].map((person) => person.leave()));
  theirs.readEverything();
  return { stays: theirs, room };
}

async function talk(room: ScriptedRoom, people: readonly ScriptedPerson[], lines: readonly string[]): Promise<void> {
  const seqs: number[] = [];
  for (const [index, line] of lines.entries()) {
    const speaker = people[index % people.length];
    if (speaker) seqs.push(await speaker.say(room, line, index === 2 ? seqs[0] : undefined));
  }
  for (const person of people.slice(2)) person.react(room, seqs[1] ?? 0, '👍');
  people[0]?.react(room, seqs[1] ?? 0, '🙏');
}

/** A picture, of a page that neither scrolls sideways nor shows the name of a text in place of the text. */
async function picture({ page }: ChatWindow, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  expect(await page.locator('body').innerText()).not.toMatch(/\b[a-z]+\.[a-zA-Z]+\.[a-z]+\b(?!\/)|\{\w+\}/);
  await page.screenshot({ path: `${FOLDER}${name}.png`, animations: 'disabled', caret: 'hide' });
}

/** Whatever the width of the message, and however near to the edges it stands. */
async function menuIsInSight(window: ChatWindow, text: string): Promise<void> {
  const message = window.page.locator('[data-own]').filter({ hasText: text }).first();
  await message.getByRole('button', { name: window.words.messageMenu, exact: true }).click();
  await expect(window.page.getByRole('menu')).toBeInViewport({ ratio: 1 });
  await window.page.keyboard.press('Escape');
}

async function picturesOfRooms(window: ChatWindow, room: ScriptedRoom, { lines, search }: Scene['room'], name: (view: string) => string): Promise<void> {
  await window.page.goto(`/c/${room.conversationId}`);
  await expect(window.ownMessage(lines.at(-1) ?? '')).toBeVisible();
  await picture(window, name('8-room'));
  for (const line of lines.slice(0, 4)) await menuIsInSight(window, line);
  await new RoomActions(window).openDetails();
  await picture(window, name('9-room-details'));
  const { words } = window;
  for (const [view, page] of [['11-pins', words.pins], ['12-invites', words.invites], ['13-bans', words.bans], ['14-room-settings', words.roomSettings]] as const) {
    const details = await new RoomActions(window).openPage(page);
    await picture(window, name(view));
    await details.getByRole('button', { name: words.backToDetails, exact: true }).click();
  }
  await window.page.goto('/');
  await expect((await window.search(search)).first()).toBeVisible();
  await picture(window, name('10-search'));
}

async function picturesOfOwnAccount(window: ChatWindow, name: (view: string) => string): Promise<void> {
  const dialog = await new SettingsPage(window).askForDeletion();
  await picture(window, name('15-delete-account'));
  await dialog.getByRole('button', { name: window.words.cancel, exact: true }).click();
  await picture(window, name('16-own-data'));
  await window.page.goBack();
}

for (const language of Object.keys(WORDS) as Language[]) {
  for (const theme of THEMES) {
    test(`pictures in ${language}, ${theme}`, async ({ cluster, openWindow }) => {
      const { url } = cluster.server1;
      const scene = SCENES[language];
      const people = cast(scene.names);
      const [me, peer] = people;
      const { stays, room } = await play(url, people, scene);

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
        await picturesOfOwnAccount(window, name);
        await window.openChat(directConversation(me, peer));
        await expect(window.ownMessage(scene.lines.at(-1)?.slice(1) ?? '')).toHaveAttribute('data-state', 'read');
        const stopTyping = stays.typeTo(me);
        await expect(window.typingLine(peer.displayName)).toBeVisible();
        await picture(window, name('4-conversation'));
        stopTyping();
        await picturesOfRooms(window, room, scene.room, name);
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
