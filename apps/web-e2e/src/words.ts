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
  readonly visitor: string;
  readonly banned: string;
  readonly archived: string;
  readonly deletedAccount: string;
  readonly peerDeleted: string;
  readonly details: string;
  readonly backToDetails: string;
  readonly bans: string;
  readonly banById: string;
  readonly reason: string;
  readonly ban: string;
  readonly banSure: string;
  readonly remove: string;
  readonly invites: string;
  readonly worksFor: string;
  readonly uses: string;
  readonly oneHour: string;
  readonly oneTime: string;
  readonly takeBack: string;
  readonly takeBackSure: string;
  readonly inviteGone: string;
  readonly noLinks: string;
  readonly roomSettings: string;
  readonly days: string;
  readonly keptFor30: string;
  readonly mute: string;
  readonly unmute: string;
  readonly muted: string;
  readonly archive: string;
  readonly archiveSure: string;
  readonly unarchive: string;
  readonly pins: string;
  readonly pin: string;
  readonly unpin: string;
  readonly exportConversation: string;
  readonly forward: string;
  readonly filterChats: string;
  readonly close: string;
  readonly readers: string;
  readonly readersTitle: string;
  readonly edits: string;
  readonly editsTitle: string;
  readonly readReceipts: string;
  readonly exportAccount: string;
  readonly deleteAccount: string;
  readonly deleteForGood: string;
  readonly wrongPassword: string;
  readonly owner: string;
  readonly cancel: string;
  readonly memberMenu: (name: string) => string;
  readonly lift: (name: string) => string;
  readonly forwarded: (name: string) => string;
  readonly forwardedTo: (name: string) => string;
  readonly haveRead: (count: number) => string;
  readonly reactWith: (emoji: string) => string;
  readonly reactions: (emoji: string, count: number, names: string) => string;
  readonly notRead: (count: number) => string;
  readonly joined: (name: string) => string;
  readonly broughtIn: (by: string, name: string) => string;
  readonly removed: (by: string, name: string) => string;
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
    visitor: 'You are reading as a visitor. Join to write.',
    banned: 'You were banned from this room.',
    archived: 'This room is closed for writing.',
    deletedAccount: 'Deleted account',
    peerDeleted: 'This account was deleted. You can still read what was written.',
    details: 'Details',
    backToDetails: 'Back to details',
    bans: 'Banned people',
    banById: 'Ban someone by ID',
    reason: 'Reason',
    ban: 'Ban',
    banSure: 'Really ban?',
    remove: 'Remove',
    invites: 'Invitation links',
    worksFor: 'Works for',
    uses: 'Uses',
    oneHour: '1 hour',
    oneTime: '1 time',
    takeBack: 'Take back',
    takeBackSure: 'Really?',
    inviteGone: 'This invitation has run out or was withdrawn. Ask for a new one.',
    noLinks: 'There are no links. Make one above.',
    roomSettings: 'Room settings',
    days: 'Days',
    keptFor30: 'Messages are kept for 30 days.',
    mute: 'Mute',
    unmute: 'Unmute',
    muted: 'muted',
    archive: 'Close for writing',
    archiveSure: 'Really close it?',
    unarchive: 'Open again',
    pins: 'Pinned messages',
    pin: 'Pin',
    unpin: 'Unpin',
    exportConversation: 'Export (JSON Lines)',
    forward: 'Forward',
    filterChats: 'Filter chats',
    close: 'Close',
    readers: 'Who has read it',
    readersTitle: 'Who has read it',
    edits: 'Earlier texts',
    editsTitle: 'Earlier texts',
    readReceipts: 'Show others what I have read',
    exportAccount: 'Export my account (JSON Lines)',
    deleteAccount: 'Delete account',
    deleteForGood: 'Delete for good',
    wrongPassword: 'The password is wrong.',
    owner: 'You own rooms with other people in them. Hand them over or close them for writing first:',
    cancel: 'Cancel',
    memberMenu: (name) => `What to do with ${name}`,
    lift: (name) => `Lift the ban of ${name}`,
    forwarded: (name) => `Forwarded from ${name}`,
    forwardedTo: (name) => `Forwarded to ${name}`,
    haveRead: (count) => (count === 1 ? '1 has read it' : `${count} have read it`),
    reactWith: (emoji) => `React with ${emoji}`,
    reactions: (emoji, count, names) => `${emoji}: ${count} (${names})`,
    notRead: (count) => (count === 1 ? '1 has not read this' : `${count} have not read this`),
    joined: (name) => `${name} joined`,
    broughtIn: (by, name) => `${by} brought ${name} in`,
    removed: (by, name) => `${by} removed ${name}`,
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
    visitor: '구경하고 있어요. 글을 쓰려면 들어가세요.',
    banned: '이 대화방에 들어갈 수 없어요.',
    archived: '글쓰기가 닫힌 대화방이에요.',
    deletedAccount: '탈퇴한 사용자',
    peerDeleted: '탈퇴한 사용자예요. 지난 대화는 계속 볼 수 있어요.',
    details: '대화 정보',
    backToDetails: '대화 정보로 돌아가기',
    bans: '차단한 사람',
    banById: '아이디로 차단하기',
    reason: '이유',
    ban: '차단하기',
    banSure: '정말 차단할까요?',
    remove: '내보내기',
    invites: '초대 링크 관리',
    worksFor: '유효 기간',
    uses: '사용 횟수',
    oneHour: '1시간',
    oneTime: '1번',
    takeBack: '취소하기',
    takeBackSure: '정말요?',
    inviteGone: '기한이 지났거나 취소된 초대예요. 다시 초대해 달라고 해 보세요.',
    noLinks: '아직 링크가 없어요. 위에서 만들어 보세요.',
    roomSettings: '대화방 설정',
    days: '보관 일수',
    keptFor30: '메시지를 30일 동안 보관해요.',
    mute: '알림 끄기',
    unmute: '알림 켜기',
    muted: '알림 꺼짐',
    archive: '글쓰기 닫기',
    archiveSure: '정말 닫을까요?',
    unarchive: '다시 열기',
    pins: '고정한 메시지',
    pin: '고정',
    unpin: '고정 해제',
    exportConversation: '내보내기 (JSON Lines)',
    forward: '전달',
    filterChats: '대화 찾기',
    close: '닫기',
    readers: '읽은 사람 보기',
    readersTitle: '읽은 사람',
    edits: '수정 전 내용 보기',
    editsTitle: '수정 전 내용',
    readReceipts: '내가 읽은 것을 다른 사람에게 보여 주기',
    exportAccount: '내 계정 내보내기 (JSON Lines)',
    deleteAccount: '계정 삭제',
    deleteForGood: '영구히 삭제',
    wrongPassword: '비밀번호가 맞지 않아요.',
    owner: '다른 사람이 있는 대화방의 방장이에요. 먼저 방장을 넘기거나 글쓰기를 닫아 주세요.',
    cancel: '취소',
    memberMenu: (name) => `${name}님 메뉴`,
    lift: (name) => `${name}님 차단 해제`,
    forwarded: (name) => `${name}님의 메시지를 전달했어요`,
    forwardedTo: (name) => `${name}에 전달했어요`,
    haveRead: (count) => `${count}명이 읽었어요`,
    reactWith: (emoji) => `${emoji} 공감하기`,
    reactions: (emoji, count, names) => `${emoji} ${count}명 (${names})`,
    notRead: (count) => `${count}명이 읽지 않았어요`,
    joined: (name) => `${name}님이 들어왔어요`,
    broughtIn: (by, name) => `${by}님이 ${name}님을 초대했어요`,
    removed: (by, name) => `${by}님이 ${name}님을 내보냈어요`,
    invitedBy: (name) => `${name}님이 초대했어요.`,
    typing: (name) => `${name}님이 입력하고 있어요`,
    unknown: (id) => `‘${id}’ 아이디를 쓰는 사람이 없어요. 철자를 확인해 주세요.`,
  },
};
