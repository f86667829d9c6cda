/**
 * Cheng et al., Adv. Mater. 2023, doi:10.1002/adma.202307370: a tri-salt electrolyte whose interphase is stable in cycling and
 * heat, against a routine one. Lithium foil of 50 um against NCM523; charge and discharge at the same rate.
 */
import { runArc, type ArcResult } from '../../thermal/arc';
import { loadThermalProfile } from '../../thermal/profile';
import type { Cycling, HalfCycling, Lab } from '../lab';
import { mean, retention_pct } from '../readings';
import type { Row } from '../row';
import { symmetric, type Symmetric } from '../symmetric';

/** 50 um of lithium, 0.206 mAh/cm2 each. */
const FOIL_MAH_CM2 = 10.3;

const half = (lab: Lab, cell: string, cycles: number): HalfCycling =>
  lab.half({ cell, plate_mA_cm2: 1, strip_mA_cm2: 1, capacity_mAh_cm2: 1, cycles });

const symmetricCell = (lab: Lab, cell: string, hours: number): Symmetric =>
  symmetric(lab, { cell, i_mA_cm2: 1, capacity_mAh_cm2: 1, lithium_mAh_cm2: FOIL_MAH_CM2, hours });

const coin = (lab: Lab, cell: string, cycles: number): Cycling =>
  lab.cycling({ cell, charge_C: 0.4, discharge_C: 0.4, cycles });

const pouch = (lab: Lab, cell: string): Cycling =>
  lab.cycling({ cell, charge_C: 0.2, discharge_C: 0.2, cycles: 80, formation_C: 0.05 });

/** Last cycle with at least `least_pct` of the first one's discharge; a test that ends early ends there. */
function cyclesWith(test: Cycling, least_pct: number): number {
  const n = test.discharge_mAh_cm2.findIndex((discharge) => discharge < (least_pct / 100) * test.discharge_mAh_cm2[0]!);
  return n < 0 ? test.discharge_mAh_cm2.length : n;
}

const arc = (lab: Lab, name: 'routine' | 'tri-salt'): ArcResult =>
  lab.once(['arc', name], () => runArc(loadThermalProfile(name)));

const row = (rest: Omit<Row, 'paper'>): Row => ({ paper: '003', ...rest });

