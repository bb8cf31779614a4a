// A vitest globalSetup: real services for a project's tests, shared by all of them. A run over several projects starts
// them once and passes their addresses in the environment; a run of one project starts its own. Tests that break a
// service start one for themselves.
import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { startServices } from './start-services.ts';

export type TestServices = {
  readonly rabbitmqUrl: string;
  readonly redisUrl: string;
  readonly databaseUrl: string;
};

declare module 'vitest' {
  // Augmenting it takes an interface. Tests read it by `inject('services')`.
  export interface ProvidedContext {
    services: TestServices;
  }
}

/** Called by vitest before the first test; what it returns is called after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = servicesFromEnvironment(process.env);
  if (given !== undefined) {
    project.provide('services', given);
    return () => Promise.resolve();
  }
  const services = await startServices({ rabbitmq: true, redis: true, postgres: true });
  project.provide('services', {
    rabbitmqUrl: services.rabbitmq.url,
    redisUrl: services.redis.url,
    databaseUrl: services.postgres.url,
  });
  return () => services.stop();
}

function servicesFromEnvironment(env: NodeJS.ProcessEnv): TestServices | undefined {
  const rabbitmqUrl = env['TEST_RABBITMQ_URL'];
  const redisUrl = env['TEST_REDIS_URL'];
  const databaseUrl = env['TEST_DATABASE_URL'];
  if (rabbitmqUrl === undefined || redisUrl === undefined || databaseUrl === undefined) return undefined;
  return { rabbitmqUrl, redisUrl, databaseUrl };
}
