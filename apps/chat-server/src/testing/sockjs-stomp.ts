import type { TestUser } from './test-server.ts';
import type { SockJsRequests } from './sockjs-http.ts';

/** STOMP frames as text, for sessions whose requests a test sends one by one. */
export function stompFrame(command: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  return `${command}\n${lines.join('')}\n${body}\0`;
}

export function connectFrame(user: TestUser, headers: Readonly<Record<string, string>> = {}): string {
  return stompFrame('CONNECT', { 'accept-version': '1.2', Authorization: `Bearer ${user.token}`, ...headers });
}

/** Subscribes to messages as `m` with a receipt. */
export function subscribeFrame(receipt = 'subscribed'): string {
  return stompFrame('SUBSCRIBE', { destination: '/user/queue/messages', id: 'm', receipt });
}

export function sayFrame(to: TestUser, message: string, headers: Readonly<Record<string, string>> = {}): string {
  return stompFrame('SEND', { destination: '/app/chat.send', ...headers }, JSON.stringify({ to: to.id, message }));
}

/** The STOMP frames in what a response has carried whole; beats are left out. */
export function stompFrames(text: string): string[] {
  const lines = text.endsWith(']') ? `${text}\n` : text; // a WebSocket's frames have no line end
  const arrays = lines.split('\n').slice(0, -1).map((line) => line.replace(/^data: /, '').trimEnd()).filter((line) => line.startsWith('a['));
  const messages = arrays.flatMap((line) => JSON.parse(line.slice(1)) as string[]); // SockJS says so
  return messages.filter((message) => message !== '\n');
}

/** The texts of the CHAT entries in what a response carried. */
export function chatTexts(text: string): string[] {
  const messages = stompFrames(text).filter((frame) => frame.startsWith('MESSAGE'));
  const bodies = messages.map((frame) => JSON.parse(frame.slice(frame.indexOf('\n\n') + 2, -1)) as { type: string; message: string }); // our own entries
  return bodies.filter(({ type }) => type === 'CHAT').map(({ message }) => message);
}

/** Makes a session over polls, subscribed to its messages. Answers with all that it has carried so far. */
export async function pollingSession(session: SockJsRequests, user: TestUser, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  await session.poll();
  await session.send(connectFrame(user, headers), subscribeFrame());
  let text = '';
  while (!text.includes('receipt-id:subscribed')) {
    const answer = await session.poll();
    if (!/^[ah]/.test(answer)) throw new Error(`The session ended: ${answer}`);
    text += answer;
  }
  return text;
}
