import { CloseCode } from '@chat/protocol';
import { LoadRunError } from '../load-run-error.ts';
import type { ConnectionEnd } from './chat-connection.ts';

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

/**
 * The end of a connection as a fault of the set-up, with what to do about it; undefined where trying again may help, as
 * it does with a server that is full or just restarts.
 */
export function setUpFault(url: string, end: ConnectionEnd): LoadRunError | undefined {
  const { systemCode, cause, closeCode } = end;
  if (systemCode !== undefined && UNREACHABLE.has(systemCode)) {
    return new LoadRunError('unreachable', `nothing answers at ${url} (${systemCode}): start a server there, or name a running one with --url`);
  }
  if (systemCode === 'EMFILE' || systemCode === 'ENFILE') {
    return new LoadRunError('machine', 'this process may not open more files: raise the limit with `ulimit -n 65536`, or use fewer --users or more --workers');
  }
  if (systemCode === 'EADDRNOTAVAIL') {
    return new LoadRunError('machine', `no local port is free for another connection to ${url}: spread the users over more --url`);
  }
  if (closeCode === CloseCode.unauthorized) {
    return new LoadRunError('refused', `${url} refused the token (${cause}): JWT_SECRET must be the servers' own, or be unset so that users register`);
  }
  const status = /^Unexpected server response: (\d+)/.exec(cause)?.[1];
  if (status !== undefined && !status.startsWith('5')) {
    return new LoadRunError('refused', `${url} answered ${status} instead of opening a WebSocket: is it a chat server's address, with the right path?`);
  }
  return undefined;
}
