/**
 * The parameters of the reduced twin: one row each, the single source for the profile schema, for `caldera cells show` and
 * for the short symbols that the equations in `cell.ts` and `docs/model.md` use.
 *
 * Areas are geometric. Capacities are per cm2 of copper. `min` and `max` are what a profile may hold: wide enough for any
 * cell we can imagine, narrow enough to catch a wrong unit.
 */
export interface ParameterRow {
  /** Name in a profile, with its unit. */
  key: string;
  /** Symbol in the equations. */
  symbol: string;
  unit: string;
  min: number;
  max: number;
  meaning: string;
  /** Taken where a profile does not give it: the value that switches a term off. */
  neutral?: number;
}

const row = (
  key: string,
  symbol: string,
  unit: string,
  min: number,
  max: number,
  meaning: string,
  neutral?: number,
): ParameterRow => ({ key, symbol, unit, min, max, meaning, ...(neutral !== undefined && { neutral }) });

export const PARAMETER_ROWS = [
  row('capacity_mAh_cm2', 'Qn', 'mAh/cm2', 0.1, 20, 'nominal areal capacity; 1C is this many mA/cm2'),
  row('cathodeCapacity_mAh_cm2', 'Qcat', 'mAh/cm2', 0.1, 30, 'capacity of the cathode between its two ends'),
  row('formationSei_mAh_cm2', 'Sform', 'mAh/cm2', 0, 5, 'lithium that the first SEI consumes'),
  row('limitingCurrent_mA_cm2', 'ilim', 'mA/cm2', 0.1, 1e4, 'limiting stripping current at 25 degC, no inactive layer'),
  row('accessHalf_mAh_cm2', 'ah', 'mAh/cm2', 1e-4, 5, 'active lithium at which the accessible area starts to fall'),
  row('accessExponent', 'mA', '1', 0.1, 10, 'steepness of the accessible area against active lithium'),
  row('tortuosityPerInactive_cm2_mAh', 'chi', 'cm2/mAh', 0, 10, 'how inactive lithium lengthens the way of the ions'),
  row('isolationPerInactive_cm2_mAh', 'xi', 'cm2/mAh', 0, 10, 'how inactive lithium promotes isolation and burial'),
  row('concentrationScale_V', 'kap', 'V', 0, 1, 'scale of the concentration overpotential at 25 degC'),
  row('slowModeShare', 'g1', '1', 0, 1, 'share of the slow mode in the diffusion layer'),
  row('slowMode_s', 'tau1', 's', 0.1, 1e5, 'time constant of the slow mode'),
  row('fastMode_s', 'tau2', 's', 0.1, 1e5, 'time constant of the fast mode'),
  row('seriesResistance_ohm_cm2', 'Rs', 'ohm cm2', 0, 1e4, 'ohmic resistance without inactive lithium'),
  row('resistancePerInactive_ohm_cm4_mAh', 'kR', 'ohm cm4/mAh', 0, 1e4, 'ohmic resistance added by inactive lithium'),
  row('anodeExchange_mA_cm2', 'i0a', 'mA/cm2', 1e-3, 1e4, 'exchange current density of the lithium side'),
  row('cathodeExchange_mA_cm2', 'i0c', 'mA/cm2', 1e-3, 1e4, 'exchange current density of the cathode'),
  row('exchangeWithoutOverlap', 'sig0', '1', 0, 1, 'share of the exchange current left without overlap'),
  row('chargeTransferLag_s', 'tauct', 's', 1e-3, 100, 'lag of the lithium-side charge transfer'),
  row('cathodeDiffusion_s', 'taud', 's', 0, 1e5, 'surface-to-bulk stoichiometry difference per current'),
  row('cathodeLag_s', 'taus', 's', 0.1, 1e5, 'time constant of that difference'),
  row('seiYield', 's0', '1', 0, 1, 'SEI lithium per plated lithium'),
  row('isolationYield', 'io', '1', 0, 1, 'isolated lithium per stripped lithium, no overlap'),
  row('isolationOverlapRelief', 'iO', '1', 0, 1, 'share of isolation that full overlap prevents'),
  row('residueLossWithoutOverlap', 'b0', '1', 0, 1, 'left-behind lithium isolated by fresh lithium, no overlap'),
  row('residueLossBase', 'b1', '1', 0, 1, 'left-behind lithium isolated by fresh lithium in any case'),
  row('recontact', 'r', '1', 0, 10, 'isolated lithium regained per full plating, full overlap'),
  row('burialBase', 'd0', '1', 0, 10, 'isolated lithium buried per full plating in any case'),
  row('burialWithoutOverlap', 'd1', '1', 0, 10, 'isolated lithium buried per full plating, no overlap'),
  row('overlapStrippingNumber', 'NO', '1', 1e-4, 10, 'stripping number at half overlap'),
  row('overlapExponent', 'nO', '1', 0.1, 20, 'steepness of the overlap against stripping number'),
  row('overlapMemory_mAh_cm2', 'qO', 'mAh/cm2', 1e-3, 50, 'stripped capacity over which overlap forms'),
  row('residueResolution_mAh_cm2', 'qb', 'mAh/cm2', 1e-3, 50, 'plated capacity over which the residue is resolved'),
  row('roughnessStrippingNumber', 'P0', '1', 1e-4, 10, 'plating number at half roughness'),
  row('roughnessIsolation', 'kP', '1', 0, 100, 'how roughness promotes isolation'),
  row('roughnessMemory_mAh_cm2', 'qP', 'mAh/cm2', 1e-3, 50, 'plated capacity over which roughness forms'),
  row('corrosion_mA_cm2', 'kcal', 'mA/cm2', 0, 1, 'calendar corrosion of active lithium into SEI'),
  row('restRecontact_per_h', 'krst', '1/h', 0, 100, 'isolated lithium regained at rest'),
  row('residueRelaxation_s', 'tauR', 's', 1, 1e9, 'time in which a rest clears the residue mark'),
  row('diffusionActivation_J_mol', 'EaD', 'J/mol', 0, 2e5, 'activation energy of electrolyte transport'),
  row('exchangeActivation_J_mol', 'Eai0', 'J/mol', 0, 2e5, 'activation energy of charge transfer'),
  row('seiActivation_J_mol', 'EaS', 'J/mol', 0, 2e5, 'activation energy of SEI growth'),
  row('isolationActivation_J_mol', 'EaI', 'J/mol', 0, 2e5, 'activation energy of isolation'),
  row('cathodeActivation_J_mol', 'EaSol', 'J/mol', 0, 2e5, 'activation energy of diffusion in the cathode'),
  row('nucleation_V', 'eNuc', 'V', 0, 1, 'nucleation overpotential on bare copper'),
  row('nucleationCapacity_mAh_cm2', 'aNuc', 'mAh/cm2', 1e-6, 5, 'plated capacity over which it fades'),
  row('pressure_MPa', 'pres', 'MPa', 0, 10, 'stacking pressure'),
  row('foil_mAh_cm2', 'Ainit', 'mAh/cm2', 0, 100, 'lithium on the copper when the cell is built; 0: anode-free', 0),
  row(
    'shortingCapacity_mAh_cm2',
    'Qshort',
    'mAh/cm2',
    1e-4,
    1e9,
    'plated lithium beyond which a soft short grows',
    1e9,
  ),
  row('shortGrowth_mS_cm2', 'gamG', 'mS/cm2', 0, 1e6, 'its growth, per plated capacity and excess over that', 0),
  row(
    'electrolyteReserve_mAh_cm2',
    'Qdry',
    'mAh/cm2',
    1e-2,
    1e9,
    'aged SEI lithium whose making would dry the layer',
    1e9,
  ),
  row('dryingExponent', 'ndry', '1', 1, 50, 'how late, and then how quickly, the layer dries', 4),
  row('dryingIsolation', 'kdry', '1', 0, 100, 'how drying promotes isolation', 0),
  row('gasYield', 'ygas', '1', 0, 100, 'lithium lost to gas reactions per lithium lost to SEI', 0),
  row('redoxReactivation_per_h', 'kred', '1/h', 0, 100, 'inactive metal that a redox mediator brings back', 0),
  row('cathodeFade', 'kcat', '1', 0, 0.2, "share of the cathode's capacity lost per nominal capacity charged", 0),
] as const;

/** The parameters by symbol, as the equations read them. */
export interface Parameters {
  Qn: number;
  Qcat: number;
  Sform: number;
  ilim: number;
  ah: number;
  mA: number;
  chi: number;
  xi: number;
  kap: number;
  g1: number;
  tau1: number;
  tau2: number;
  Rs: number;
  kR: number;
  i0a: number;
  i0c: number;
  sig0: number;
  tauct: number;
  taud: number;
  taus: number;
  s0: number;
  io: number;
  iO: number;
  b0: number;
  b1: number;
  r: number;
  d0: number;
  d1: number;
  NO: number;
  nO: number;
  qO: number;
  qb: number;
  P0: number;
  kP: number;
  qP: number;
  kcal: number;
  krst: number;
  tauR: number;
  EaD: number;
  Eai0: number;
  EaS: number;
  EaI: number;
  EaSol: number;
  eNuc: number;
  aNuc: number;
  pres: number;
  Ainit: number;
  Qshort: number;
  gamG: number;
  Qdry: number;
  ndry: number;
  kdry: number;
  ygas: number;
  kred: number;
  kcat: number;
}
