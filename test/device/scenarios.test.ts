import { describe, expect, it } from 'vitest';
import { LONG } from '../long';
import { runsOnInterpreter, built } from './suite';
import { Twin } from '../../sim/hil/port/twin';
import { pickScenarios } from '../../sim/hil/suite';
import { SCENARIOS } from '../../sim/hil/scenarios';

/** One suite, two targets: the minified bundle on Node, and the same bytes booted from the flash of a real interpreter. */
describe('the bundle on Node', () => {
  for (const scenario of SCENARIOS) {
    it(scenario.name, async () => {
      const twin = new Twin(scenario, await built());
      while (!twin.done) twin.tick();
      expect(twin.verdict).toBeUndefined();
    });
  }
});

runsOnInterpreter(
  'its own scenarios',
  SCENARIOS.filter(({ long }) => !long),
);
// In lock step a whole cycle takes a minute; over a console (portChain) it is run in every check.
runsOnInterpreter('a whole cycle', pickScenarios(['a full cycle']), LONG);
