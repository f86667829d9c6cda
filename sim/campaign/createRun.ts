/** The run that the options of `simulate` ask for. */
import { InputError } from '../errors';
import { mismatched } from '../profiles/mismatch';
import { loadProfile, type CellProfile } from '../profiles/profile';
import type { OnSample, SimulateOptions } from '../results/types';
import { ChannelRun } from './channelRun';
import { DirectRun } from './directRun';
import { SteeredRun } from './steeredRun';

/** With the cell, and the firmware or those parts of it that it has, to look at. */
export type CellRun = ChannelRun | DirectRun | SteeredRun;

/** A mismatched cell's open-circuit voltage is off by this much, rms. */
const OCV_ERROR_MV = 3;

/** Of a steered protocol, until the steering has chosen. */
export const UNCHOSEN_C = 1;
/** Cycles of a protocol that ends when it is told to. */
const ENDLESS = 0;

/** @param own what the options say of the cell (see profileOf). @throws InputError for options that contradict each other */
export function createRun(own: CellProfile, options: SimulateOptions, onSample: OnSample | undefined): CellRun {
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
