import type { Options } from '../options/options.ts';
import { DirectScenario } from './direct.ts';
import type { Scenario } from './scenario.ts';

/** The one place that knows all scenarios by name. */
export function createScenario(options: Options, random: () => number): Scenario {
  switch (options.scenario) {
    case 'direct':
      return new DirectScenario({ ...options, random });
  }
}
