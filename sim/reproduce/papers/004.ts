/**
 * Abdollahifar and Paolella, Batteries & Supercaps 2024: a review of dead lithium. Its numbers are settings at which others
 * found most or least of it, in cells of their own; here they are tried on the Li | Cu half cell of electrolyte L1. One plating
 * of 3 mAh/cm2 and one strip of nine tenths of it: what has lost contact by then is counted, isolated or buried.
 */
import { Cell } from '../../cell/cell';
import type { Parameters } from '../../cell/parameters';
import type { Plant } from '../../cell/plant';
import { runStep } from '../../cell/step';
import type { CellProfile } from '../../profiles/profile';
import { rest, type Lab } from '../lab';
import { best } from '../readings';
import type { Row } from '../row';

const CELL = 'afl-l1-half';
const PLATED_MAH_CM2 = 3;
const STRIPPED_SHARE = 0.9;

interface DeadLithiumTest {
  plate_mA_cm2?: number;
  strip_mA_cm2?: number;
  temperature_C?: number;
  pressure_MPa?: number;
}

/** Plates and strips once. @returns the lithium metal that has lost contact [mAh/cm2] */
export function lostContact_mAh_cm2(cell: Plant, plate_mA_cm2: number, strip_mA_cm2: number): number {
  runStep(cell, -plate_mA_cm2, { capacity_mAh_cm2: PLATED_MAH_CM2, longest_s: 1e7 });
  rest(cell, 600);
  runStep(cell, strip_mA_cm2, { capacity_mAh_cm2: STRIPPED_SHARE * PLATED_MAH_CM2, longest_s: 1e7 });
  return cell.isolated + cell.dead;
}

/** The profile with some of its parameters replaced. */
export const withParameters = (profile: CellProfile, changed: Partial<Parameters>): CellProfile => ({
  ...profile,
  parameters: { ...profile.parameters, ...changed },
});

function dead(lab: Lab, test: DeadLithiumTest): number {
  const { plate_mA_cm2 = 1, strip_mA_cm2 = 1, temperature_C = 25, pressure_MPa } = test;
  return lab.once(['004', test], () => {
    const cell = lab.build(CELL, temperature_C);
    if (pressure_MPa === undefined) return lostContact_mAh_cm2(cell, plate_mA_cm2, strip_mA_cm2);
    // Pressure belongs to the profile, and only the reduced twin can be built again under another.
    if (!(cell instanceof Cell)) return NaN;
    const pressed = new Cell(withParameters(cell.profile, { pres: pressure_MPa }), temperature_C);
    return lostContact_mAh_cm2(pressed, plate_mA_cm2, strip_mA_cm2);
  });
}

const TEMPERATURES_C = [-20, 25, 60];
const TWO_STATEMENTS = 'section 2.1 has two opposite statements on temperature; both are tried, each in its situation';

type Details = Pick<Row, 'source' | 'model'> & Partial<Pick<Row, 'basis' | 'note' | 'bound'>>;
const row = (quantity: string, unit: string, target: number, details: Details): Row => ({
  paper: '004',
  quantity,
  unit,
  target,
  tolerance: 0,
  basis: 'predicted',
  ...details,
});

export const rows004: readonly Row[] = [
  row('stacking pressure of 0.1, 0.5, 1.0 MPa with least dead lithium', 'MPa', 0.5, {
    basis: 'fitted',
    source: 'section 2.2, Figure 4',
    note: 'the pressure term is built around this minimum',
    model: (lab) => best([0.1, 0.5, 1], (pressure_MPa) => -dead(lab, { pressure_MPa })),
  }),
  row('pressure of 0 and 5 psi (0.034 MPa) with less dead lithium', 'MPa', 0.034, {
    source: 'section 2.2 (Fang et al.)',
    model: (lab) => best([0, 0.034], (pressure_MPa) => -dead(lab, { pressure_MPa })),
  }),
  row('temperature of -20, 25, 60 degC with most dead lithium', 'degC', -20, {
    source: 'section 2.1 (Huang group)',
    note: `plated at 1, stripped at 0.5 mA/cm2: the text gives no currents, and stripped at 1 mA/cm2 the model has the opposite order; ${TWO_STATEMENTS}`,
    model: (lab) => best(TEMPERATURES_C, (temperature_C) => dead(lab, { temperature_C, strip_mA_cm2: 0.5 })),
  }),
  row('temperature of -20, 25, 60 degC that isolates most of a smooth deposit', 'degC', 60, {
    source: 'section 2.1 (more is formed during stripping with increasing temperature)',
    note: `plated at 0.1 mA/cm2; ${TWO_STATEMENTS}`,
    model: (lab) => best(TEMPERATURES_C, (temperature_C) => dead(lab, { temperature_C, plate_mA_cm2: 0.1 })),
  }),
  row('stripping current of 1, 3, 5 mA/cm2 with most dead lithium', 'mA/cm2', 1, {
    source: 'section 2.1, Figure 1b; section 4.1 contradicts ("and currents")',
    note: 'the review gives the order; the currents are ours',
    model: (lab) => best([1, 3, 5], (strip_mA_cm2) => dead(lab, { strip_mA_cm2 })),
  }),
  row('plating current of 0.5, 1, 3 mA/cm2 with most dead lithium', 'mA/cm2', 3, {
    source: 'section 2.1, Figure 1b',
    note: 'the review gives the order; the currents are ours',
    model: (lab) => best([0.5, 1, 3], (plate_mA_cm2) => dead(lab, { plate_mA_cm2 })),
  }),
  row('dead lithium over aged SEI lithium after 10 cycles', '1', 1, {
    bound: 'atLeast',
    source: 'section 2.1: loss could be dominated by dead lithium, the interphase being much slower',
    model: (lab) => {
      const test = { plate_mA_cm2: 1, strip_mA_cm2: 1, capacity_mAh_cm2: PLATED_MAH_CM2, cycles: 10 };
      const { cell } = lab.half({ cell: CELL, ...test });
      const metal = cell.isolated + cell.dead;
      return metal / (cell.inactive - metal);
    },
  }),
];
