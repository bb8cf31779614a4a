import type { OpenWindow } from './chat-test.ts';
import { expect } from './chat-test.ts';
import type { RunningCluster } from './cluster/running-cluster.ts';
import type { ChatWindow } from './pages/chat-window.ts';
import { directConversation, newPerson, type Person } from './person.ts';
import type { Language } from './words.ts';

export type TwoPeople = {
  readonly anna: Person;
  readonly ben: Person;
  /** On server1. */
  readonly annas: ChatWindow;
  /** On server2. */
  readonly bens: ChatWindow;
  /** The one that the two have with each other. */
  readonly conversation: string;
  /** Nobody else's room is called so. */
  readonly roomName: string;
};

/** Two people, signed in, each on a server of their own, reading the same language. */
export async function twoPeople({ server1, server2 }: RunningCluster, openWindow: OpenWindow, language: Language = 'en'): Promise<TwoPeople> {
  const anna = newPerson('anna', 'Anna Berg');
  const ben = newPerson('ben', 'Ben Kim');
  const [annas, bens] = await Promise.all([openWindow(server1.url, { language }), openWindow(server2.url, { language })]);
  await Promise.all([annas.signUp(anna), bens.signUp(ben)]);
  expect([await annas.server(), await bens.server()]).toEqual(['server1', 'server2']);
  return { anna, ben, annas, bens, conversation: directConversation(anna, ben), roomName: `Tea with ${anna.id}` };
}
