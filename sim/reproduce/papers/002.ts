/**
 * Huang et al., J. Mater. Chem. A 2023, 11, 12713, doi:10.1039/d3ta00121k: anode-free cells with a sulfide solid electrolyte.
 * A carbon-paper composite (CRIEC) against Super P on copper and bare copper. Plating at 0.05 mA/cm2 and ambient temperature
 * unless said otherwise; 1C of the paper's half cells is 0.05 mA/cm2, taken here as half cycles of 0.05 mAh/cm2.
 */
import { runStep, type StepResult } from '../../cell/step';
import { rest, toCutoff, type Lab } from '../lab';
import { mean } from '../readings';
import type { Row } from '../row';

const PLATING_MA_CM2 = 0.05;
const LOADING_MG_CM2 = 8.9;
/** Rate of the full cells: the text gives none. */
const FULL_CELL_C = 0.1;
const ROOM_C = 25;

/** The voltage curve of plating on a fresh half cell, against the charge that has passed at its terminals. */
export interface Plating {
  passed_mAh_cm2: number[];
  /** Magnitudes. */
  voltage_V: number[];
  /** Share of the current that an internal short carries. */
  leakShare: number[];
}

interface PlatingTest {
  cell: string;
  i_mA_cm2?: number;
  upTo_mAh_cm2: number;
  temperature_C?: number;
}

const FIRST_STEP_MAH_CM2 = 2e-5;
const LARGEST_STEP_MAH_CM2 = 0.02;

export function plating(lab: Lab, test: PlatingTest): Plating {
  const { cell, i_mA_cm2 = PLATING_MA_CM2, upTo_mAh_cm2, temperature_C = ROOM_C } = test;
  return lab.once(['plating', test], () => {
    const plant = lab.build(cell, temperature_C);
    const curve: Plating = { passed_mAh_cm2: [], voltage_V: [], leakShare: [] };
    let passed_mAh_cm2 = 0;
    while (passed_mAh_cm2 < upTo_mAh_cm2) {
      const step_mAh_cm2 = Math.min(LARGEST_STEP_MAH_CM2, Math.max(FIRST_STEP_MAH_CM2, 0.01 * passed_mAh_cm2));
      plant.step(-i_mA_cm2, (3600 * step_mAh_cm2) / i_mA_cm2);
      passed_mAh_cm2 += step_mAh_cm2;
      curve.passed_mAh_cm2.push(passed_mAh_cm2);
      curve.voltage_V.push(Math.abs(plant.voltage_V));
      curve.leakShare.push(Math.abs(plant.leak_mA_cm2) / i_mA_cm2);
    }
    return curve;
  });
}

/** Capacity plated when the short takes half of the current [mAh/cm2]; NaN when it does not. */
export const shortedAt_mAh_cm2 = ({ passed_mAh_cm2, leakShare }: Plating): number =>
  passed_mAh_cm2[leakShare.findIndex((share) => share > 0.5)] ?? NaN;

/** Voltage after a capacity, a magnitude [V]. */
const voltageAt = ({ passed_mAh_cm2, voltage_V }: Plating, capacity_mAh_cm2: number): number =>
  voltage_V[passed_mAh_cm2.findIndex((passed) => passed >= capacity_mAh_cm2)] ?? NaN;

/** Before it shorts, and at the latest here, a cell is on its plateau [mAh/cm2]. */
const PLATEAU_MAH_CM2 = 0.2;

/** The dip at the beginning below the plateau that follows [mV]. */
export function nucleation_mV(curve: Plating): number {
  const shorted = shortedAt_mAh_cm2(curve);
  const plateau_V = voltageAt(curve, shorted > 0 ? Math.min(PLATEAU_MAH_CM2, 0.8 * shorted) : PLATEAU_MAH_CM2);
  return 1000 * (Math.max(...curve.voltage_V) - plateau_V);
}

