import { ChatError } from '@chat/protocol';
import type { MembershipRefusal } from './membership-store.port.ts';

/** Why the log does not take an entry. What its sender may not know of is `not-found`. `conflict`: its key belongs to another entry. */
export type Refusal = 'not-found' | 'not-member' | 'archived' | 'account-deleted' | 'conflict';

/** What the one who asked is told. */
export function refusalError(refusal: MembershipRefusal): ChatError {
  switch (refusal) {
    case 'not-found':
      return new ChatError('not-found', 'There is no such room.');
    case 'not-member':
      return new ChatError('forbidden', 'Only members of the room may do this.');
    case 'archived':
      return new ChatError('forbidden', 'The room is archived.');
    case 'account-deleted':
      return new ChatError('forbidden', 'The account has been deleted: nobody can write to it or bring it into a room any more.');
    case 'invite-invalid':
      return new ChatError('not-found', 'The invite is not valid, or not any more.');
    case 'banned':
      return new ChatError('forbidden', 'This user may not join the room.');
    case 'not-allowed':
      return new ChatError('forbidden', 'This takes another role in the room.');
    case 'owner-stays':
      return new ChatError('conflict', 'The owner has to hand the room over to another member first.');
    case 'conflict':
      return new ChatError('conflict', 'Another message was sent with the same clientId.');
  }
}
