/** Cycles one cell, alone or with the firmware on simulated chips. */
import type { CycleResult, OnProgress, Simulate, SimulateOptions, SimulateResult } from '../results/types';
import { createRun, UNCHOSEN_C } from './createRun';
import type { CyclingRun, Observation } from './cyclingRun';
import { profileOf } from './profileOf';
import { ce_pct, recoveryMinutes, summarize } from './summary';

/** How long the event loop may wait. */
const SLICE_MS = 50;
/** A browser's worker has timers alone. */
const later: (then: () => void) => unknown =
  (globalThis as { setImmediate?: (then: () => void) => unknown }).setImmediate ?? setTimeout;
const nextTurn = (): Promise<void> => new Promise((resolve) => later(resolve));

export const simulate: Simulate = async (options, onProgress, signal, onSample) => {
  const own = profileOf(options);
  return cycleThrough(createRun(own, options, onSample), own.name, options, { onProgress, signal });
};

export interface Onlooker {
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
  /** Given every cycle when it is finished. */
  onCycle?: (cycle: CycleResult) => void;
}

/** What `simulate` does once there is a run. */
export async function cycleThrough(
  run: CyclingRun,
  cell: string,
  options: SimulateOptions,
  { onProgress, signal, onCycle }: Onlooker,
): Promise<SimulateResult> {
  const { strategy = 'fixed' } = options;
  const began_ms = performance.now();
  const observed: Observation[] = [];
  const cycles: CycleResult[] = [];
  let sliceEnd_ms = began_ms + SLICE_MS;
  while (observed.length < options.cycles && run.stopped === undefined && !signal?.aborted) {
    const observation = run.advance(SLICE_MS);
    if (observation) {
      observed.push(observation);
      const cycle = cycleResult(observation, observed.length, options);
      cycles.push(cycle);
      onCycle?.(cycle);
      if (worn(observed, options)) break;
    }
    if (performance.now() < sliceEnd_ms) continue;
    onProgress?.(observed.length / options.cycles, `cycle ${observed.length} of ${options.cycles}`);
    await nextTurn();
    sliceEnd_ms = performance.now() + SLICE_MS;
  }
  const summary = summarize(observed, run.simulated_s, (performance.now() - began_ms) / 1000);
  if (strategy === 'adaptive+tail') summary.recoveryMinutes = recoveryMinutes(observed);
  if (run.balance) summary.highestTemperature_C = run.balance.highest_C;
  if (run.alarms !== undefined && run.alarms.length > 0) summary.alarms = [...run.alarms];
  if (run.stopped !== undefined) summary.stopped = run.stopped;
  return { cell, strategy, cycles, summary };
}

function worn(observed: readonly Observation[], { untilRetention_pct }: SimulateOptions): boolean {
  if (untilRetention_pct === null) return false;
  return observed.at(-1)!.discharge_mAh < (untilRetention_pct / 100) * observed[0]!.discharge_mAh;
}

function cycleResult(cycle: Observation, n: number, options: SimulateOptions): CycleResult {
  const recovered = cycle.recovery_s !== undefined && cycle.recovery_s > 0;
  const stripped = cycle.strip_mAh !== undefined && cycle.strip_mAh > 0;
  return {
    n,
    rate_C: cycle.rate_C ?? options.discharge_C ?? UNCHOSEN_C,
    charge_mAh: cycle.charge_mAh,
    discharge_mAh: cycle.discharge_mAh,
    ...(stripped && { strip_mAh: cycle.strip_mAh! }),
    ...(recovered && { recovery_s: cycle.recovery_s! }),
    ce_pct: ce_pct(cycle),
    etaConc_mV: cycle.etaConc_mV,
    etaConcEstimated_mV: cycle.estimated?.etaConc_mV ?? null,
    ...(typeof cycle.estimated?.etaConcThen_mV === 'number' && { etaConcThen_mV: cycle.estimated.etaConcThen_mV }),
    lithium_mAh: cycle.lithium_mAh,
    lithiumEstimated_mAh: cycle.estimated?.lithium_mAh ?? {
      active: null,
      residual: null,
      isolated: null,
      dead: null,
      sei: null,
    },
    ...(cycle.estimated && {
      lithiumSigma_mAh: cycle.estimated.sigma_mAh,
      lambdaEstimated_mAh: cycle.estimated.lambda_mAh,
      lambdaSigma_mAh: cycle.estimated.lambdaSigma_mAh,
    }),
    // What a tail wins back counts as stripped, but is no slow strip.
    action: (cycle.action ?? 'fixed rate') + (stripped && !recovered ? ', slow strip' : ''),
    ...cycle.decided,
  };
}