/** Beyond the paper's shorting capacities, but for the composite not far beyond. */
const copper = (lab: Lab): Plating => plating(lab, { cell: 'copper-solid-half', upTo_mAh_cm2: 0.05 });
const superP = (lab: Lab): Plating => plating(lab, { cell: 'super-p-half', upTo_mAh_cm2: 0.5 });
const composite = (lab: Lab): Plating => plating(lab, { cell: 'criec-half', upTo_mAh_cm2: 12 });

type Details = Pick<Row, 'basis' | 'source'> & Partial<Pick<Row, 'bound' | 'note' | 'contradictory'>>;
const row = (
  quantity: string,
  unit: string,
  target: number,
  tolerance: number,
  details: Details,
  model: Row['model'],
): Row => ({ paper: '002', quantity, unit, target, tolerance, ...details, model });

const FIG_4AB = 'section 2.3, Figure 4a and b';
const BETWEEN =
  'no number for Super P in the text, only that it is smaller than on copper; the model has 4 mV, assumed';

const platingRows: readonly Row[] = [
  row('copper: nucleation overpotential', 'mV', 8.4, 0.84, { basis: 'fitted', source: FIG_4AB }, (lab) =>
    nucleation_mV(copper(lab)),
  ),
  row('CRIEC: nucleation overpotential', 'mV', 1.5, 0.15, { basis: 'fitted', source: `${FIG_4AB}, 4d` }, (lab) =>
    nucleation_mV(composite(lab)),
  ),
  row(
    'Super P: nucleation overpotential, at most',
    'mV',
    8.4,
    0,
    { basis: 'fitted', bound: 'atMost', source: FIG_4AB, note: BETWEEN },
    (lab) => nucleation_mV(superP(lab)),
  ),
  row(
    'Super P: nucleation overpotential, at least',
    'mV',
    1.5,
    0,
    { basis: 'fitted', bound: 'atLeast', source: FIG_4AB, note: BETWEEN },
    (lab) => nucleation_mV(superP(lab)),
  ),
  row('copper: plated capacity at the short', 'mAh/cm2', 0.015, 0.0015, { basis: 'fitted', source: FIG_4AB }, (lab) =>
    shortedAt_mAh_cm2(copper(lab)),
  ),
  row('Super P: plated capacity at the short', 'mAh/cm2', 0.25, 0.025, { basis: 'fitted', source: FIG_4AB }, (lab) =>
    shortedAt_mAh_cm2(superP(lab)),
  ),
  row(
    'CRIEC: plated capacity at the short',
    'mAh/cm2',
    9,
    0,
    { basis: 'fitted', bound: 'atLeast', source: 'section 2.3, Figure S6', note: 'the paper: after more than 9' },
    (lab) => shortedAt_mAh_cm2(composite(lab)),
  ),
  row(
    'CRIEC: voltage at 8 over that at 1 mAh/cm2 plated',
    '1',
    1,
    0.1,
    { basis: 'fitted', source: 'section 2.3, Figure 4d', note: 'the paper: stable at 8' },
    (lab) => voltageAt(composite(lab), 8) / voltageAt(composite(lab), 1),
  ),
  row(
    'CRIEC, 333 K, 0.3 mA/cm2: plated capacity at the short',
    'mAh/cm2',
    3.5,
    0,
    {
      basis: 'predicted',
      bound: 'atLeast',
      source: 'section 2.3, Figure S7',
      note: 'the onset of the short depends on neither temperature nor current in the model',
    },
    (lab) => {
      const curve = plating(lab, { cell: 'criec-half', i_mA_cm2: 0.3, upTo_mAh_cm2: 15, temperature_C: 60 });
      return shortedAt_mAh_cm2(curve);
    },
  ),
];

interface Cycles {
  /** Voltage in the middle of every plating, a magnitude. */
  polarization_V: number[];
  ce_pct: number[];
  stopped: boolean;
}

