/**
 * Fits a thermal profile to the temperatures that an accelerating rate calorimeter measured: three numbers, so three parameters;
 * the others stay as the profile assumes them. Levenberg-Marquardt from a start in closed form: whatever the profile holds for
 * the three, the result is the same.
 */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { InputError } from '../errors';
import { runArc, type ArcOptions } from '../thermal/arc';
import { REACTIONS, THERMAL_ROWS } from '../thermal/parameters';
import type { ArcTemperatures, ThermalProfile } from '../thermal/profile';

/** Each beside the temperature that it decides. */
const FREE = ['seiRate_per_s', 'lithiumRate_per_s', 'cathodeRise_K'] as const;
export type FreeThermalParameter = (typeof FREE)[number];
type Values = Record<string, number>;

export interface ThermalFit {
  profile: string;
  /** Four significant digits. */
  values: Record<FreeThermalParameter, number>;
  /** What the calorimeter gives with these. */
  model: ArcTemperatures;
  measured: ArcTemperatures;
  /** By parameter, fitted or assumed: change of each temperature [K] when it is raised by 10 %, the others held. */
  sensitivity: Record<string, ArcTemperatures>;
  /**
   * By assumed parameter: it is raised by 10 % and the fit repeated. `factors` are what the fitted values are multiplied by,
   * `worst_K` the largest miss. A small miss means that the temperatures do not determine the parameter: it moves with the others.
   */
  exchange: Record<string, { factors: Record<FreeThermalParameter, number>; worst_K: number }>;
}

/** The oven's steps hide how the onset moves within one of them: small ones, at about the usual mean rate, show it. */
const SMALL_STEPS: ArcOptions = { step_K: 0.1, wait_min: 1 };
const RAISE = 1.1;
const LOG_STEP = 0.01;
/** What a temperature counts that a test did not find. */
const NOT_FOUND_C = 3000;

/**
 * @param profile with measured temperatures; its heat capacity plays no part
 * @throws InputError when nothing was measured, or the assumed parameters leave no room for the three
 */
export function fitThermal(profile: ThermalProfile): ThermalFit {
  const { measured } = profile;
  if (!measured)
    throw new InputError(`thermal profile ${profile.name}: measured is missing; allowed: three temperatures`);
  const values = solve(profile, measured);
  const fitted = withValues(profile, values);
  const base = temperatures(fitted, SMALL_STEPS);
  const assumed = THERMAL_ROWS.map((row) => row.key).filter((key) => key !== 'heatCapacity_J_cm2_K' && !isFree(key));
  const sensitivity: ThermalFit['sensitivity'] = {};
  for (const key of [...FREE, ...assumed]) {
    const moved = temperatures(withValues(fitted, raised(fitted, key)), SMALL_STEPS);
    sensitivity[key] = difference(moved, base);
  }
  const exchange: ThermalFit['exchange'] = {};
  for (const key of assumed) {
    const other = withValues(fitted, raised(fitted, key));
    const refitted = solve(other, measured);
    exchange[key] = {
      factors: mapFree((free) => refitted[free] / values[free]),
      worst_K: worst(temperatures(withValues(other, refitted)), measured),
    };
  }
  return { profile: profile.name, values, model: temperatures(fitted), measured, sensitivity, exchange };
}

function solve(profile: ThermalProfile, measured: ArcTemperatures): Record<FreeThermalParameter, number> {
  const targets = [measured.onset_C, measured.triggering_C, measured.max_C];
  let best = start(profile, measured).map(Math.log);
  let least = Infinity;
  levenbergMarquardt(
    { x: [0, 1, 2], y: targets },
    (logs: ArrayLike<number>) => {
      const found = temperatures(withValues(profile, freeValues(Array.from(logs))));
      const model = [found.onset_C, found.triggering_C, found.max_C];
      const misfit = model.reduce((sum, value, k) => sum + (value - targets[k]!) ** 2, 0);
      if (misfit < least) {
        least = misfit;
        best = Array.from(logs);
      }
      return (k: number) => model[k]!;
    },
    { initialValues: best, gradientDifference: LOG_STEP, damping: 1e-3, maxIterations: 40, errorTolerance: 1e-6 },
  );
  const values = freeValues(best);
  return mapFree((key) => Number(values[key].toPrecision(4)));
}

