import { randomId } from '@chat/chat-client';
import { remember, remembered } from './browser-storage.ts';

/** All tabs of this browser are one device: the server keeps what was delivered to it. */
export function deviceName(): string {
  const known = remembered('chat.device');
  if (known) return known;
  const made = randomId();
  remember('chat.device', made);
  return made;
}
