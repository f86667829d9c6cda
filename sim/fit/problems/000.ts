/** The volcano: cycling of L1 and L2 (Zhang et al. 2025), with the orders that its half cells must show. */
import { halfCell, recovered_mAh_cm2, rows000, secondCe_pct, lithiumMetal_mAh_cm2 } from '../../reproduce/papers/000';
import { mean } from '../../reproduce/readings';
import type { Lab } from '../../reproduce/lab';
import type { Row } from '../../reproduce/row';
import { freeParameter, type FreeParameter } from '../fit';
import type { FitStages } from '../stages';

const BOTH = ['afl-l1', 'afl-l2', 'afl-l1-half', 'afl-l2-half'];
const L2 = ['afl-l2', 'afl-l2-half'];

const shared = (symbol: FreeParameter['symbol'], near: number, min: number, max: number): FreeParameter =>
  freeParameter(symbol, BOTH, min, max, near);

/** The priors are centred where an earlier fit of the same equations to the same paper ended. */
const freeOfL1: readonly FreeParameter[] = [
  shared('ilim', 14.43, 5, 40),
  shared('ah', 0.2796, 0.02, 1),
  shared('mA', 1.53, 0.3, 4),
  shared('s0', 0.001749, 2e-4, 0.01),
  shared('io', 0.003775, 2e-4, 0.05),
  shared('iO', 0.8972, 0.2, 0.98),
  shared('b0', 0.05038, 0.002, 0.5),
  shared('b1', 0.04723, 0.002, 0.5),
  shared('r', 0.06615, 0.005, 1),
  shared('d0', 0.01449, 2e-4, 0.2),
  shared('d1', 0.02714, 0.001, 0.3),
  shared('NO', 0.1629, 0.02, 0.6),
  shared('nO', 2.79, 1, 8),
  shared('qO', 0.9055, 0.1, 5),
  shared('chi', 0.1849, 0.02, 1),
  shared('xi', 0.461, 0.02, 3),
  shared('Rs', 5.222, 1, 20),
  shared('kR', 2.439, 0.3, 20),
];

/**
 * L2 has a limiting current of its own, from its eta_conc. What its other solvents and salt do to residue and isolated lithium
 * differs too: without these three it cannot lose 28 % by cycle 60 at 3C and then only 5 % more by cycle 100.
 */
const freeOfL2: readonly FreeParameter[] = [
  freeParameter('ilim', L2, 5, 60, 14.43 / 0.7),
  freeParameter('b1', L2, 0.002, 0.5),
  freeParameter('r', L2, 0.005, 1),
  freeParameter('d0', L2, 2e-4, 0.2),
];

const free = [...freeOfL1, ...freeOfL2];

/** How far a difference falls short of `least`, in units of `scale`; 0 when it is large enough. */
const short = (difference: number, least: number, scale: number): number => Math.max(0, (least - difference) / scale);

/** The half cells' orders as differences: each is 0 when the order holds with a margin that one could measure. */
function orders(lab: Lab): number[] {
  const first = [1, 3, 5].map((i) => halfCell(lab, i, 1).ce_pct[0]!);
  const mean10 = [1, 3, 5].map((i) => mean(halfCell(lab, i, 10).ce_pct));
  const metal = [1, 3, 5].map((i) => lithiumMetal_mAh_cm2(halfCell(lab, i, 10)));
  const recovered = [1, 3, 5].map((i) => recovered_mAh_cm2(lab, i));
  const second = [1, 3, 5].map((i) => secondCe_pct(lab, i));
  return [
    short(first[0]! - first[1]!, 0.3, 0.15),
    short(first[1]! - first[2]!, 0.3, 0.15),
    short(mean10[1]! - mean10[0]!, 0.05, 0.05),
    short(mean10[1]! - mean10[2]!, 0.05, 0.05),
    short(mean10[2]! - mean10[0]!, 0.02, 0.05),
    short(metal[0]! - metal[1]!, 0.01, 0.01),
    short(metal[2]! - metal[1]!, 0.01, 0.01),
    short(recovered[1]! - recovered[0]!, 0.01, 0.01),
    short(recovered[2]! - recovered[1]!, 0.01, 0.01),
    short(second[1]! - second[0]!, 0.3, 0.15),
    short(second[2]! - second[1]!, 0.3, 0.15),
  ];
}

/** Standard deviation of what L2's own parameters may differ from L1's, on the logarithm. */
const ALIKE_SD = 1;

/** Four numbers of L2 do not determine its own parameters: they are held near L1's. */
function unlikeL1(values: readonly number[]): number[] {
  return freeOfL2.slice(1).map(({ symbol }, k) => {
    const ofL1 = values[freeOfL1.findIndex((shared) => shared.symbol === symbol)]!;
    return Math.log(values[freeOfL1.length + 1 + k]! / ofL1) / ALIKE_SD;
  });
}

/** L2 at 3C is what the structure finds hardest: its two numbers count twice. */
const weighted = (row: Row): Row =>
  row.quantity.startsWith('afl-l2 3C') ? { ...row, tolerance: row.tolerance * Math.SQRT1_2 } : row;

// The rows of chosen rates and currents are steps, not slopes: `orders` stands for them.
const rows = rows000.filter((row) => row.basis === 'fitted' && row.tolerance > 0).map(weighted);

export const volcano: FitStages = [
  () => ({ free, rows, also: (lab, values) => [...orders(lab), ...unlikeL1(values)], priorSd: 2.5 }),
];