/**
 * Where each reaction alone would meet its definition: lithium at 60 degC/min at the triggering temperature, SEI at 1.2 times the
 * threshold at the onset (an oven that rises in steps finds the onset beyond the threshold), the cathode's rise what is left.
 */
function start(profile: ThermalProfile, { onset_C, triggering_C, max_C }: ArcTemperatures): number[] {
  const [sei, lithium] = profile.reactions as [ThermalProfile['reactions'][0], ThermalProfile['reactions'][0]];
  const arrhenius = (j: 0 | 1, temperature_C: number): number => {
    const { activation_J_mol, reference_K } = profile.reactions[j]!;
    return Math.exp((-activation_J_mol / 8.314) * (1 / (temperature_C + 273.15) - 1 / reference_K));
  };
  const lithiumRate_per_s = 1 / lithium.rise_K / arrhenius(1, triggering_C);
  const lithiumAtOnset_K_s = lithium.rise_K * lithiumRate_per_s * arrhenius(1, onset_C);
  const seiRate_per_s = ((1.2 * 0.02) / 60 - lithiumAtOnset_K_s) / sei.rise_K / arrhenius(0, onset_C);
  const cathodeRise_K = max_C - onset_C - sei.rise_K - lithium.rise_K;
  if (!(seiRate_per_s > 0 && cathodeRise_K > 0))
    throw new InputError(
      `thermal profile ${profile.name}: seiRate_per_s or cathodeRise_K would be below 0; ` +
        'allowed: activation energies and rises that leave the first and the last reaction a part',
    );
  return [seiRate_per_s, lithiumRate_per_s, cathodeRise_K];
}

function temperatures(profile: ThermalProfile, options?: ArcOptions): ArcTemperatures {
  const { onset_C, triggering_C, max_C } = runArc(profile, options);
  const found = (value_C: number | null): number => value_C ?? NOT_FOUND_C;
  return { onset_C: found(onset_C), triggering_C: found(triggering_C), max_C: found(max_C) };
}

const FIELDS = { Activation_J_mol: 'activation_J_mol', Rate_per_s: 'rate_per_s', Rise_K: 'rise_K' } as const;

/** The same profile with other values for some parameters of its reactions. */
function withValues(profile: ThermalProfile, values: Values): ThermalProfile {
  const reactions = profile.reactions.map((reaction, j) => {
    const changed = { ...reaction };
    for (const [suffix, field] of Object.entries(FIELDS))
      changed[field] = values[REACTIONS[j]!.name + suffix] ?? changed[field];
    return changed;
  });
  return { ...profile, reactions };
}

function raised(profile: ThermalProfile, key: string): Values {
  const j = REACTIONS.findIndex(({ name }) => key.startsWith(name));
  const field = FIELDS[key.slice(REACTIONS[j]!.name.length) as keyof typeof FIELDS];
  return { [key]: RAISE * profile.reactions[j]![field] };
}

const isFree = (key: string): boolean => (FREE as readonly string[]).includes(key);
const mapFree = (value: (key: FreeThermalParameter) => number): Record<FreeThermalParameter, number> =>
  Object.fromEntries(FREE.map((key) => [key, value(key)])) as Record<FreeThermalParameter, number>;
const freeValues = (logs: readonly number[]): Record<FreeThermalParameter, number> =>
  mapFree((key) => Math.exp(logs[FREE.indexOf(key)]!));

const difference = (a: ArcTemperatures, b: ArcTemperatures): ArcTemperatures => ({
  onset_C: a.onset_C - b.onset_C,
  triggering_C: a.triggering_C - b.triggering_C,
  max_C: a.max_C - b.max_C,
});
const worst = (a: ArcTemperatures, b: ArcTemperatures): number =>
  Math.max(...Object.values(difference(a, b)).map(Math.abs));