/** Half cycles of one nominal capacity of the paper's (0.05 mAh/cm2) at a rate. */
function cycles(lab: Lab, cell: string, rate_C: number, count: number): Cycles {
  return lab.once(['002 cycles', cell, rate_C, count], () => {
    const plant = lab.build(cell, ROOM_C);
    const i = rate_C * PLATING_MA_CM2;
    const half = { capacity_mAh_cm2: PLATING_MA_CM2 / 2, longest_s: 1e6 };
    const result: Cycles = { polarization_V: [], ce_pct: [], stopped: false };
    while (result.ce_pct.length < count && !result.stopped) {
      runStep(plant, -i, half);
      result.polarization_V.push(Math.abs(plant.voltage_V));
      runStep(plant, -i, half);
      const stripped = toCutoff(plant, i, plant.profile.dischargeCutoff_V);
      result.stopped = stripped.end !== 'voltage';
      result.ce_pct.push((100 * stripped.charge_mAh_cm2) / PLATING_MA_CM2);
    }
    return result;
  });
}

const OPEN_RATE = 'section 2.4, Figure 5d; capacity of a half cycle (0.05 mAh/cm2) assumed';

const cyclingRows: readonly Row[] = [
  row(
    'CRIEC: CE of plating and stripping 3 mAh/cm2',
    '%',
    95,
    0,
    {
      basis: 'predicted',
      bound: 'atLeast',
      source: 'section 2.3, Figure 4c',
      note: 'the losses are those fitted for a liquid electrolyte; lithium that the carbon takes up is not modelled',
    },
    (lab) => {
      const test = { plate_mA_cm2: PLATING_MA_CM2, strip_mA_cm2: PLATING_MA_CM2, capacity_mAh_cm2: 3, cycles: 1 };
      return lab.half({ cell: 'criec-half', ...test }).ce_pct[0]!;
    },
  ),
  row('CRIEC: polarization at 5C (0.25 mA/cm2)', 'mV', 10, 1, { basis: 'fitted', source: OPEN_RATE }, (lab) => {
    return 1000 * mean(cycles(lab, 'criec-half', 5, 10).polarization_V);
  }),
  row(
    'CRIEC: cycles at 10C (0.5 mA/cm2)',
    'cycles',
    5000,
    0,
    {
      basis: 'predicted',
      bound: 'atLeast',
      source: OPEN_RATE,
      note: 'the paper: more than 5000; the model is cycled 5001 times',
    },
    (lab) => cycles(lab, 'criec-half', 10, 5001).ce_pct.length,
  ),
  row(
    'CRIEC: voltage in cycle 5000 over that in cycle 10, 10C',
    '1',
    1,
    0.1,
    { basis: 'fitted', source: OPEN_RATE, note: 'the paper: ultrastable voltage profiles even after 5000 cycles' },
    (lab) => {
      const { polarization_V } = cycles(lab, 'criec-half', 10, 5001);
      return polarization_V[4999]! / polarization_V[9]!;
    },
  ),
  row(
    'CRIEC, 3.5 MPa: critical current density of stripping',
    'mA/cm2',
    0.4,
    0.04,
    {
      basis: 'predicted',
      source: 'section 2.3, Figure S8',
      contradictory: 'the same electrode cycles 5000 times at 10C, which is 0.5 mA/cm2',
      note: 'voids under the stripped metal are not modelled: up to 2 mA/cm2 nothing limits stripping',
    },
    criticalCurrent_mA_cm2,
  ),
];

/** Current density in steps of 0.1 mA/cm2 at which less than half of 0.5 mAh/cm2 can be stripped; NaN: none up to 2. */
function criticalCurrent_mA_cm2(lab: Lab): number {
  for (let tenths = 1; tenths <= 20; tenths++) {
    const plant = lab.build('criec-half', ROOM_C);
    runStep(plant, -PLATING_MA_CM2, { capacity_mAh_cm2: 0.5, longest_s: 1e6 });
    const stripped = toCutoff(plant, tenths / 10, plant.profile.dischargeCutoff_V);
    if (stripped.charge_mAh_cm2 < 0.25) return tenths / 10;
  }
  return NaN;
}

