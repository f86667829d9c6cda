/**
 * Wei et al., Adv. Energy Mater. 2024, doi:10.1002/aenm.202400108: a membrane of hollow multishelled copper spheres (HoMS) over
 * lithium, against bare copper. Full cells are activated by two cycles at 0.1C, then charged and discharged at the same rate.
 * mAh/g are areal capacities over an assumed mass: the paper gives none.
 */
import { rest, toCutoff, type Cycling, type HalfCycling, type Lab } from '../lab';
import { mean, meanCe_pct, retention_pct } from '../readings';
import type { Row } from '../row';
import { overpotentialAt_V, symmetric, type Symmetric } from '../symmetric';

/** Assumed mass of cathode; its capacity is fitted to the 190.1 mAh/g of Figure 5g at 0.1C. */
const NCM811_G_CM2 = 0.0083;
/** The same for the cells that are cycled (Figures 5a and 5c), fitted to the 179.3 mAh/g of Figure 5a: other cells than those of 5g. */
const CYCLED_G_CM2 = 0.00797;
const RATES_C = [0.1, 0.2, 0.5, 1, 2];
/** Cycles at each rate of a rate test, and the one that is read. */
const RATE_CYCLES = 5;
const RATE_READ = 3;
/** Charges of a rate test are no faster than this: at the discharge's own rate, kinetics alone take more than the paper's steps. */
const RATE_CHARGE_C = 0.5;
/** Age of the bare copper cell of Figure 5g when its test began: fitted to its 0.1C. */
const BARE_AGE_CYCLES = 68;

const full = (lab: Lab, cell: string, rate_C: number, cycles: number): Cycling =>
  lab.cycling({ cell, charge_C: rate_C, discharge_C: rate_C, cycles });

const half = (lab: Lab, cell: string, i_mA_cm2: number, cycles: number): HalfCycling =>
  lab.half({ cell, plate_mA_cm2: i_mA_cm2, strip_mA_cm2: i_mA_cm2, capacity_mAh_cm2: i_mA_cm2, cycles });

const symmetricCell = (lab: Lab, cell: string): Symmetric =>
  symmetric(lab, { cell, i_mA_cm2: 1, capacity_mAh_cm2: 1, lithium_mAh_cm2: 3, hours: 1200 });

const perGram = (capacity_mAh_cm2: number | undefined, mass_g_cm2 = NCM811_G_CM2): number =>
  (capacity_mAh_cm2 ?? NaN) / mass_g_cm2;

/** Discharge at each of `RATES_C` in one test of rising rate [mAh/g], charged at the same rate up to 0.5C. */
function rateTest_mAh_g(lab: Lab, cell: string, age_cycles: number): number[] {
  return lab.once(['rate test', cell, age_cycles], () => {
    const plant = age_cycles > 0 ? full(lab, cell, 0.5, age_cycles).cell.clone() : lab.build(cell);
    const { chargeCutoff_V, dischargeCutoff_V } = plant.profile;
    return RATES_C.map((rate_C) => {
      const i_mA_cm2 = rate_C * plant.nominal_mAh_cm2;
      const discharges = Array.from({ length: RATE_CYCLES }, () => {
        toCutoff(plant, -Math.min(rate_C, RATE_CHARGE_C) * plant.nominal_mAh_cm2, chargeCutoff_V);
        rest(plant, 300);
        const { charge_mAh_cm2 } = toCutoff(plant, i_mA_cm2, dischargeCutoff_V);
        rest(plant, 300);
        return charge_mAh_cm2;
      });
      return perGram(discharges[RATE_READ - 1]);
    });
  });
}

/** Cycles, interpolated, until the efficiency is below `least_pct` from one cycle to the next; NaN when it never is. */
function cyclesAbove({ ce_pct }: HalfCycling, least_pct: number): number {
  const n = ce_pct.findIndex((ce, k) => k > 1 && ce < least_pct);
  if (n < 0) return NaN;
  const before = ce_pct[n - 1]!;
  return n + (before - least_pct) / (before - ce_pct[n]!);
}

