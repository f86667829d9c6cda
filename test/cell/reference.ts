import { readFileSync } from 'node:fs';
import { Cell } from '../../sim/cell/cell';
import type { Parameters } from '../../sim/cell/parameters';
import { loadProfile, type CellProfile } from '../../sim/profiles/profile';
import { sharedFile } from '../sharedData';

/**
 * The reference implementation: its parameters, and regression vectors that hold for its own, coarse time steps and its own ends
 * of charge and discharge.
 */
export interface Golden {
  params: Record<string, number>;
  cases: {
    electrolyte: 'L1' | 'L2';
    rate: number;
    ref02: number;
    Qd: [cycle: number, capacity: number][];
    states: Record<string, Record<string, number>>;
  }[];
  transient: [time_s: number, voltage_V: number, etaConc_V: number, saturation: number][];
}

const path = sharedFile('design', 'twin-golden.json');
/** undefined where the file is not there. */
export const golden = path === undefined ? undefined : (JSON.parse(readFileSync(path, 'utf8')) as Golden);

/** Takes the accessible area at the start of a step, as the reference implementation does. */
export class ExplicitCell extends Cell {
  protected override readonly areaAfter = 0;
}

/** Names of the reference implementation that differ from ours. */
const RENAMED: Record<string, string> = { s: 's0', tau_ct: 'tauct' };

/** A profile with the parameters of the reference implementation: the built-in ones have been fitted anew since. */
export function referenceProfile(name: 'afl-l1' | 'afl-l2' | 'afl-l1-half', { params }: Golden): CellProfile {
  const profile = loadProfile(name.replace('l2', 'l1'));
  const parameters: Record<string, number> = { ...profile.parameters };
  for (const [key, value] of Object.entries(params)) {
    const symbol = RENAMED[key] ?? key;
    if (symbol in parameters) parameters[symbol] = value;
  }
  if (name === 'afl-l2') parameters.ilim! /= 0.7;
  return { ...profile, parameters: parameters as unknown as Parameters };
}