const cyclingRows: readonly Row[] = [
  row({
    quantity: 'Li|Cu, tri-salt, 1 mA/cm2, 1 mAh/cm2: mean CE, 400 cycles',
    unit: '%',
    target: 98.98,
    tolerance: 0.15,
    basis: 'fitted',
    source: 'Abstract, Figure 3a',
    model: (lab) => mean(half(lab, 'tri-salt-half', 400).ce_pct),
  }),
  row({
    quantity: 'Li|Cu, routine, 1 mA/cm2, 1 mAh/cm2: CE of cycle 25',
    unit: '%',
    target: 70,
    tolerance: 2,
    basis: 'fitted',
    source: 'Figure 3a',
    note: 'tolerance as for a retention: the curve falls steeply here',
    model: (lab) => half(lab, 'routine-half', 25).ce_pct[24] ?? NaN,
  }),
  row({
    quantity: 'symmetric cell, tri-salt, 1 mA/cm2, 1 mAh/cm2: hours without a short or an exhausted electrode',
    unit: 'h',
    target: 850,
    tolerance: 0,
    bound: 'atLeast',
    basis: 'predicted',
    source: 'Figure 3b',
    note: 'foil of 50 um assumed',
    model: (lab) => symmetricCell(lab, 'tri-salt-half', 850).failure?.hours ?? 850,
  }),
  row({
    quantity: 'symmetric cell, routine, 1 mA/cm2, 1 mAh/cm2: hours until it is shorted',
    unit: 'h',
    target: 160,
    tolerance: 16,
    basis: 'fitted',
    source: 'Figure 3b',
    note: 'a short that takes half of the current; foil of 50 um assumed',
    model: (lab) => {
      const { failure } = symmetricCell(lab, 'routine-symmetric', 400);
      return failure?.kind === 'shorted' ? failure.hours : NaN;
    },
  }),
  row({
    quantity: 'tri-salt-coin 0.4C: retention, 200 cycles',
    unit: '%',
    target: 85,
    tolerance: 2,
    basis: 'fitted',
    source: 'Figure 4a',
    model: (lab) => retention_pct(coin(lab, 'tri-salt-coin', 200), 200),
  }),
  row({
    quantity: 'routine-coin 0.4C: retention, 59 cycles',
    unit: '%',
    target: 73.2,
    tolerance: 2,
    basis: 'fitted',
    source: 'Figure 4a',
    model: (lab) => retention_pct(coin(lab, 'routine-coin', 59), 59),
  }),
  row({
    quantity: 'tri-salt-pouch 0.2C: retention, 72 cycles',
    unit: '%',
    target: 85,
    tolerance: 2,
    basis: 'fitted',
    source: 'Figure 4b',
    model: (lab) => retention_pct(pouch(lab, 'tri-salt-pouch'), 72),
  }),
  row({
    quantity: 'routine-pouch 0.2C: cycles with at least 85 %',
    unit: 'cycles',
    target: 12,
    tolerance: 0,
    bound: 'atMost',
    basis: 'predicted',
    source: 'Figure 4b',
    note: '72 cycles are "more than 6 times longer"; the reserve of electrolyte is that of tri-salt-pouch',
    model: (lab) => cyclesWith(pouch(lab, 'routine-pouch'), 85),
  }),
  row({
    quantity: 'pouch 0.2C: cycles with at least 85 %, tri-salt over routine',
    unit: '1',
    target: 6,
    tolerance: 0,
    bound: 'atLeast',
    basis: 'predicted',
    source: 'Figure 4b',
    model: (lab) => cyclesWith(pouch(lab, 'tri-salt-pouch'), 85) / cyclesWith(pouch(lab, 'routine-pouch'), 85),
  }),
];

type Key = 'onset_C' | 'triggering_C' | 'max_C';
const KEYS: readonly Key[] = ['onset_C', 'triggering_C', 'max_C'];
const TITLE = { onset_C: 'onset', triggering_C: 'triggering', max_C: 'highest' };
const TEMPERATURES = {
  routine: { onset_C: 70.8, triggering_C: 117.4, max_C: 1092.2 },
  'tri-salt': { onset_C: 100.6, triggering_C: 153.1, max_C: 394.8 },
};
/** What the conclusion says of tri-salt against routine [K]; the maximum falls. */
const DIFFERENCES = { onset_C: 46.6, triggering_C: 52.5, max_C: 697.4 };

const difference_K = (lab: Lab, key: Key): number =>
  Math.abs((arc(lab, 'tri-salt')[key] ?? NaN) - (arc(lab, 'routine')[key] ?? NaN));

const thermalRows: readonly Row[] = [
  ...(['routine', 'tri-salt'] as const).flatMap((name) =>
    KEYS.map((key) =>
      row({
        quantity: `ARC, ${name}: ${TITLE[key]} temperature`,
        unit: 'degC',
        target: TEMPERATURES[name][key],
        tolerance: 3,
        basis: 'fitted',
        source: 'Figure 5b',
        note: 'tolerance: within one step of the oven (5 K)',
        model: (lab) => arc(lab, name)[key] ?? NaN,
      }),
    ),
  ),
  ...KEYS.map((key) =>
    row({
      quantity: `ARC, tri-salt against routine: change of the ${TITLE[key]} temperature`,
      unit: 'K',
      target: DIFFERENCES[key],
      tolerance: 3,
      basis: 'fitted',
      ...(key !== 'max_C' && {
        contradictory: `the conclusion; the text's own temperatures differ by ${(
          TEMPERATURES['tri-salt'][key] - TEMPERATURES.routine[key]
        ).toFixed(1)} K`,
      }),
      source: 'Conclusions',
      model: (lab) => difference_K(lab, key),
    }),
  ),
];

export const rows003: readonly Row[] = [...cyclingRows, ...thermalRows];
