import { inject } from 'vitest';
import { describeCursorStore } from './cursor-store.contract.ts';

describeCursorStore('the embedded PostgreSQL', () => inject('services').databaseUrl);
