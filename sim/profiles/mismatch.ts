/**
 * A cell that differs from its profile, as every built cell differs from what is known of its kind: the truth that firmware, which
 * knows the profile only, is tried on.
 */
import { DETAILED_ROWS, detailedParameters, type DetailedParameters } from '../cell/detailed/parameters';
import type { OcvError } from '../cell/openCircuit';
import { PARAMETER_ROWS, type Parameters } from '../cell/parameters';
import { InputError } from '../errors';
import { Random } from '../random';
import type { CellProfile } from './profile';

/**
 * What nobody can read off a cell: fitted from cycling, or assumed. The others are known: who builds the cell chooses nominal
 * capacity (Qn), foil (Ainit) and stacking pressure (pres), and measures area and cut-offs.
 */
const UNCERTAIN: readonly (keyof Parameters)[] = [
  // Transport in the electrolyte and through the inactive layer.
  ...(['ilim', 'ah', 'mA', 'chi', 'kap', 'g1', 'tau1', 'tau2'] as const),
  // Resistance, kinetics, nucleation, diffusion in the cathode.
  ...(['Rs', 'kR', 'i0a', 'i0c', 'sig0', 'tauct', 'taud', 'taus', 'eNuc', 'aNuc'] as const),
  // Lithium lost and regained by cycling: SEI, isolation, residue, burial, overlap, roughness.
  ...(['Sform', 's0', 'xi', 'io', 'iO', 'b0', 'b1', 'r', 'd0', 'd1'] as const),
  ...(['NO', 'nO', 'qO', 'qb', 'P0', 'kP', 'qP'] as const),
  // The same by time, and the rarer ways to an end.
  ...(['kcal', 'krst', 'tauR', 'Qshort', 'gamG', 'Qdry', 'ndry', 'kdry', 'ygas', 'kred', 'kcat'] as const),
  // Dependence on temperature.
  ...(['EaD', 'Eai0', 'EaS', 'EaI', 'EaSol'] as const),
];

/** Capacity of the cathode: its loading is weighed, so a tenth of the others' share. */
const WEIGHED: keyof Parameters = 'Qcat';
const WEIGHED_PART = 0.1;

/**
 * The same of the detailed plant. Known there: the salt in the electrolyte and how much of it dissolves (c0, csat), measured on the
 * electrolyte alone; porosity and Bruggeman's exponent of the gap (eps, brug) act only together with D0, kappa0 and L, which vary.
 */
const UNCERTAIN_DETAILED: readonly (keyof DetailedParameters)[] = [
  ...(['D0', 'aD', 't0', 't1', 'nu', 'kappa0', 'L', 'epsLayer', 'loc'] as const),
  ...(['ah', 'i0', 'spread', 'rFilm', 'rContact'] as const),
  ...(['s0', 'y0', 'y1', 'xi', 'ao', 'r', 'd0', 'd1', 'b', 'qb'] as const),
];

const MOST_SHARE = 0.5;
const MOST_OCV_MV = 50;

/**
 * A copy of a profile for the true cell. Each uncertain parameter is multiplied by a factor of its own, uniform from 1 - share to
 * 1 + share and kept within the range of its row (a share of 1 or less stays that); exponents and activation energies too. A term
 * that is off stays off. Every factor has a stream of the seed of its own, so one more parameter does not change the others'.
 *
 * Both plants: parameters that they share take the same factor; those that only the detailed one has take theirs from what it
 * would have had for the profile, so it is off in all that it is made of, and not by a copy of the reduced one's errors. Several of
 * them make its limiting current, which therefore scatters more: by 17 % (one sigma) at a share of 0.2, beside 12 %.
 *
 * @param share from 0 to 0.5
 * @param seed a whole number
 * @param ocvError_mV of the open-circuit voltage, rms over the state of charge [mV], from 0 (none) to 50; see `OcvError`
 * @throws InputError
 */
export function mismatched(profile: CellProfile, share: number, seed: number, ocvError_mV = 0): CellProfile {
  check('share', share, '1', MOST_SHARE);
  check('ocvError_mV', ocvError_mV, 'mV', MOST_OCV_MV);
  const factor = (name: string, part = 1): number =>
    1 + part * share * (2 * new Random(seed, `mismatch ${name}`).uniform() - 1);

  const parameters = { ...profile.parameters };
  for (const { symbol, min, max } of PARAMETER_ROWS) {
    const key = symbol as keyof Parameters;
    const part = key === WEIGHED ? WEIGHED_PART : UNCERTAIN.includes(key) ? 1 : 0;
    if (part > 0) parameters[key] = Math.min(max, Math.max(min, parameters[key] * factor(key, part)));
  }
  const detailed = { ...detailedParameters(profile) };
  for (const { symbol, min, max } of DETAILED_ROWS)
    if (UNCERTAIN_DETAILED.includes(symbol))
      detailed[symbol] = Math.min(max, Math.max(min, detailed[symbol] * factor(`detailed ${symbol}`)));

  const copy = { ...profile, parameters, detailed };
  return ocvError_mV > 0 && profile.kind === 'full' ? { ...copy, ocvError: drawOcvError(ocvError_mV, seed) } : copy;
}

/** Waves of equal size and random phase: the square of each averages to half of its amplitude's, together to `rms_mV`. */
function drawOcvError(rms_mV: number, seed: number): OcvError {
  const phase = (wave: number): number => 2 * Math.PI * new Random(seed, `mismatch ocv ${wave}`).uniform();
  const amplitude_V = rms_mV / 1000;
  return { amplitude_V: [amplitude_V, amplitude_V], phase: [phase(1), phase(2)] };
}

function check(name: string, value: number, unit: string, max: number): void {
  if (!(value >= 0 && value <= max)) throw new InputError(`${name} is ${value} ${unit}; allowed: 0 to ${max} ${unit}`);
}
