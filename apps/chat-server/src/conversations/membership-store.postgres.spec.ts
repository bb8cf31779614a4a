import { startPostgres, type Service } from '@chat/services';
import { afterAll, beforeAll, inject } from 'vitest';
import { describeMembershipStore } from './membership-store.contract.ts';

describeMembershipStore('the embedded PostgreSQL', () => inject('services').databaseUrl);

let distribution: Service;
beforeAll(async () => {
  distribution = await startPostgres({ distribution: true });
});
afterAll(() => distribution.stop());

describeMembershipStore("the distribution's PostgreSQL", () => distribution.url);
