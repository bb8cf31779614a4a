import { ensureInstalled } from './install.ts';
import { startPostgres } from './postgres.ts';
import { startRabbitmq, type RabbitmqService } from './rabbitmq.ts';
import { startRedis } from './redis.ts';
import type { Service } from './service.ts';

export type ServicesWanted = { readonly rabbitmq?: boolean; readonly redis?: boolean; readonly postgres?: boolean };

type Startable = { readonly rabbitmq: RabbitmqService; readonly redis: Service; readonly postgres: Service };

/** The services that were asked for, and `stop` for all of them. */
export type Services<Wanted extends ServicesWanted> = {
  readonly [Name in keyof Startable as Wanted[Name] extends true ? Name : never]: Startable[Name];
} & { stop(): Promise<void> };

/** Starts services side by side. Where one fails the others are stopped again. */
export async function startServices<const Wanted extends ServicesWanted>(wanted: Wanted): Promise<Services<Wanted>> {
  const names = (['rabbitmq', 'redis'] as const).filter((name) => wanted[name] === true);
  await ensureInstalled(names); // in one go, rather than by each start for itself
  const starts: Promise<readonly [keyof Startable, Service]>[] = [];
  if (wanted.rabbitmq === true) starts.push(startRabbitmq().then((service) => ['rabbitmq', service] as const));
  if (wanted.redis === true) starts.push(startRedis().then((service) => ['redis', service] as const));
  if (wanted.postgres === true) starts.push(startPostgres().then((service) => ['postgres', service] as const));
  const outcomes = await Promise.allSettled(starts);
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(started.map(([, service]) => service.stop()));
  };
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  // What was asked for has been started, by the lines above; the mapped type cannot be followed through them.
  return { ...Object.fromEntries(started), stop } as Services<Wanted>;
}
