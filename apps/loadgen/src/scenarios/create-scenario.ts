import type { Options } from '../options/options.ts';
import { DirectScenario } from './direct.ts';
import { RoomScenario } from './room.ts';
import type { Scenario } from './scenario.ts';

/** The one place that knows all scenarios by name. */
export function createScenario(options: Options, random: () => number): Scenario {
  switch (options.scenario) {
    case 'direct':
    case 'long-absence': // the others in it
      return new DirectScenario({ ...options, random });
    case 'room':
      return new RoomScenario({ ...options, random });
  }
}