/** Mean of the cycles before it drops, the first five left out. */
const plateau_pct = (test: HalfCycling): number => mean(test.ce_pct.slice(5, 50));

const row = (rest: Omit<Row, 'paper'>): Row => ({ paper: '001', ...rest });

const HALF = 'homs-half';
const BARE_HALF = 'bare-copper-half';
const halfRows: readonly Row[] = [
  row({
    quantity: 'Li|Cu, HoMS, 1 mA/cm2, 1 mAh/cm2: mean CE of cycles 2 to 600',
    unit: '%',
    target: 99.6,
    tolerance: 0.15,
    basis: 'fitted',
    source: 'Abstract, Figure 4c',
    model: (lab) => mean(half(lab, HALF, 1, 600).ce_pct.slice(1)),
  }),
  row({
    quantity: 'Li|Cu, HoMS, 1 mA/cm2, 1 mAh/cm2: CE of cycle 600',
    unit: '%',
    target: 99.6,
    tolerance: 0.15,
    basis: 'predicted',
    source: 'Figure 4c',
    note: '"even after a long cycle up to 600 cycles"; the mean is fitted, that it stays is not',
    model: (lab) => half(lab, HALF, 1, 600).ce_pct[599] ?? NaN,
  }),
  row({
    quantity: 'Li|Cu, HoMS, 3 mA/cm2, 3 mAh/cm2: CE of cycle 100',
    unit: '%',
    target: 98,
    tolerance: 0.15,
    basis: 'fitted',
    source: 'Figure 4f',
    model: (lab) => half(lab, HALF, 3, 100).ce_pct[99] ?? NaN,
  }),
  row({
    quantity: 'Li|Cu, bare copper, 1 mA/cm2, 1 mAh/cm2: cycles until CE is 1 point below its plateau',
    unit: 'cycles',
    target: 100,
    tolerance: 3,
    basis: 'fitted',
    source: 'Figure 4c',
    note: '"drops gradually after 100 cycles"; plateau: mean of cycles 6 to 50',
    model: (lab) => {
      const test = half(lab, BARE_HALF, 1, 200);
      return cyclesAbove(test, plateau_pct(test) - 1);
    },
  }),
  row({
    quantity: 'Li|Cu, bare copper, 3 mA/cm2, 3 mAh/cm2: cycles until CE is below 90 %',
    unit: 'cycles',
    target: 20,
    tolerance: 0,
    bound: 'atMost',
    basis: 'predicted',
    source: 'Figure 4f',
    note: '"drops sharply after less than 20 cycles"',
    model: (lab) => cyclesAbove(half(lab, BARE_HALF, 3, 60), 90),
  }),
  row({
    quantity: 'Li|Cu, 1 mA/cm2, 1 mAh/cm2: CE of HoMS above that of bare copper, cycles 6 to 50',
    unit: 'points',
    target: 0,
    tolerance: 0,
    bound: 'atLeast',
    basis: 'predicted',
    source: 'Figure 4c',
    note: '"much better stability and higher CE"',
    model: (lab) => plateau_pct(half(lab, HALF, 1, 600)) - plateau_pct(half(lab, BARE_HALF, 1, 200)),
  }),
];

