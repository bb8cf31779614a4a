import type { RunningServer } from './running-cluster.ts';

/** The value of a counter or gauge of this server. */
export async function metric(server: RunningServer, name: string): Promise<number> {
  const text = await (await fetch(server.metricsUrl)).text();
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`${server.id} has no metric ${name}.`);
  return Number(value);
}
