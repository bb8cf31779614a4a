import type { ClusterOptions } from '@chat/cluster';

/** Two servers. All tests register from one address, more people a minute than come from one elsewhere. */
export const TWO_SERVERS: ClusterOptions = { servers: 2, env: { RATE_REGISTRATIONS_PER_MINUTE: '600' } };
