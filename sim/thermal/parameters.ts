/**
 * The thermal parameters of a cell: one row each, the single source for the check of a thermal profile and for the table that
 * docs/thermal.md explains. `min` and `max` are wide enough for any cell and narrow enough to catch a wrong unit.
 */
export interface ThermalRow {
  /** Name in a profile, with its unit. */
  key: string;
  unit: string;
  min: number;
  max: number;
  meaning: string;
}

/** The three reactions, in the order in which they set in, and the temperature at which each `Rate_per_s` holds. */
export const REACTIONS = [
  { name: 'sei', reference_C: 100, meaning: 'decomposition of the SEI' },
  { name: 'lithium', reference_C: 150, meaning: 'lithium metal with the electrolyte' },
  { name: 'cathode', reference_C: 200, meaning: 'cathode with the electrolyte, and all that follows' },
] as const;

const ofReaction = ({ name, reference_C, meaning }: (typeof REACTIONS)[number]): ThermalRow[] => [
  { key: `${name}Activation_J_mol`, unit: 'J/mol', min: 1e4, max: 5e5, meaning: `activation energy: ${meaning}` },
  { key: `${name}Rate_per_s`, unit: '1/s', min: 0, max: 50, meaning: `rate at ${reference_C} degC: ${meaning}` },
  { key: `${name}Rise_K`, unit: 'K', min: 0, max: 3000, meaning: `adiabatic temperature rise: ${meaning}` },
];

export const THERMAL_ROWS: readonly ThermalRow[] = [
  { key: 'heatCapacity_J_cm2_K', unit: 'J/(cm2 K)', min: 1e-3, max: 10, meaning: 'heat capacity per area of copper' },
  ...REACTIONS.flatMap(ofReaction),
];

/** One reaction: dn/dt = -k n, k = rate_per_s exp(-activation_J_mol/R (1/T - 1/reference_K)). */
export interface Reaction {
  activation_J_mol: number;
  rate_per_s: number;
  reference_K: number;
  /** Warming of an adiabatic cell when all of the reactant is consumed. */
  rise_K: number;
}
