import { startPostgres, type Service } from '@chat/services';
import { afterAll, beforeAll, inject } from 'vitest';
import { describeMessageStore } from './message-store.contract.ts';

describeMessageStore('the embedded PostgreSQL', () => inject('services').databaseUrl);

let distribution: Service;
beforeAll(async () => {
  distribution = await startPostgres({ distribution: true });
});
afterAll(() => distribution.stop());

describeMessageStore("the distribution's PostgreSQL", () => distribution.url);
