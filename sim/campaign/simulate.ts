/** Cycles one cell, alone or with the firmware on simulated chips. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError } from '../errors';
import { mismatched } from '../profiles/mismatch';
import { loadProfile, type CellProfile } from '../profiles/profile';
import type { CycleResult, OnSample, Simulate, SimulateOptions } from '../results/types';
import { ChannelRun } from './channelRun';
import type { CyclingRun, Observation } from './cyclingRun';
import { DirectRun } from './directRun';
import { profileOf } from './profileOf';
import { SteeredRun } from './steeredRun';
import { ce_pct, recoveryMinutes, summarize } from './summary';

/** A mismatched cell's open-circuit voltage is off by this much, rms. */
const OCV_ERROR_MV = 3;
/** How long the event loop may wait. */
const SLICE_MS = 50;

/** Of a steered protocol, until the steering has chosen. */
const UNCHOSEN_C = 1;
/** Cycles of a protocol that ends when it is told to. */
const ENDLESS = 0;

export const simulate: Simulate = async (options, onProgress, signal, onSample) => {
  const own = profileOf(options);
  const { strategy = 'fixed' } = options;
  const run = createRun(own, options, onSample);
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
  if (strategy === 'adaptive+tail') summary.recoveryMinutes = recoveryMinutes(observed);
  if (run.balance) summary.highestTemperature_C = run.balance.highest_C;
  if (run.alarms !== undefined && run.alarms.length > 0) summary.alarms = [...run.alarms];
  if (run.stopped !== undefined) summary.stopped = run.stopped;
  const cycles = observed.map((cycle, index) => cycleResult(cycle, index + 1, options));
  return { cell: own.name, strategy, cycles, summary };
};

function createRun(own: CellProfile, options: SimulateOptions, onSample: OnSample | undefined): CyclingRun {
  const { strategy = 'fixed', mismatch = 0, direct } = options;
  refuseWhatCannotBe(own, options);
  const truth = mismatch > 0 ? mismatched(own, mismatch, options.seed, OCV_ERROR_MV) : own;
  const settings = {
    ...options,
    discharge_C: options.discharge_C ?? UNCHOSEN_C,
    sampleEvery_s: options.sampleEvery_s ?? Infinity,
    onSample,
  };
  const told = toldOf(own, options.told);
  if (!direct) return new ChannelRun(truth, settings, told);
  return strategy === 'fixed'
    ? new DirectRun(truth, settings)
    : new SteeredRun(truth, { ...settings, cycles: ENDLESS }, told);
}

/** What the firmware believes: who builds a cell knows its capacity and voltage limits, whatever else is mistaken. */
function toldOf(own: CellProfile, name: string | undefined): CellProfile {
  if (name === undefined) return own;
  const told = loadProfile(name);
  if (told.kind !== 'full') throw new InputError(`--told is "${name}", a half cell; allowed: a full cell`);
  return {
    ...told,
    area_cm2: (own.parameters.Qn * own.area_cm2) / told.parameters.Qn,
    chargeCutoff_V: own.chargeCutoff_V,
    dischargeCutoff_V: own.dischargeCutoff_V,
  };
}

/** @throws InputError for options that would otherwise have no effect */
function refuseWhatCannotBe(own: CellProfile, options: SimulateOptions): void {
  const { strategy = 'fixed', direct } = options;
  if (strategy !== 'fixed') {
    if (own.kind === 'half')
      throw new InputError(
        `${strategy} is not possible on the half cell "${own.name}"; allowed: a full cell, or a rate`,
      );
    if (direct && options.cooling_W_K !== undefined)
      throw new InputError(`--cooling is not available for ${strategy} with --direct; allowed: without --direct`);
    return;
  }
  if (!direct) return;
  const nobody = 'has no effect with --direct at a fixed rate, where no firmware runs; allowed: without --direct';
  if (options.told !== undefined) throw new InputError(`--told ${nobody}`);
  if (options.slowStripEvery) throw new InputError(`--slow-strip-every ${nobody}`);
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
  };
}