/** First charge and discharge of a full cell as built. The discharge is missing where the charge found no end. */
export interface FirstCycle {
  charge: StepResult;
  discharge?: StepResult;
}

export function firstCycle(lab: Lab, cell: string): FirstCycle {
  return lab.once(['002 first cycle', cell], () => {
    const plant = lab.build(cell, ROOM_C);
    const i = FULL_CELL_C * plant.nominal_mAh_cm2;
    const charge = toCutoff(plant, -i, plant.profile.chargeCutoff_V);
    if (charge.end !== 'voltage') return { charge };
    rest(plant, 600);
    return { charge, discharge: toCutoff(plant, i, plant.profile.dischargeCutoff_V) };
  });
}

const charged_mAh_g = (lab: Lab, cell: string): number =>
  (1000 * firstCycle(lab, cell).charge.charge_mAh_cm2) / LOADING_MG_CM2;

const discharged_mAh_cm2 = (lab: Lab, cell: string): number => firstCycle(lab, cell).discharge?.charge_mAh_cm2 ?? NaN;

const lost_mAh_cm2 = (lab: Lab, cell: string): number =>
  firstCycle(lab, cell).charge.charge_mAh_cm2 - discharged_mAh_cm2(lab, cell);

const RATE = 'rate (0.1C) and cut-offs (2.5 and 4.3 V) assumed';
const OVERCHARGE = 'three nominal capacities are charged; the onset of the short is the half cell’s';

const fullCellRows: readonly Row[] = [
  ...(
    [
      ['ncm622', 172, 0.82, 'a', 'fitted'],
      ['ncm811', 201, 0.87, 'b', 'fitted'],
    ] as const
  ).flatMap(([cathode, charge_mAh_g, loss_mAh_cm2, panel, basis]) => [
    row(
      `CRIEC, ${cathode}: first charge`,
      'mAh/g',
      charge_mAh_g,
      3,
      { basis: 'fitted', source: `section 2.4, Figure 5${panel}`, note: RATE },
      (lab) => charged_mAh_g(lab, `criec-${cathode}`),
    ),
    row(
      `CRIEC, ${cathode}: loss in the first cycle`,
      'mAh/cm2',
      loss_mAh_cm2,
      0.1 * loss_mAh_cm2,
      { basis, source: `section 2.4, Figure 5${panel}`, note: RATE },
      (lab) => lost_mAh_cm2(lab, `criec-${cathode}`),
    ),
    row(
      `copper, ${cathode}: the charge ends at its cut-off (1) or does not (0)`,
      '-',
      0,
      0,
      { basis: 'predicted', source: 'section 2.4, Figure S9', note: OVERCHARGE },
      (lab) => (firstCycle(lab, `copper-solid-${cathode}`).charge.end === 'voltage' ? 1 : 0),
    ),
  ]),
  row(
    'CRIEC pouch: first charge',
    'mAh/cm2',
    4,
    0.4,
    { basis: 'fitted', source: 'section 2.4, Figure 5c', note: `cathode as in the NCM811 mold cell; ${RATE}` },
    (lab) => firstCycle(lab, 'criec-pouch').charge.charge_mAh_cm2,
  ),
  row(
    'CRIEC pouch: first discharge',
    'mAh/cm2',
    2.2,
    0.22,
    { basis: 'predicted', source: 'section 2.4, Figure 5c', note: `cathode as in the NCM811 mold cell; ${RATE}` },
    (lab) => discharged_mAh_cm2(lab, 'criec-pouch'),
  ),
];

export const rows002: readonly Row[] = [...platingRows, ...cyclingRows, ...fullCellRows];
