/** A device at a port as a target of `caldera hil`. */
import type { BuildResult } from '../../results/types';
import { grown, memoryOf, scenarioResult, TargetLost, type Target } from '../target';
import { ConsoleError } from './console';
import { PortDevice } from './portDevice';
import { replay } from './replay';

/** @throws InputError when the device cannot be reached or holds another build */
export async function openPortTarget(port: string, built: BuildResult): Promise<Target> {
  const device = await PortDevice.open(port, built);
  const { version, board, total, blocksize } = device.facts;
  return {
    interpreter: `${port} (${board}, ${version})`,
    total,
    async run(scenario, options) {
      const run = await replay(scenario, built, device, options).catch(isLost);
      const { divergence, ticks_us, steps, late_ms, memory } = run;
      return scenarioResult({
        name: scenario.name,
        ticks: run.ticks,
        problem: divergence ?? run.verdict ?? grown(memory),
        differences: divergence === undefined ? [] : [divergence],
        ...(ticks_us.length > 0 && {
          worstTick_ms: largest(ticks_us) / 1000,
          meanTick_ms: mean(ticks_us) / 1000,
          worst_leibniz: largest(steps),
          mean_leibniz: mean(steps),
        }),
        worstSlice_leibniz: largest(run.sliceSteps),
        ...(late_ms.length > 0 && { worstLate_ms: largest(late_ms), meanLate_ms: mean(late_ms) }),
        memory: memoryOf(memory, blocksize, run.arrays),
      });
    },
    close: () => device.close().catch(isLost),
  };

  function isLost(error: unknown): never {
    if (!(error instanceof ConsoleError)) throw error;
    throw new TargetLost(`${port}: ${error.message}`);
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);
