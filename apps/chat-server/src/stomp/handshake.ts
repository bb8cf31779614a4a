import { ChatError, CloseCode, STOMP_VERSIONS, type Frame, type StompVersion } from '@chat/protocol';
import type { Principal } from '../identity/principal.ts';
import { ProtocolFault } from './frame-headers.ts';
import type { Authenticator, ConnectGuard, SessionServices } from './session-services.ts';

/** Bounds of what a client may ask the server to send: `1,1` is no reason to send a thousand beats a second. */
const FASTEST_BEAT_MS = 1_000;

/** Beats as agreed; 0 is none. */
type HeartBeat = { readonly sendEveryMs: number };

/** What a CONNECT came to. */
export type Accepted = {
  readonly principal: Principal;
  readonly version: StompVersion;
  readonly deviceName: string;
  readonly sendEveryMs: number;
};

/** Throws `ProtocolFault` or `ChatError` where there can be no session. `address` is where the client comes from. */
export async function acceptConnect(frame: Frame, services: SessionServices, address: string): Promise<Accepted> {
  const { authenticator, connects, admission, limits } = services;
  const version = negotiateVersion(frame.headers.get('accept-version'));
  if (version === undefined) {
    const headers = { version: [...STOMP_VERSIONS].sort().join(',') };
    throw new ProtocolFault('No common version: this server speaks STOMP 1.0, 1.1 and 1.2.', CloseCode.protocolError, headers);
  }
  connects.check(address);
  const principal = await admission.connect(() => authenticateGuarded(frame, authenticator, connects, address));
  const { sendEveryMs } = negotiateHeartBeat(frame.headers.get('heart-beat'), limits.beatMs);
  return { principal, version, deviceName: deviceNameOf(frame, principal), sendEveryMs };
}

/** Failures of an address are counted before the next one of it is let in. */
function authenticateGuarded(frame: Frame, authenticator: Authenticator, connects: ConnectGuard, address: string): Promise<Principal> {
  return authenticateConnect(frame, authenticator).catch((error: unknown) => {
    if (error instanceof ChatError && error.code === 'unauthorized') connects.failed(address);
    throw error;
  });
}

/** The highest version that both speak. A CONNECT without `accept-version` is a 1.0 client's. */
function negotiateVersion(acceptVersion: string | undefined): StompVersion | undefined {
  if (acceptVersion === undefined) return '1.0';
  const offered = new Set(acceptVersion.split(',').map((version) => version.trim()));
  return [...STOMP_VERSIONS].sort().reverse().find((version) => offered.has(version));
}

/** `heart-beat: cx,cy` of a client; malformed values count as none. */
function negotiateHeartBeat(header: string | undefined, beatMs: number): HeartBeat {
  const wants = /^\s*\d{1,9}\s*,\s*(\d{1,9})\s*$/.exec(header ?? '')?.[1];
  const wanted = wants === undefined ? 0 : Number(wants);
  return { sendEveryMs: wanted === 0 ? 0 : Math.max(wanted, beatMs, FASTEST_BEAT_MS) };
}

/**
 * Who connects: by `Authorization: Bearer …`; by `passcode` holding a token with `login` naming the same user, as older
 * clients can; or by `login` and password.
 */
async function authenticateConnect(frame: Frame, authenticator: Authenticator): Promise<Principal> {
  const { headers } = frame;
  const authorization = headers.get('Authorization') ?? headers.get('authorization');
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw new ChatError('unauthorized', 'The Authorization header of CONNECT is not "Bearer <token>".');
    return authenticator.authenticate(token);
  }
  const login = headers.get('login');
  const passcode = headers.get('passcode');
  if (login === undefined || passcode === undefined) {
    throw new ChatError('unauthorized', 'CONNECT carries no token: add the header Authorization: Bearer <access token>.');
  }
  if (!looksLikeToken(passcode)) return authenticator.authenticateByPassword(login, passcode);
  const principal = await authenticator.authenticate(passcode);
  if (principal.userId !== login.toLowerCase()) throw new ChatError('unauthorized', 'The token belongs to another user than login names.');
  return principal;
}

/** A JWT is three base64url parts; nobody's password begins as the encoding of `{"`. */
function looksLikeToken(text: string): boolean {
  return text.startsWith('eyJ') && text.split('.').length === 3;
}

function deviceNameOf(frame: Frame, principal: Principal): string {
  const name = frame.headers.get('device');
  if (name === undefined) return principal.device ?? '';
  if (!DEVICE_NAME.test(name)) throw new ChatError('bad-request', 'The device header has to be 1 to 64 printable ASCII characters.');
  return name;
}

const DEVICE_NAME = /^[\x20-\x7e]{1,64}$/;
