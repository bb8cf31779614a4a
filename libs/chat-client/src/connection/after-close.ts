import { CloseCode } from '@chat/protocol';

export type AfterClose = 'at-once' | 'back-off' | 'back-off-further' | 'renew-token' | 'stop';

/** What a close code asks of the client. */
export function afterClose(code: number): AfterClose {
  switch (code) {
    case CloseCode.draining: // another server answers
    case CloseCode.tooSlow: // what was missed comes by the sync
      return 'at-once';
    case CloseCode.overloaded:
      return 'back-off-further';
    case CloseCode.unauthorized:
      return 'renew-token';
    case CloseCode.replaced:
      return 'stop';
    default:
      return 'back-off';
  }
}