const symmetricRows: readonly Row[] = [
  row({
    quantity: 'symmetric cell, HoMS, 1 mA/cm2, 1 mAh/cm2: overpotential',
    unit: 'mV',
    target: 20,
    tolerance: 2,
    basis: 'fitted',
    source: 'Figure 4a, 4b',
    note: 'of both electrodes together, in the tenth hour',
    model: (lab) => 1000 * overpotentialAt_V(symmetricCell(lab, HALF), 10),
  }),
  row({
    quantity: 'symmetric cell, HoMS: hours without a short or an exhausted electrode',
    unit: 'h',
    target: 1200,
    tolerance: 0,
    bound: 'atLeast',
    basis: 'fitted',
    source: 'Figure 4a',
    note: 'the efficiency of the half cells was fitted at its upper end, so that 3 mAh/cm2 last',
    model: (lab) => symmetricCell(lab, HALF).failure?.hours ?? 1200,
  }),
  row({
    quantity: 'symmetric cell, HoMS: overpotential after 1200 h over that after 10 h',
    unit: '1',
    target: 1,
    tolerance: 0.1,
    basis: 'predicted',
    source: 'Figure 4a',
    note: '"barely changed"',
    model: (lab) => {
      const test = symmetricCell(lab, HALF);
      return overpotentialAt_V(test, 1200) / overpotentialAt_V(test, 10);
    },
  }),
  row({
    quantity: 'symmetric cell, bare copper: overpotential after 100 h over that after 10 h',
    unit: '1',
    target: 1.5,
    tolerance: 0,
    bound: 'atMost',
    basis: 'predicted',
    source: 'Figure 4a',
    note: '"starts to increase after cycling for only 100 h"',
    model: (lab) => {
      const test = symmetricCell(lab, BARE_HALF);
      return overpotentialAt_V(test, 100) / overpotentialAt_V(test, 10);
    },
  }),
  row({
    quantity: 'symmetric cell, bare copper: hours until it breaks down',
    unit: 'h',
    target: 150,
    tolerance: 15,
    basis: 'fitted',
    source: 'Figure 4a',
    note: '"a phenomenal increase at 150 h"; in the model: one electrode has no lithium left',
    model: (lab) => symmetricCell(lab, BARE_HALF).failure?.hours ?? NaN,
  }),
];

const capacity = (
  cell: string,
  rate_C: number,
  cycle: number,
  cycles: number,
  target: number,
  tolerance: number,
  basis: Row['basis'],
  more: Partial<Row> = {},
): Row =>
  row({
    quantity: `${cell} ${rate_C}C: discharge of cycle ${cycle}`,
    unit: 'mAh/g',
    target,
    tolerance,
    basis,
    source: rate_C === 0.5 ? 'Figure 5a' : 'Figure 5c',
    model: (lab) => perGram(full(lab, cell, rate_C, cycles).discharge_mAh_cm2[cycle - 1], CYCLED_G_CM2),
    ...more,
  });

const retention = (cell: string, rate_C: number, cycle: number, target: number, more: Partial<Row> = {}): Row =>
  row({
    quantity: `${cell} ${rate_C}C: retention, ${cycle} cycles`,
    unit: '%',
    target,
    tolerance: 2,
    basis: 'fitted',
    source: 'Figure 5a',
    model: (lab) => retention_pct(full(lab, cell, rate_C, cycle), cycle),
    ...more,
  });

const decay = (cell: string, target: number, note: string): Row =>
  row({
    quantity: `${cell} 1C: decay per cycle over 700 cycles`,
    unit: '%',
    target,
    tolerance: 0.0028,
    basis: 'fitted',
    source: 'Figure 5e',
    note: `${note}; tolerance: 2 points of retention over 700 cycles`,
    model: (lab) => (100 - retention_pct(full(lab, cell, 1, 700), 700)) / 700,
  });

const NCM = 'homs-ncm811';
const BARE = 'bare-copper-ncm811';
const SCATTER =
  'tolerance: 4 %; cells of one kind in the paper differ by 6.5 mAh/g at 0.5C (Figures 5a, 5g) and by 12.9 at 0.2C (5g, 5h)';

