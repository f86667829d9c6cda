/** Cycles one cell, alone or with the firmware on simulated chips. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CycleResult, Simulate, SimulateOptions } from '../results/types';
import { ChannelRun } from './channelRun';
import { DirectRun } from './directRun';
import { mismatched } from '../profiles/mismatch';
import { ce_pct, summarize } from './summary';
import { profileOf } from './profileOf';
import type { CyclingRun, Observation } from './cyclingRun';

/** A mismatched cell's open-circuit voltage is off by this much, rms. */
const OCV_ERROR_MV = 3;
/** How long the event loop may wait. */
const SLICE_MS = 50;

export const simulate: Simulate = async (options, onProgress, signal, onSample) => {
  const believed = profileOf(options);
  const profile = options.mismatch ? mismatched(believed, options.mismatch, options.seed, OCV_ERROR_MV) : believed;
  const settings = { ...options, sampleEvery_s: options.sampleEvery_s ?? Infinity, onSample };
  const run: CyclingRun = options.direct
    ? new DirectRun(profile, settings)
    : new ChannelRun(profile, settings, believed);
  const began_ms = performance.now();
  const observed: Observation[] = [];
  let sliceEnd_ms = began_ms + SLICE_MS;
  while (observed.length < options.cycles && run.stopped === undefined && !signal?.aborted) {
    const cycle = run.advance(SLICE_MS);
    if (cycle) observed.push(cycle);
    if (cycle && worn(observed, options)) break;
    if (performance.now() < sliceEnd_ms) continue;
    onProgress?.(observed.length / options.cycles, `cycle ${observed.length} of ${options.cycles}`);
    await nextTurn();
    sliceEnd_ms = performance.now() + SLICE_MS;
  }
  const summary = summarize(observed, run.simulated_s, (performance.now() - began_ms) / 1000);
  if (run.balance) summary.highestTemperature_C = run.balance.highest_C;
  if (run.alarms !== undefined && run.alarms.length > 0) summary.alarms = [...run.alarms];
  if (run.stopped !== undefined) summary.stopped = run.stopped;
  const cycles = observed.map((cycle, index) => cycleResult(cycle, index + 1, options));
  return { cell: profile.name, strategy: 'fixed', cycles, summary };
};

function worn(observed: readonly Observation[], { untilRetention_pct }: SimulateOptions): boolean {
  if (untilRetention_pct === null) return false;
  return observed.at(-1)!.discharge_mAh < (untilRetention_pct / 100) * observed[0]!.discharge_mAh;
}

function cycleResult(cycle: Observation, n: number, options: SimulateOptions): CycleResult {
  return {
    n,
    rate_C: options.discharge_C,
    charge_mAh: cycle.charge_mAh,
    discharge_mAh: cycle.discharge_mAh,
    ...(cycle.strip_mAh !== undefined && cycle.strip_mAh > 0 && { strip_mAh: cycle.strip_mAh }),
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
    action: cycle.strip_mAh !== undefined && cycle.strip_mAh > 0 ? 'fixed rate, slow strip' : 'fixed rate',
  };
}
