/** Words that profiles use. */

/** Where a parameter's value comes from: fitted to numbers of the source, taken from its text, or assumed. */
export type Basis = 'taken' | 'fitted' | 'assumed';
export const BASES: readonly Basis[] = ['taken', 'fitted', 'assumed'];

/**
 * How much of the lithium that is left at the end of a discharge counts as left behind by transport, with the saturation w and
 * the accessible area alpha. R0: A w^2. R1: A w^2 (1 - alpha). R4: as R0, but falls only by being plated over, by rest, or with A.
 */
export const RESIDUE_RULES = ['R0', 'R1', 'R4'] as const;
/** A residue rule by name: see `RESIDUE_RULES`. */
export type ResidueRule = (typeof RESIDUE_RULES)[number];
