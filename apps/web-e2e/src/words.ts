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
  readonly newRoom: string;
  readonly findRoom: string;
  readonly roomName: string;
  readonly publicRoom: string;
  readonly privateRoom: string;
  readonly create: string;
  readonly publicRoomName: string;
  readonly join: string;
  readonly roomDetails: string;
  readonly closeDetails: string;
  readonly makeInvite: string;
  readonly inviteLink: string;
  readonly addById: string;
  readonly add: string;
  readonly save: string;
  readonly notMember: string;
  readonly noSuchChat: string;
  readonly messageMenu: string;
  readonly reply: string;
  readonly edit: string;
  readonly delete: string;
  readonly deleteSure: string;
  readonly deleted: string;
  readonly edited: string;
  readonly search: string;
  readonly searchAll: string;
  readonly reactWith: (emoji: string) => string;
  readonly reactions: (emoji: string, count: number, names: string) => string;
  readonly notRead: (count: number) => string;
  readonly joined: (name: string) => string;
  readonly broughtIn: (by: string, name: string) => string;
  readonly removed: (by: string, name: string) => string;
  readonly removeWho: (name: string) => string;
  readonly invitedBy: (name: string) => string;
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
    newRoom: 'New room',
    findRoom: 'Find a room',
    roomName: 'Name of the room',
    publicRoom: 'Public',
    privateRoom: 'Private',
    create: 'Create',
    publicRoomName: 'Name of a public room',
    join: 'Join',
    roomDetails: 'Room details',
    closeDetails: 'Close details',
    makeInvite: 'Make an invitation link',
    inviteLink: 'Invitation link',
    addById: 'Add someone by ID',
    add: 'Add',
    save: 'Save',
    notMember: 'You are not a member of this room.',
    noSuchChat: 'There is no such chat',
    messageMenu: 'What to do with this message',
    reply: 'Reply',
    edit: 'Edit',
    delete: 'Delete for everyone',
    deleteSure: 'Really delete?',
    deleted: 'This message was deleted.',
    edited: 'edited',
    search: 'Search',
    searchAll: 'Search in all chats',
    reactWith: (emoji) => `React with ${emoji}`,
    reactions: (emoji, count, names) => `${emoji}: ${count} (${names})`,
    notRead: (count) => (count === 1 ? '1 has not read this' : `${count} have not read this`),
    joined: (name) => `${name} joined`,
    broughtIn: (by, name) => `${by} brought ${name} in`,
    removed: (by, name) => `${by} removed ${name}`,
    removeWho: (name) => `Remove ${name}`,
    invitedBy: (name) => `${name} invites you.`,
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
    newRoom: '새 대화방',
    findRoom: '대화방 찾기',
    roomName: '대화방 이름',
    publicRoom: '공개',
    privateRoom: '비공개',
    create: '만들기',
    publicRoomName: '공개 대화방 이름',
    join: '들어가기',
    roomDetails: '대화방 정보',
    closeDetails: '정보 닫기',
    makeInvite: '초대 링크 만들기',
    inviteLink: '초대 링크',
    addById: '아이디로 초대하기',
    add: '초대',
    save: '저장',
    notMember: '이 대화방의 멤버가 아니에요.',
    noSuchChat: '없는 대화예요',
    messageMenu: '메시지 메뉴',
    reply: '답장',
    edit: '수정',
    delete: '모두에게서 삭제',
    deleteSure: '정말 삭제할까요?',
    deleted: '삭제된 메시지예요.',
    edited: '수정됨',
    search: '검색',
    searchAll: '모든 대화에서 찾기',
    reactWith: (emoji) => `${emoji} 공감하기`,
    reactions: (emoji, count, names) => `${emoji} ${count}명 (${names})`,
    notRead: (count) => `${count}명이 읽지 않았어요`,
    joined: (name) => `${name}님이 들어왔어요`,
    broughtIn: (by, name) => `${by}님이 ${name}님을 초대했어요`,
    removed: (by, name) => `${by}님이 ${name}님을 내보냈어요`,
    removeWho: (name) => `${name}님 내보내기`,
    invitedBy: (name) => `${name}님이 초대했어요.`,
    typing: (name) => `${name}님이 입력하고 있어요`,
    unknown: (id) => `‘${id}’ 아이디를 쓰는 사람이 없어요. 철자를 확인해 주세요.`,
  },
};
