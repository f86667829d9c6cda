/**
 * Zhang et al., Adv. Mater. 2025, doi:10.1002/adma.202503582: the volcano. NCM811 (3 mAh/cm2) on copper in electrolytes L1 and
 * L2; two formation cycles at 0.1C, charge at 0.2C. Half cells: 3 mAh/cm2 plated at 1 mA/cm2. Its half-cell figures carry no
 * numbers in the text, so their rows are the orders that it states.
 */
import { paperValues, type PaperValue } from '../../paper/000';
import { runStep } from '../../cell/step';
import { toCutoff, type Cycling, type HalfCycling, type Lab } from '../lab';
import { best, lifespan_cycles, mean, meanCe_pct, retention_pct } from '../readings';
import type { Row } from '../row';

const CYCLES = 100;
const STRIPS_MA_CM2 = [1, 3, 5];
const TOLERANCE = { lifespan_cycles: 3, retention_pct: 2, averageCe_pct: 0.15 };
const UNIT = { lifespan_cycles: 'cycles', retention_pct: '%', averageCe_pct: '%' };
const TITLE = { lifespan_cycles: 'lifespan', retention_pct: 'retention', averageCe_pct: 'mean CE' };

const full = (lab: Lab, cell: string, discharge_C: number, temperature_C = 25): Cycling =>
  lab.cycling({ cell, charge_C: 0.2, discharge_C, cycles: CYCLES, temperature_C });

export const halfCell = (lab: Lab, strip_mA_cm2: number, cycles: number, cell = 'afl-l1-half'): HalfCycling =>
  lab.half({ cell, plate_mA_cm2: 1, strip_mA_cm2, capacity_mAh_cm2: 3, cycles });

/** The efficiency that the paper's own retention and lifespan leave room for, where lithium is all there is. */
const CE_AGAINST_INVENTORY =
  'no lithium beside the cathode: the product of the efficiencies is the retention, which with the stated lifespan asks for';

const CONTRADICTIONS: Record<string, string> = {
  '0.5 averageCe_pct': `${CE_AGAINST_INVENTORY} 99.36 %`,
  '2 averageCe_pct': `${CE_AGAINST_INVENTORY} 99.51 %`,
};

function cyclingRow({ cell, rate_C, quantity, atCycle, value, figure }: PaperValue): Row {
  const contradictory = cell === 'afl-l1' ? CONTRADICTIONS[`${rate_C} ${quantity}`] : undefined;
  const cycles = atCycle === null ? 'to 80 %' : `${atCycle} cycles`;
  return {
    paper: '000',
    quantity: `${cell} ${rate_C}C: ${TITLE[quantity]}, ${cycles}`,
    unit: UNIT[quantity],
    target: value,
    tolerance: TOLERANCE[quantity],
    basis: contradictory === undefined ? 'fitted' : 'predicted',
    ...(contradictory !== undefined && { contradictory }),
    source: figure,
    model: (lab) => {
      const test = full(lab, cell, rate_C);
      if (quantity === 'lifespan_cycles') return lifespan_cycles(test);
      if (quantity === 'retention_pct') return retention_pct(test, atCycle!);
      return meanCe_pct(test, atCycle!);
    },
  };
}

const cyclingRows: readonly Row[] = paperValues.map(cyclingRow);

const predicted = (quantity: string, unit: string, target: number, source: string, model: Row['model']): Row => ({
  paper: '000',
  quantity,
  unit,
  target,
  tolerance: 0,
  basis: 'predicted',
  source,
  model,
});

const mA = 'mA/cm2';
const optimumRows: readonly Row[] = [
  {
    ...predicted('afl-l1: longest-lived of 0.5, 1, 2C', 'C', 1, 'Figure 5a', (lab) =>
      best([0.5, 1, 2], (rate_C) => lifespan_cycles(full(lab, 'afl-l1', rate_C))),
    ),
    basis: 'fitted',
  },
  predicted('afl-l2: longest-lived of 1, 2, 3C', 'C', 2, 'Figures 6, S26', (lab) =>
    best([1, 2, 3], (rate_C) => lifespan_cycles(full(lab, 'afl-l2', rate_C))),
  ),
  {
    ...predicted('afl-l1: rate of 0.5, 1, 2C with the highest mean CE', 'C', 1, 'Figure 5b', (lab) =>
      best([0.5, 1, 2], (rate_C) => meanCe_pct(full(lab, 'afl-l1', rate_C), CYCLES)),
    ),
    basis: 'fitted',
  },
  predicted('afl-l1: rate of 0.5, 1, 2C with most capacity in cycle 30', 'C', 1, 'Figure 5d', (lab) =>
    best([0.5, 1, 2], (rate_C) => full(lab, 'afl-l1', rate_C).discharge_mAh_cm2[29]!),
  ),
  predicted('afl-l1: rate of 0.5, 1, 2C with most capacity in cycle 50', 'C', 1, 'Figure 5e', (lab) =>
    best([0.5, 1, 2], (rate_C) => full(lab, 'afl-l1', rate_C).discharge_mAh_cm2[49]!),
  ),
  ...[2, 3].map((rate_C) =>
    predicted(`cycle 50 at ${rate_C}C: capacity is larger in L1 (1) or L2 (2)`, '-', 2, 'Figure 6d', (lab) =>
      best([1, 2], (n) => full(lab, `afl-l${n}`, rate_C).discharge_mAh_cm2[49]!),
    ),
  ),
];

