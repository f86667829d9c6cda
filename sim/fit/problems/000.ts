/** The volcano: cycling of L1 and L2 (Zhang et al. 2025), with the orders that its half cells must show. */
import { halfCell, recovered_mAh_cm2, rows000, secondCe_pct, lithiumMetal_mAh_cm2 } from '../../reproduce/papers/000';
import { mean } from '../../reproduce/readings';
import type { Lab } from '../../reproduce/lab';
import type { Row } from '../../reproduce/row';
import type { FreeParameter } from '../fit';
import type { FitStages } from '../stages';

const BOTH = ['afl-l1', 'afl-l2', 'afl-l1-half', 'afl-l2-half'];
const L2 = ['afl-l2', 'afl-l2-half'];

const shared = (symbol: FreeParameter['symbol'], near: number, min: number, max: number): FreeParameter => ({
  symbol,
  cells: BOTH,
  near,
  min,
  max,
});

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
  shared('qb', 0.6, 0.1, 3),
  shared('P0', 0.18, 0.1, 0.5),
];

/**
 * L2 has a limiting current of its own, from its eta_conc. What its other solvents and salt do to residue and isolated lithium
 * differs too: without these three it cannot lose 28 % by cycle 60 at 3C and then only 5 % more by cycle 100.
 */
const freeOfL2 = (l1: readonly number[]): FreeParameter[] => {
  const value = (symbol: string): number => l1[freeOfL1.findIndex((free) => free.symbol === symbol)]!;
  return [
    { symbol: 'ilim', cells: L2, near: value('ilim') / 0.7, min: 5, max: 60 },
    { symbol: 'b1', cells: L2, near: value('b1'), min: 0.002, max: 0.5 },
    { symbol: 'r', cells: L2, near: value('r'), min: 0.005, max: 1 },
    { symbol: 'd0', cells: L2, near: value('d0'), min: 2e-4, max: 0.2 },
  ];
};

/** How far a difference falls short of `least`, in units of `scale`; 0 when it is large enough. */
const short = (difference: number, least: number, scale: number): number => Math.max(0, (least - difference) / scale);

/** The half cells' orders as differences: each is 0 when the order holds with a margin that one could measure. */
export function orders(lab: Lab): number[] {
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

// The rows of chosen rates and currents are steps, not slopes: `orders` stands for them.
const slopes = rows000.filter((row) => row.basis === 'fitted' && row.tolerance > 0);
const ofL2 = (row: Row): boolean => /afl-l2|L2/.test(row.quantity);

/** First L1; then, with L1 as found, what is L2's own. */
export const volcano: FitStages = [
  () => ({ free: freeOfL1, rows: slopes.filter((row) => !ofL2(row)), also: orders }),
  (l1) => ({ free: freeOfL2(l1!), rows: slopes.filter(ofL2), priorSd: 1 }),
];
