import type { Migration } from '../migrations.ts';
import { initial } from './0001-initial.ts';

/** All migrations, in order. Forward only: a landed one is never changed. */
export const migrations: readonly Migration[] = [{ id: 1, name: 'initial', sql: initial }];
