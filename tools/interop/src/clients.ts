import type { CaseName } from './cases/case.ts';
import type { ClientDriver } from './client-driver.ts';
import { stompjs2, webstomp } from './drivers/callback-client.ts';
import { ProgramDriver } from './drivers/program.ts';
import { sockjsCarrier, type SockjsTransport } from './drivers/sockjs.ts';
import { StompjsDriver } from './drivers/stompjs.ts';

export type InteropClient = {
  readonly name: string;
  readonly version: string;
  readonly start: () => Promise<ClientDriver>;
  /** Whether the library comes back by itself when its connection breaks; otherwise its program connects anew. */
  readonly comesBack: boolean;
  /** Cases it has no means for, and why. */
  readonly cannot: Partial<Readonly<Record<CaseName, string>>>;
};

function stompjs(packageName: string, version: string): InteropClient {
  return { name: '@stomp/stompjs', version, start: () => Promise.resolve(new StompjsDriver(packageName)), comesBack: true, cannot: {} };
}

function sockjs(transport: SockjsTransport): InteropClient {
  return {
    name: `sockjs-client ${transport}`,
    version: '1.6.1',
    start: () => Promise.resolve(new StompjsDriver('stompjs-7', sockjsCarrier(transport))),
    comesBack: true,
    cannot: {},
  };
}

/** Those that are npm packages. */
export const NPM_CLIENTS: readonly InteropClient[] = [
  stompjs('stompjs-7', '7.5.0'),
  stompjs('stompjs-6', '6.1.2'),
  stompjs('stompjs-5', '5.4.4'),
  { name: 'stompjs', version: '2.3.3', start: () => Promise.resolve(stompjs2()), comesBack: false, cannot: {} },
  { name: 'webstomp-client', version: '1.2.6', start: () => Promise.resolve(webstomp()), comesBack: false, cannot: {} },
  ...(['websocket', 'xhr-streaming', 'xhr-polling', 'eventsource'] as const).map(sockjs),
];

const STOMP_PY = { name: 'stomp.py', version: '9.0.0' } as const;

export function stompPy(python3: string, program: string): InteropClient {
  return { ...STOMP_PY, start: () => Promise.resolve(new ProgramDriver(python3, [program])), comesBack: false, cannot: {} };
}

export const SPRING_CARRIERS = ['websocket', 'sockjs-websocket', 'sockjs-xhr'] as const;
const SPRING_VERSION = '6.2.8';
const NO_TRANSACTIONS = 'its StompSession has no BEGIN';

export function springClient(carrier: (typeof SPRING_CARRIERS)[number], classPath: string): InteropClient {
  return {
    name: `Spring ${carrier}`,
    version: SPRING_VERSION,
    start: () => Promise.resolve(new ProgramDriver('java', ['-cp', classPath, 'interop.Interop', carrier])),
    comesBack: false,
    cannot: { commit: NO_TRANSACTIONS, abort: NO_TRANSACTIONS },
  };
}

/** As they head the matrix, all of them. */
export const CLIENT_NAMES: readonly string[] = [
  ...NPM_CLIENTS.map(({ name, version }) => `${name} ${version}`),
  `${STOMP_PY.name} ${STOMP_PY.version}`,
  ...SPRING_CARRIERS.map((carrier) => `Spring ${carrier} ${SPRING_VERSION}`),
];
