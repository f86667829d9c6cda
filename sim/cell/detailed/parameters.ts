/**
 * Parameters of the detailed plant that a profile of the reduced twin lacks: one row each, the single source for the check of
 * their values and for the short symbols of the equations. Values stand in the JSON files beside this one.
 */
import { InputError } from '../../errors';
import { loadProfile, type CellProfile } from '../../profiles/profile';
import aflL1 from './afl-l1.json';
import aflL2 from './afl-l2.json';

const row = (
  key: string,
  symbol: keyof DetailedParameters,
  unit: string,
  min: number,
  max: number,
  meaning: string,
) => ({
  key,
  symbol,
  unit,
  min,
  max,
  meaning,
});

export const DETAILED_ROWS = [
  row('salt_mol_L', 'c0', 'mol/L', 0.1, 10, 'salt concentration at rest'),
  row('solubility_mol_L', 'csat', 'mol/L', 0.11, 20, 'concentration at which the last free solvent is bound'),
  row('diffusivity_cm2_s', 'D0', 'cm2/s', 1e-9, 1, 'salt diffusivity at rest, 25 degC, free electrolyte'),
  row('diffusivityFall', 'aD', '1', 0.01, 5, 'how steeply diffusivity falls with concentration: exp(-a (c/c0 - 1))'),
  row('transference', 't0', '1', 0, 0.95, 'transference number of Li+ at rest'),
  row('transferenceFall', 't1', '1', -1, 1, 'its fall per relative rise of concentration'),
  row('thermodynamicFactor', 'nu', '1', 1e-4, 10, 'thermodynamic factor of the dilute salt'),
  row('conductivity_S_m', 'kappa0', 'S/m', 1e-4, 1000, 'conductivity at rest, 25 degC, free electrolyte'),
  row('gap_um', 'L', 'um', 5, 2000, 'length of electrolyte between dead layer and cathode, pores included'),
  row('gapPorosity', 'eps', '1', 0.05, 1, 'porosity of that length; 1: ordinary, less: porous after Bruggeman'),
  row('bruggemanExponent', 'brug', '1', 1, 3, 'exponent of porosity in the transport of porous layers'),
  row('layerPorosity', 'epsLayer', '1', 0.01, 0.95, 'porosity of the layer of inactive lithium'),
  row(
    'constriction_um',
    'loc',
    'um',
    0,
    500,
    'free electrolyte over which the current gathers onto what is left of a patch',
  ),
  row('accessHalf_mAh_cm2', 'ah', 'mAh/cm2', 1e-4, 5, 'active lithium on a patch at which its coverage starts to fall'),
  row('anodeExchange_mA_cm2', 'i0', 'mA/cm2', 1e-3, 1e4, 'exchange current density of lithium, median patch'),
  row('exchangeSpread', 'spread', '1', 0, 3, 'spread of its logarithm over the patches'),
  row('filmResistance_ohm_cm2', 'rFilm', 'ohm cm2', 0, 1e4, 'resistance of the interphase on lithium'),
  row('contactResistance_ohm_cm2', 'rContact', 'ohm cm2', 0, 1e4, 'ohmic resistance outside the electrolyte'),
  row('seiYield', 's0', '1', 0, 1, 'SEI lithium per plated lithium'),
  row('isolationCovered', 'y0', '1', 0, 1, 'isolated per stripped lithium on a covered patch'),
  row('isolationThinned', 'y1', '1', 0, 5, 'the same added on a patch that is almost bare'),
  row('isolationPerInactive_cm2_mAh', 'xi', 'cm2/mAh', 0, 10, 'how inactive lithium promotes isolation and burial'),
  row('skeletonHalf_mAh_cm2', 'ao', 'mAh/cm2', 1e-4, 5, 'connected lithium left on a patch that gives half contact'),
  row('recontact', 'r', '1', 0, 10, 'isolated lithium regained per full plating, full contact'),
  row('burialWithContact', 'd0', '1', 0, 10, 'isolated lithium buried per full plating, full contact'),
  row('burialWithoutContact', 'd1', '1', 0, 10, 'the same added without contact'),
  row('skeletonLoss', 'b', '1', 0, 1, 'share of the connected remains that fresh lithium cuts off'),
  row('skeletonMemory_mAh_cm2', 'qb', 'mAh/cm2', 1e-3, 50, 'plated capacity over which it does'),
];

