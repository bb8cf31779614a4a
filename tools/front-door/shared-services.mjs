import { ensureInstalled, startServices } from '@chat/services';
import { say } from './progress.mjs';

const THE_SERVICES = '@chat/services';
const OURSELVES = '@chat/front-door';

/**
 * The services that the tests of all projects share: started once for a whole run, on free ports and in temporary folders.
 * Tests that break a service start one of their own.
 */
export class SharedServices {
  /** @type {Promise<{ stop(): Promise<void> }> | undefined} */
  #starting;

  /** What the tests look for; empty before `start` is done. @type {Readonly<Record<string, string>>} */
  environment = {};

  /**
   * Makes sure that every program the tests start is on this machine, and starts what they share.
   * @param {boolean} withBrowser
   */
  async start(withBrowser) {
    this.#starting = this.#start(withBrowser);
    await this.#starting;
  }

  /** Waits for a start that is under way: what is started has to be stopped. */
  async stop() {
    const services = await this.#starting?.catch(() => undefined); // `start` has told its caller
    await services?.stop();
  }

  /** @param {boolean} withBrowser */
  async #start(withBrowser) {
    /** @type {import('@chat/services').ServiceName[]} */
    const programs = ['rabbitmq', 'redis', 'nginx', 'postgresql'];
    if (withBrowser) programs.push('chromium');
    await ensureInstalled(programs, { log: say });
    const services = await startServices({ rabbitmq: true, redis: true, postgres: true });
    this.environment = {
      TEST_RABBITMQ_URL: services.rabbitmq.url,
      TEST_REDIS_URL: services.redis.url,
      TEST_DATABASE_URL: services.postgres.url,
    };
    return services;
  }
}

/**
 * Whether a project's tests use the services: then it, or something that it depends on, depends on their package.
 * @param {import('./nx.mjs').GraphProject} project
 * @param {readonly import('./nx.mjs').GraphProject[]} all
 */
export function needsServices(project, all) {
  if (project.name === OURSELVES) return false; // we only start them for others
  const seen = new Set([project.name]);
  for (const name of seen) {
    if (name === THE_SERVICES) return true;
    for (const next of all.find((candidate) => candidate.name === name)?.dependencies ?? []) seen.add(next);
  }
  return false;
}
