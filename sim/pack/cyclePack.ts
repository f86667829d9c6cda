/** Cycles a pack and keeps one discharge cell by cell. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OnProgress } from '../results/types';
import { buildPack } from './build';
import type { PackConfiguration } from './configuration';
import { PackRun, type PackCycle } from './packRun';
import { recordPhase, type PackTrace } from './trace';

export interface PackOptions {
  configuration: PackConfiguration;
  charge_C: number;
  discharge_C: number;
  /** Cycles after formation, from 1. */
  cycles: number;
}

/** The keys of `caldera pack --json`. */
export interface PackResult {
  cell: string;
  series: number;
  parallel: number;
  cycles: PackCycle[];
  /** Largest share that a cell took of its group's current in the first discharge; 1 is an equal share. */
  largestShare: number | null;
  /** Why the run ended early, when it did. */
  stopped?: string;
}

/** On abort it resolves with the cycles finished so far. @throws InputError for rates that cannot be */
export async function cyclePack(
  { configuration, charge_C, discharge_C, cycles }: PackOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<{ result: PackResult; trace: PackTrace }> {
  const { trace, onTimeStep } = recordPhase(1, 'discharge');
  const run = new PackRun(buildPack(configuration), { charge_C, discharge_C, onTimeStep });
  const done: PackCycle[] = [];
  while (done.length < cycles && run.stopped === undefined && !signal?.aborted) {
    const cycle = run.advance();
    if (cycle) done.push(cycle);
    onProgress?.(done.length / cycles, `cycle ${done.length} of ${cycles}`);
    await nextTurn();
  }
  const shares = trace.points.flatMap((point) => point.share);
  const { cell, series, parallel } = configuration;
  const result: PackResult = {
    cell: cell.name,
    series,
    parallel,
    cycles: done,
    largestShare: shares.length > 0 ? Math.max(...shares) : null,
  };
  if (run.stopped !== undefined) result.stopped = run.stopped;
  return { result, trace };
}