/** Everything that a rest and a strip at 0.01 mA/cm2 still get out of a stripped half cell [mAh/cm2]. */
export function recovered_mAh_cm2(lab: Lab, strip_mA_cm2: number): number {
  return lab.once(['recovered', strip_mA_cm2], () => {
    const cell = halfCell(lab, strip_mA_cm2, 1).cell.clone();
    runStep(cell, 0, { longest_s: 1800 });
    return toCutoff(cell, 0.01, cell.profile.dischargeCutoff_V).charge_mAh_cm2;
  });
}

/** Efficiency of the second cycle, stripped at 5 mA/cm2 after a first one stripped at another current. */
export const secondCe_pct = (lab: Lab, firstStrip_mA_cm2: number): number =>
  lab.half({
    cell: 'afl-l1-half',
    plate_mA_cm2: 1,
    strip_mA_cm2: 5,
    firstStrip_mA_cm2,
    capacity_mAh_cm2: 3,
    cycles: 2,
  }).ce_pct[1]!;

export const lithiumMetal_mAh_cm2 = (test: HalfCycling): number =>
  test.cell.active + test.cell.isolated + test.cell.dead;
/** The fit holds these orders by penalties, so they are not predictions. */
const order = (quantity: string, target: number, source: string, measure: (lab: Lab, i: number) => number): Row => ({
  ...predicted(`Li|Cu, L1: stripping current of 1, 3, 5 ${mA} with ${quantity}`, mA, target, source, (lab) =>
    best(STRIPS_MA_CM2, (i) => measure(lab, i)),
  ),
  basis: 'fitted',
});

const halfCellRows: readonly Row[] = [
  order('the highest CE in cycle 1', 1, 'Figure 2a', (lab, i) => halfCell(lab, i, 1).ce_pct[0]!),
  order('the lowest CE in cycle 1', 5, 'Figure 2a', (lab, i) => -halfCell(lab, i, 1).ce_pct[0]!),
  order('the highest mean CE of 10 cycles', 3, 'Figure 2a', (lab, i) => mean(halfCell(lab, i, 10).ce_pct)),
  order('the lowest mean CE of 10 cycles', 1, 'Figure 2a', (lab, i) => -mean(halfCell(lab, i, 10).ce_pct)),
  order(
    'least metallic lithium left after 10 cycles',
    3,
    'Figure 2c',
    (lab, i) => -lithiumMetal_mAh_cm2(halfCell(lab, i, 10)),
  ),
  order('most capacity recovered by rest and slow strip', 5, 'Figure 4b', recovered_mAh_cm2),
  order('least capacity recovered by rest and slow strip', 1, 'Figure 4b', (lab, i) => -recovered_mAh_cm2(lab, i)),
  order('the highest CE of a following strip at 5 mA/cm2', 5, 'Figure 3d', secondCe_pct),
  order('the lowest CE of a following strip at 5 mA/cm2', 1, 'Figure 3d', (lab, i) => -secondCe_pct(lab, i)),
  {
    ...predicted('Li|Cu, L1: SEI lithium after cycle 1, largest over smallest', '1', 1, 'Figure 2b', (lab) => {
      const sei = STRIPS_MA_CM2.map((i) => halfCell(lab, i, 1).cell.sei);
      return Math.max(...sei) / Math.min(...sei);
    }),
    tolerance: 0.1,
    note: 'the paper: "maintained consistency"',
  },
  {
    ...predicted('Li|Cu, L1: CE with what is recovered, largest less smallest', '%', 0, 'Figure 4b', (lab) => {
      const ce = STRIPS_MA_CM2.map((i) => halfCell(lab, i, 1).ce_pct[0]! + (100 * recovered_mAh_cm2(lab, i)) / 3);
      return Math.max(...ce) - Math.min(...ce);
    }),
    tolerance: 0.3,
    note: 'the paper: "roughly the same"; two efficiencies of 0.15 points each',
  },
];

/** Mean overpotentials of stripping 3 mAh/cm2, as the three-electrode cell has them [V]. */
export function overpotentials(lab: Lab, cell: string, i_mA_cm2: number): { conc_V: number; fast_V: number } {
  return lab.once(['overpotentials', cell, i_mA_cm2], () => {
    const plant = lab.build(cell);
    runStep(plant, -1, { capacity_mAh_cm2: 3, longest_s: 1e6 });
    runStep(plant, 0, { longest_s: 600 });
    const sums = { conc_V: 0, fast_V: 0 };
    // Ten interrupts, equally distributed, short of the knee.
    for (let n = 0; n < 10; n++) {
      runStep(plant, i_mA_cm2, { capacity_mAh_cm2: 0.25, longest_s: 1e6 });
      sums.conc_V += plant.etaConc_V / 10;
      sums.fast_V += plant.etaFast_V / 10;
    }
    return sums;
  });
}

const overpotentialRows: readonly Row[] = [
  ...STRIPS_MA_CM2.map((i): Row => ({
    ...predicted(`eta_conc of L2 over that of L1 at ${i} ${mA}`, '1', 0.7, 'Figures 6b, S23', (lab) => {
      const [l1, l2] = ['afl-l1-half', 'afl-l2-half'].map((cell) => overpotentials(lab, cell, i).conc_V);
      return l2! / l1!;
    }),
    tolerance: 0.07,
    basis: 'fitted',
  })),
  ...STRIPS_MA_CM2.map((i): Row => ({
    ...predicted(`Li|Cu, L1: eta_conc over ohmic + reaction at ${i} ${mA}`, '1', 1, 'Figure 4e', (lab) => {
      const { conc_V, fast_V } = overpotentials(lab, 'afl-l1-half', i);
      return conc_V / fast_V;
    }),
    bound: 'atLeast',
  })),
];

export const rows000: readonly Row[] = [...cyclingRows, ...optimumRows, ...halfCellRows, ...overpotentialRows];
