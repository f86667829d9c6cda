import { beforeAll, expect, it } from 'vitest';
import { build } from '../../sim/build/build';
import { FAULT_SUITE } from '../../sim/faults/suite';
import { runScenario } from '../../sim/hil/hil';
import type { BuildResult } from '../../sim/results/types';
import { interpreter, onDevice } from './interpreter';

/** The campaign's named scenarios, on the bundle that boots from the flash of a real interpreter, beside itself on Node. */
onDevice('the faults of the campaign on a real interpreter', () => {
  let built: BuildResult;
  beforeAll(async () => {
    built = await build({ board: 'cycler' });
  });
  for (const scenario of FAULT_SUITE)
    it(scenario.name, async () => {
      const { run, problem } = await runScenario(scenario, interpreter, built);
      expect(problem).toBeUndefined();
      expect(run.largestDifference).toBeLessThan(1e-9);
    });
});