const fullRows: readonly Row[] = [
  capacity(NCM, 0.5, 1, 100, 179.3, 7, 'fitted', { note: SCATTER }),
  capacity(NCM, 1, 1, 150, 164.1, 7, 'fitted', { source: 'Abstract', note: SCATTER }),
  retention(NCM, 0.5, 100, 87.2),
  capacity(NCM, 0.5, 100, 100, 156.3, 7, 'fitted', { note: SCATTER }),
  retention(NCM, 1, 150, 80.1, {
    basis: 'predicted',
    source: 'Abstract, Figure 5c',
    note: '131.5 mAh/g of 164.1',
  }),
  capacity(NCM, 1, 150, 150, 131.5, 7, 'fitted', { note: SCATTER }),
  row({
    quantity: `${NCM} 0.5C: mean CE, 100 cycles`,
    unit: '%',
    target: 99.5,
    tolerance: 0.15,
    basis: 'predicted',
    contradictory:
      'efficiencies of 99.5 % multiply to 60.6 % in 100 cycles where lithium is all there is, and 87.2 % is retained; with lithium to spare nothing of it would be missed',
    source: 'Figure 5a',
    model: (lab) => meanCe_pct(full(lab, NCM, 0.5, 100), 100),
  }),
  capacity(BARE, 0.5, 1, 100, 179.1, 7, 'predicted', { note: SCATTER }),
  retention(BARE, 0.5, 100, 78.3, { note: '140.2 mAh/g of 179.1' }),
  capacity(BARE, 0.5, 100, 100, 140.2, 7, 'fitted', { note: SCATTER }),
  capacity(BARE, 1, 150, 150, 52.9, 5.2, 'fitted'),
  decay('homs-lfp', 0.045, 'of the first capacity'),
  decay('bare-copper-lfp', 0.098, 'the text does not say over how many cycles: taken as the same 700'),
];

const RATE_LISTS = {
  [NCM]: [190.1, 180.7, 172.8, 166.6, 157.4],
  [BARE]: [166.1, 148.4, 136.2, 132.3, 126.8],
};
const rateNote = `charged at the rate of the discharge, at most ${RATE_CHARGE_C}C, ${RATE_CYCLES} cycles each, cycle ${RATE_READ} read: assumed`;

const rateRows: readonly Row[] = [
  ...RATES_C.map((rate_C, k) =>
    row({
      quantity: `${NCM} rate test: ${rate_C}C`,
      unit: 'mAh/g',
      target: RATE_LISTS[NCM][k]!,
      tolerance: 3,
      basis: 'fitted',
      source: 'Figure 5g',
      note: rateNote,
      model: (lab) => rateTest_mAh_g(lab, NCM, 0)[k]!,
    }),
  ),
  ...RATES_C.map((rate_C, k) =>
    row({
      quantity: `${BARE} rate test: ${rate_C}C`,
      unit: 'mAh/g',
      target: RATE_LISTS[BARE][k]!,
      tolerance: 3,
      basis: rate_C === 0.1 ? 'fitted' : 'predicted',
      contradictory:
        'the same kind of cell has 179.1 mAh/g at 0.5C in Figure 5a, and 136.2 here: this one had lost lithium before',
      source: 'Figure 5g',
      note: `${rateNote}; after ${BARE_AGE_CYCLES} cycles at 0.5C, so that 0.1C fits`,
      model: (lab) => rateTest_mAh_g(lab, BARE, BARE_AGE_CYCLES)[k]!,
    }),
  ),
];

const pouch = (lab: Lab): Cycling => full(lab, NCM, 0.2, 35);
const pouchRows: readonly Row[] = [
  row({
    quantity: 'pouch, HoMS, NCM811, 0.2C: first discharge',
    unit: 'mAh/g',
    target: 193.6,
    tolerance: 19.3,
    basis: 'predicted',
    source: 'Figure 5h',
    note: 'model: the coin cells’ profile; the paper’s coin cell has 180.7 mAh/g at 0.2C (Figure 5g)',
    model: (lab) => perGram(pouch(lab).discharge_mAh_cm2[0]),
  }),
  row({
    quantity: 'pouch, HoMS, NCM811, 0.2C: retention, 35 cycles',
    unit: '%',
    target: 80,
    tolerance: 0,
    bound: 'atLeast',
    basis: 'predicted',
    source: 'Figure 5h',
    note: '"could stably cycle for over 35 cycles": taken as above 80 %',
    model: (lab) => retention_pct(pouch(lab), 35),
  }),
];

export const rows001: readonly Row[] = [...halfRows, ...symmetricRows, ...fullRows, ...rateRows, ...pouchRows];
