/**
 * The physics of dead lithium as terms that can be switched off, each with what the review says of it (Abdollahifar and Paolella,
 * Batteries & Supercaps 2024, "Dead Lithium" Formation and Mitigation Strategies in Anode-Free Li-Metal Batteries); and the fading
 * of the cathode, which ends a discharge as early as lost lithium does.
 *
 * A term is off where its parameters are neutral. The review contradicts itself on temperature: section 2.1 has most dead lithium
 * at -20 degC (plating is ragged) and, of stripping alone, more at higher temperatures. The model follows both: plating that is
 * fast for a cold electrolyte roughens the deposit, which weighs more than the slower isolation; where a deposit was plated
 * slowly enough to be smooth at every temperature, warmth isolates more. On the stripping current section 2.1 says "slower",
 * section 4.1 "slower ... and higher currents": the model follows the former.
 */
import { InputError } from '../errors';
import type { CellProfile } from '../profiles/profile';
import type { Parameters } from './parameters';

export interface PhysicsTerm {
  name: string;
  /** What the review says, in short. */
  statement: string;
  /** Section of the review, or what else the term rests on. */
  source: string;
  /** Values of the parameters, by symbol, that switch the term off. */
  off: Readonly<Partial<Parameters>>;
}

export const PHYSICS_TERMS: readonly PhysicsTerm[] = [
  {
    name: 'temperature',
    statement: 'most dead lithium at -20 degC, less at 25 and 60; while stripping, warmth forms more',
    source: 'section 2.1',
    // What stays is thermal voltage alone (RT/F): no rate of a loss depends on it.
    off: { EaD: 0, Eai0: 0, EaS: 0, EaI: 0, EaSol: 0 },
  },
  {
    name: 'pressure',
    statement: 'dead lithium at 0.1 and at 1.0 MPa of stacking pressure, least at 0.5',
    source: 'section 2.2, Figure 4',
    off: { pres: 0.5 },
  },
  {
    name: 'charge-rate',
    statement: 'fast deposition leaves irregular deposits, from which dead lithium forms easily',
    source: 'section 2.1, Figure 1b',
    off: { P0: 10, kP: 0 },
  },
  {
    name: 'slow-strip',
    statement: 'slow stripping of such deposits cuts lithium off; more dead lithium the lower the current',
    source: 'section 2.1, Figure 1b',
    // No overlap at any rate: lithium is isolated at every rate as it is at the slowest.
    off: { NO: 10 },
  },
  {
    name: 'rest-recovery',
    statement: 'reactivation of dead lithium is a way to longer life; no number for rests',
    source: 'section 4.2; that a rest recovers lithium: Zhang et al., Adv. Mater. 2025, Figure 4b',
    off: { krst: 0, tauR: 1e9 },
  },
  {
    name: 'gas',
    statement: 'ethylene from the electrolyte reacts with lithium to inactive species; no number',
    source: 'section 2.2, Figure 5',
    off: { ygas: 0 },
  },
  {
    name: 'redox',
    statement: 'redox mediators turn dead lithium into active lithium; no number',
    source: 'section 3.1, Figure 6b',
    off: { kred: 0 },
  },
  {
    name: 'drying',
    statement: 'dead lithium consumes the electrolyte; the products block ions: a self-accelerating decay',
    source: 'section 1',
    off: { Qdry: 1e9, kdry: 0 },
  },
  {
    name: 'soft-short',
    statement: 'dendrites and dead lithium promote internal short circuits',
    source: 'sections 1 and 2.1; sizes: Huang et al., J. Mater. Chem. A 2023, 11, 12713',
    off: { Qshort: 1e9, gamG: 0 },
  },
  {
    name: 'cathode-fade',
    statement: 'not in the review; host material is lost while charging, its lithium is not',
    source: 'assumed; off unless a profile gives a fade',
    off: { kcat: 0 },
  },
];

/** The profile with some terms switched off, by name. @throws InputError on an unknown term */
export function withoutPhysics(profile: CellProfile, terms: readonly string[]): CellProfile {
  const parameters = { ...profile.parameters };
  for (const name of terms) {
    const term = PHYSICS_TERMS.find((known) => known.name === name);
    if (!term) {
      const allowed = PHYSICS_TERMS.map((known) => known.name).join(', ');
      throw new InputError(`physics term "${name}" is unknown; allowed: ${allowed}`);
    }
    Object.assign(parameters, term.off);
  }
  return { ...profile, parameters };
}
