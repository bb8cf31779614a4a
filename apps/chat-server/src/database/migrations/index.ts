import type { Migration } from '../migrations.ts';
import { initial } from './0001-initial.ts';
import { rooms } from './0002-rooms.ts';
import { readState } from './0003-read-state.ts';
import { changes } from './0004-changes.ts';
import { roomAdministration } from './0005-room-administration.ts';
import { search } from './0006-search.ts';
import { searchOrder } from './0007-search-order.ts';
import { retention } from './0008-retention.ts';
import { deletedUsers } from './0009-deleted-users.ts';
import { redeliveries } from './0010-redeliveries.ts';

/** All migrations, in order. Forward only: a landed one is never changed. */
export const migrations: readonly Migration[] = [
  { id: 1, name: 'initial', sql: initial },
  { id: 2, name: 'rooms', sql: rooms },
  { id: 3, name: 'read-state', sql: readState },
  { id: 4, name: 'changes', sql: changes },
  { id: 5, name: 'room-administration', sql: roomAdministration },
  { id: 6, name: 'search', sql: search },
  { id: 7, name: 'search-order', sql: searchOrder },
  { id: 8, name: 'retention', sql: retention },
  { id: 9, name: 'deleted-users', sql: deletedUsers },
  { id: 10, name: 'redeliveries', sql: redeliveries },
];
