import type { IStompSocket } from 'stompjs-7';
import SockJS from 'sockjs-client';

export type SockjsTransport = 'websocket' | 'xhr-streaming' | 'xhr-polling' | 'eventsource';

/** One transport of `sockjs-client`, and no other to fall back on. */
export function sockjsCarrier(transport: SockjsTransport): (url: string) => IStompSocket {
  // SockJS is what a WebSocket is, but for types of events that nobody looks at here.
  return (url) => new SockJS(url, undefined, { transports: [transport] });
}
