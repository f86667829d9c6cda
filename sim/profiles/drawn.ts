/**
 * Cells of one kind as they come from a line, and what a firmware that knows the kind only on paper is told of them: what steering is
 * tried on.
 */
import { DETAILED_ROWS, detailedParameters, type DetailedParameters } from '../cell/detailed/parameters';
import type { Parameters } from '../cell/parameters';
import { Random } from '../random';
import type { CellProfile } from './profile';

/** What decides how a cell ages, and the transport that decides at which rate it ages least. */
const DRAWN: readonly (keyof Parameters)[] = [
  ...(['ilim', 'chi', 'ah', 'kR'] as const),
  ...(['s0', 'io', 'iO', 'b0', 'b1', 'r', 'd0', 'd1', 'NO', 'xi'] as const),
];
/** The same of the detailed plant: each takes the factor of the parameter above whose meaning is nearest. */
const DETAILED: Partial<Record<keyof DetailedParameters, keyof Parameters>> = {
  ...{ D0: 'ilim', kappa0: 'ilim', epsLayer: 'chi', ah: 'ah', ao: 'NO' },
  ...{ s0: 's0', y0: 'io', y1: 'iO', b: 'b1', r: 'r', d0: 'd0', d1: 'd1', xi: 'xi' },
};
/** Pores shorten the way that inactive lithium lengthens. */
const INVERSE: keyof DetailedParameters = 'epsLayer';
/** What the voltage depends on. */
const ELECTRICAL: readonly (keyof Parameters)[] = [
  ...(['ilim', 'ah', 'mA', 'chi', 'kap', 'g1', 'tau1', 'tau2'] as const),
  ...(['Rs', 'kR', 'i0a', 'i0c', 'sig0', 'taud', 'taus'] as const),
];
/** A share of lithium, area or overlap is no more than this. */
const MOST_SHARE = 0.98;
const SHARES: readonly (keyof Parameters)[] = ['iO', 'sig0', 'g1'];

/** A cell of the kind: each of `DRAWN` times a factor of its own, lognormal with this standard deviation of the logarithm. */
export function drawnCell(profile: CellProfile, seed: number, logDeviation = 0.15): CellProfile {
  const factor = (name: keyof Parameters): number =>
    Math.exp(logDeviation * new Random(seed, `drawn ${name}`).normal());
  const detailed = { ...detailedParameters(profile) };
  for (const { symbol, min, max } of DETAILED_ROWS) {
    const like = DETAILED[symbol];
    if (like === undefined) continue;
    const drawn = detailed[symbol] * factor(like) ** (symbol === INVERSE ? -1 : 1);
    detailed[symbol] = Math.min(max, Math.max(min, drawn));
  }
  return { ...scaled(profile, DRAWN, factor), detailed };
}

/** What the firmware believes: each of `ELECTRICAL` wrong by a factor of its own, uniform from 1 - share to 1 + share. */
export function believedCell(profile: CellProfile, seed: number, share = 0.2): CellProfile {
  return scaled(profile, ELECTRICAL, (name) => 1 + share * (2 * new Random(seed, `believed ${name}`).uniform() - 1));
}

function scaled(
  profile: CellProfile,
  names: readonly (keyof Parameters)[],
  factor: (name: keyof Parameters) => number,
): CellProfile {
  const parameters = { ...profile.parameters };
  for (const name of names) {
    parameters[name] *= factor(name);
    if (SHARES.includes(name)) parameters[name] = Math.min(MOST_SHARE, parameters[name]);
  }
  return { ...profile, parameters };
}
