/** What a run of Explore is asked to be: as a form has it, as an address has it, and as `caldera simulate` has it. */
import { FASTEST_C } from '../../../campaign/steerSettings';
import { loadProfile, profileNames, type CellProfile } from '../../../profiles/profile';
import type { SimulateOptions, Strategy } from '../../../results/types';

export interface Settings {
  cell: string;
  policy: Strategy;
  /** Of a fixed rate. */
  rate_C: number;
  charge_C: number;
  temperature_C: number;
  cycles: number;
  seed: number;
  /** The true cell's parameters differ from those the firmware is told by up to this share. */
  mismatch: number;
  /** The firmware on simulated chips, ten times a second; else its estimator and steering alone, once a second. */
  chips: boolean;
}

export interface NumberField {
  key: 'rate_C' | 'charge_C' | 'temperature_C' | 'cycles' | 'seed' | 'mismatch';
  label: string;
  unit: string;
  min: number;
  max: number;
  step: number | 'any';
}

export const NUMBER_FIELDS: readonly NumberField[] = [
  { key: 'rate_C', label: 'Discharge rate', unit: 'C', min: 0.05, max: 5, step: 'any' },
  { key: 'charge_C', label: 'Charge rate', unit: 'C', min: 0.05, max: 2, step: 'any' },
  { key: 'temperature_C', label: 'Temperature', unit: '°C', min: -20, max: 60, step: 'any' },
  { key: 'cycles', label: 'Cycles', unit: '', min: 1, max: 2000, step: 1 },
  { key: 'seed', label: 'Seed', unit: '', min: 0, max: 4294967295, step: 1 },
  { key: 'mismatch', label: 'Model error', unit: 'share', min: 0, max: 0.5, step: 'any' },
];

export const POLICIES: readonly { value: Strategy; label: string; means: string }[] = [
  {
    value: 'adaptive',
    label: 'Adaptive: Caldera chooses the rate',
    means: 'The firmware estimates the limiting current and learns which part of it costs this cell the least lithium.',
  },
  {
    value: 'adaptive+tail',
    label: 'Adaptive + tail: wins lithium back',
    means: 'And where a trial shows that it pays, a slow tail or a rest after the discharge reconnects lithium.',
  },
  {
    value: 'adaptive+taper',
    label: 'Adaptive + taper: puts off the end',
    means: 'And near the end of life it slows down, to stay above 80 % of the first capacity for longer.',
  },
  { value: 'fixed', label: 'Fixed rate', means: 'The same rate in every cycle, as in most laboratories.' },
];

const DEFAULTS: Settings = {
  cell: 'afl-l1',
  policy: 'adaptive',
  rate_C: 1,
  charge_C: 0.2,
  temperature_C: 25,
  cycles: 100,
  seed: 1,
  mismatch: 0,
  chips: false,
};

/** As the command has it. */
const INTERRUPTS = 4;
/** Of the time series: the same as in the result folders. */
const SAMPLE_EVERY_S = 30;
/** Of the volcano's slopes. */
export const VOLCANO_RATES_C: readonly number[] = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, FASTEST_C];

export const cells = (): CellProfile[] => profileNames().map((name) => loadProfile(name));

export function optionsOf(settings: Settings): SimulateOptions {
  const { policy, chips } = settings;
  return {
    cell: settings.cell,
    plant: 'reduced',
    charge_C: settings.charge_C,
    cycles: settings.cycles,
    temperature_C: settings.temperature_C,
    interrupts: INTERRUPTS,
    direct: !chips,
    seed: settings.seed,
    ...(policy !== 'fixed' && { strategy: policy }),
    discharge_C: policy === 'fixed' ? settings.rate_C : null,
    slowStripEvery: 0,
    mismatch: settings.mismatch,
    untilRetention_pct: null,
    sampleEvery_s: SAMPLE_EVERY_S,
  };
}

/** What the command line says for the same numbers. */
export function commandOf(settings: Settings): string {
  const { cell, policy, rate_C, charge_C, temperature_C, cycles, seed, mismatch, chips } = settings;
  return [
    `caldera simulate --cell ${cell} --discharge ${policy === 'fixed' ? `${rate_C}C` : policy} --charge ${charge_C}C`,
    `--temperature ${temperature_C} --cycles ${cycles} --seed ${seed}`,
    ...(mismatch > 0 ? [`--mismatch ${mismatch}`] : []),
    ...(chips ? [] : ['--direct']),
  ].join(' ');
}

export const policyName = ({ policy, rate_C }: Settings): string => (policy === 'fixed' ? `${rate_C}C fixed` : policy);

/** In a few words, with what is not as usual. */
export function labelOf(settings: Settings): string {
  const { cell, charge_C, temperature_C, seed, mismatch, chips } = settings;
  return [
    `${cell}, ${policyName(settings)}`,
    ...(charge_C !== DEFAULTS.charge_C ? [`charge ${charge_C}C`] : []),
    ...(temperature_C !== DEFAULTS.temperature_C ? [`${temperature_C} °C`] : []),
    ...(mismatch > 0 ? [`model error ${mismatch}`] : []),
    ...(seed !== DEFAULTS.seed ? [`seed ${seed}`] : []),
    ...(chips ? ['chips'] : []),
  ].join(', ');
}

const KEYS: Readonly<Record<keyof Settings, string>> = {
  cell: 'cell',
  policy: 'policy',
  rate_C: 'rate',
  charge_C: 'charge',
  temperature_C: 'temperature',
  cycles: 'cycles',
  seed: 'seed',
  mismatch: 'mismatch',
  chips: 'chips',
};

export function toParameters(settings: Settings): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [key, name] of Object.entries(KEYS) as [keyof Settings, string][])
    parameters.set(name, String(key === 'chips' ? Number(settings.chips) : settings[key]));
  return parameters;
}

/** What an address does not say, or says wrongly, is as usual. */
export function fromParameters(parameters: URLSearchParams): Settings {
  const settings: Settings = { ...DEFAULTS };
  const cell = parameters.get(KEYS.cell);
  if (cell !== null && profileNames().includes(cell)) settings.cell = cell;
  const policy = POLICIES.find(({ value }) => value === parameters.get(KEYS.policy)?.replace(' ', '+'));
  if (policy) settings.policy = policy.value;
  for (const field of NUMBER_FIELDS) {
    const text = parameters.get(KEYS[field.key]);
    if (text !== null && problemOf(field, text) === undefined) settings[field.key] = Number(text);
  }
  settings.chips = parameters.get(KEYS.chips) === '1';
  return settings;
}

/** Why a text is no value of a field; undefined when it is one. */
export function problemOf({ label, unit, min, max, step }: NumberField, text: string): string | undefined {
  const value = Number(text);
  const whole = step === 1;
  if (text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value))) return undefined;
  return `${label} is "${text}"; allowed: ${whole ? 'a whole number ' : ''}from ${min} to ${max}${unit && unit !== 'share' ? ` ${unit}` : ''}.`;
}
