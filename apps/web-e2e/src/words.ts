export type Language = 'en' | 'ko';

/** What people see and press, written down here once more: texts that change by accident fail a test. */
export type Words = {
  readonly locale: string;
  readonly id: string;
  readonly password: string;
  readonly displayName: string;
  readonly signIn: string;
  readonly signUp: string;
  readonly signOut: string;
  readonly settings: string;
  readonly newChat: string;
  readonly start: string;
  readonly message: string;
  readonly send: string;
  readonly online: string;
  readonly taken: string;
  readonly wrong: string;
  readonly passwordLength: string;
  readonly badId: string;
  readonly typing: (name: string) => string;
  readonly unknown: (id: string) => string;
};

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    locale: 'en-US',
    id: 'ID',
    password: 'Password',
    displayName: 'Display name',
    signIn: 'Sign in',
    signUp: 'Sign up',
    signOut: 'Sign out',
    settings: 'Settings',
    newChat: 'New chat',
    start: 'Start',
    message: 'Message',
    send: 'Send',
    online: 'Online',
    taken: 'This ID is taken. Choose another one.',
    wrong: 'ID and password don’t match.',
    passwordLength: 'A password has 8 to 128 characters.',
    badId: 'An ID has 2 to 64 of a–z, 0–9, dot, dash and underscore, and starts and ends with a letter or digit.',
    typing: (name) => `${name} is typing`,
    unknown: (id) => `Nobody has the ID “${id}”. Check how it is written.`,
  },
  ko: {
    locale: 'ko-KR',
    id: '아이디',
    password: '비밀번호',
    displayName: '이름',
    signIn: '로그인',
    signUp: '가입',
    signOut: '로그아웃',
    settings: '설정',
    newChat: '새 대화',
    start: '시작',
    message: '메시지',
    send: '보내기',
    online: '접속 중',
    taken: '이미 쓰고 있는 아이디예요. 다른 아이디를 골라 주세요.',
    wrong: '아이디와 비밀번호가 맞지 않아요.',
    passwordLength: '비밀번호는 8~128자여야 해요.',
    badId: '아이디는 a–z, 0–9, 점, 줄표, 밑줄로 2~64자이고, 처음과 끝은 영문자나 숫자여야 해요.',
    typing: (name) => `${name}님이 입력하고 있어요`,
    unknown: (id) => `‘${id}’ 아이디를 쓰는 사람이 없어요. 철자를 확인해 주세요.`,
  },
};
