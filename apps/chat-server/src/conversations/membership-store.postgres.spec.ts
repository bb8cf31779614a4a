import { startPostgres, type Service } from '@chat/services';
import { afterAll, beforeAll, inject } from 'vitest';
import { describeMembershipRepeats } from './membership-repeats.contract.ts';
import { describeMembershipStore } from './membership-store.contract.ts';
import { describeRoomsInTheLog } from './rooms-in-the-log.contract.ts';

let distribution: Service;
beforeAll(async () => {
  distribution = await startPostgres({ distribution: true });
});
afterAll(() => distribution.stop());

const servers = [
  ['the embedded PostgreSQL', () => inject('services').databaseUrl],
  ["the distribution's PostgreSQL", () => distribution.url],
] as const;

for (const [name, serverUrl] of servers) {
  describeMembershipStore(name, serverUrl);
  describeMembershipRepeats(name, serverUrl);
  describeRoomsInTheLog(name, serverUrl);
}