/** Parameters of the detailed plant by symbol, as its equations read them: docs/detailed-plant.md. */
export interface DetailedParameters {
  c0: number;
  csat: number;
  D0: number;
  aD: number;
  t0: number;
  t1: number;
  nu: number;
  kappa0: number;
  L: number;
  eps: number;
  brug: number;
  epsLayer: number;
  loc: number;
  ah: number;
  i0: number;
  spread: number;
  rFilm: number;
  rContact: number;
  s0: number;
  y0: number;
  y1: number;
  xi: number;
  ao: number;
  r: number;
  d0: number;
  d1: number;
  b: number;
  qb: number;
}

type Groups = Record<string, Record<string, number>>;
/** Which sets of values are fitted themselves, by the name of the profile that they belong to. */
const SETS: Record<string, Groups> = { 'afl-l1': aflL1.parameters, 'afl-l2': aflL2.parameters };
const BASE = 'afl-l1';

/**
 * The detailed parameters of a profile: those of its own fit (`afl-l1`, `afl-l2`, their half cells and variants `#n`), for
 * every other one those of `afl-l1` scaled by what its reduced parameters are beside those of `afl-l1` (see `derive`). A profile
 * that brings its own has them checked. @throws InputError
 */
export function detailedParameters(profile: CellProfile): DetailedParameters {
  if (profile.detailed) return checkDetailed(byKey(profile.detailed), profile.name);
  const name = profile.name.replace(/#.*$/, '').replace(/-half$/, '');
  const base = checkDetailed({ ...flat(SETS[BASE]!), ...flat(SETS[name] ?? {}) }, name);
  return name in SETS ? base : checkDetailed(byKey(derive(base, profile, loadProfile(BASE))), name);
}

/** Each value follows the reduced one whose meaning is nearest. */
function derive(base: DetailedParameters, profile: CellProfile, reference: CellProfile): DetailedParameters {
  const p = profile.parameters;
  const q = reference.parameters;
  const ratio = (a: number, b: number): number => (b > 0 ? a / b : 1);
  const transport = ratio(p.ilim, q.ilim);
  const isolation = ratio(p.io, q.io);
  return {
    ...base,
    D0: base.D0 * transport,
    kappa0: base.kappa0 * transport,
    nu: base.nu * ratio(p.kap, q.kap),
    ah: base.ah * ratio(p.ah, q.ah),
    ao: base.ao * ratio(p.ah, q.ah),
    i0: base.i0 * ratio(p.i0a, q.i0a),
    rContact: Math.max(0, base.rContact + (p.Rs - q.Rs)),
    s0: base.s0 * ratio(p.s0, q.s0),
    y0: base.y0 * isolation,
    y1: base.y1 * isolation,
    b: Math.min(1, base.b * ratio(p.b0 + p.b1, q.b0 + q.b1)),
    xi: base.xi * ratio(p.xi, q.xi),
    r: base.r * ratio(p.r, q.r),
    d0: base.d0 * ratio(p.d0, q.d0),
    d1: base.d1 * ratio(p.d1, q.d1),
  };
}

function flat(groups: Groups): Record<string, number> {
  return Object.assign({}, ...Object.values(groups)) as Record<string, number>;
}

function byKey(parameters: DetailedParameters): Record<string, number> {
  return Object.fromEntries(DETAILED_ROWS.map((row) => [row.key, parameters[row.symbol]]));
}

/** By symbol, after a check of every value. @throws InputError */
export function checkDetailed(values: Record<string, number>, where: string): DetailedParameters {
  const result: Partial<DetailedParameters> = {};
  for (const { key, symbol, unit, min, max } of DETAILED_ROWS) {
    const value = values[key];
    if (!(typeof value === 'number' && value >= min && value <= max))
      throw new InputError(
        `detailed plant of ${where}: ${key} is ${value ?? 'missing'} ${unit}; allowed: ${min} to ${max} ${unit}`,
      );
    result[symbol] = value;
  }
  return result as DetailedParameters;
}
