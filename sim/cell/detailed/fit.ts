/**
 * Fits the detailed plant to the cycling table of paper 000 (`sim/paper/000.ts`) and the overpotentials that it describes: least
 * squares over the logarithms of the free parameters, held near the values in the JSON files by a weak prior (there are more
 * parameters than numbers). Levenberg-Marquardt, from the best of a seeded random search: the same files and seed give the same
 * values.
 */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { paperValues } from '../../paper/000';
import { loadProfile } from '../../profiles/profile';
import { Random } from '../../random';
import { Lab } from '../../reproduce/lab';
import { overpotentials } from '../../reproduce/papers/000';
import { lifespan_cycles, retention_pct } from '../../reproduce/readings';
import { DetailedCell } from './cell';
import { DETAILED_ROWS, detailedParameters, type DetailedParameters } from './parameters';

type Symbol = keyof DetailedParameters;
export type DetailedSets = Record<'afl-l1' | 'afl-l2', DetailedParameters>;

/** Shared by both electrolytes, with the range in which a value is plausible where that is narrower than its row's. */
const SHARED: readonly (readonly [Symbol, number?, number?])[] = [
  ['D0'],
  ['nu', 0.5, 3.6],
  ['epsLayer', 0.03, 0.5],
  ['loc', 10, 250],
  ['ah'],
  ['i0'],
  ['spread', 0.1, 2],
  ['rContact', 0.5, 8],
  ['s0', 3e-4, 4e-3],
  ['y0'],
  ['y1'],
  ['xi'],
  ['ao'],
  ['r'],
  ['d0'],
  ['d1'],
  ['b'],
  ['qb', 0.1, 5],
];
const PRIOR_SD = 0.7;
const LOG_STEP = 0.01;
/** The random search changes this share of the parameters at a time, by this much on the logarithm. */
const SEARCH_SHARE = 0.4;
const SEARCH_SD = 0.15;
/** Difference that counts as one: cycles, points. */
const LIFE_SCALE = 2;
const RETENTION_SCALE = 1.5;
/** What a number counts that the model cannot yield. */
const NO_SUCH_NUMBER = 8;

/** What the fit is held to: every lifespan and retention of the paper. Its efficiencies contradict its retentions. */
export const FITTED = paperValues.filter(({ quantity }) => quantity !== 'averageCe_pct');

export interface DetailedFit {
  sets: DetailedSets;
  /** In the order of `FITTED`. */
  model: number[];
  /** Sum of squares of all residuals, without the prior. */
  misfit: number;
}

export interface DetailedFitOptions {
  iterations?: number;
  /** Of the random search before; 0: none. */
  draws?: number;
  seed?: number;
  onImprovement?: (sum: number) => void;
}

/** A laboratory of detailed cells. @param sets their parameters; by default those of the JSON files */
export function detailedLab(sets?: DetailedSets): Lab {
  return new Lab((cell, temperature_C) => {
    const set = sets?.[cell.replace(/-half$/, '') as keyof DetailedSets];
    return new DetailedCell(loadProfile(cell), temperature_C, set);
  });
}

export function cyclingTest(lab: Lab, cell: string, rate_C: number) {
  return lab.cycling({ cell, charge_C: 0.2, discharge_C: rate_C, cycles: 100 });
}

/** What the model gives for one number of the table. */
export function modelValue(lab: Lab, { cell, rate_C, quantity, atCycle }: (typeof FITTED)[number]): number {
  const test = cyclingTest(lab, cell, rate_C);
  return quantity === 'lifespan_cycles'
    ? lifespan_cycles(test)
    : retention_pct(test, atCycle ?? test.discharge_mAh_cm2.length);
}

export function fitDetailed(options: DetailedFitOptions = {}): DetailedFit {
  const { iterations = 12, draws = 0, seed = 1, onImprovement } = options;
  const limits = [...SHARED, ['D0'] as const].map(([symbol, low, high]) => {
    const { min, max } = DETAILED_ROWS.find((row) => row.symbol === symbol)!;
    return { low: Math.log(low ?? Math.max(min, 1e-6)), high: Math.log(high ?? max) };
  });
  const prior = currentLogs();
  const all = (logs: readonly number[]): number[] => [
    ...residuals(detailedLab(withLogs(logs))),
    ...logs.map((log, k) => (log - prior[k]!) / PRIOR_SD),
  ];
  let best: number[] = prior;
  let least = Infinity;
  const tried = (logs: number[]): number[] => {
    const values = all(logs);
    const sum = squares(values);
    if (sum < least) {
      least = sum;
      best = logs;
      onImprovement?.(sum);
    }
    return values;
  };
  const { length } = tried(prior);
  const random = new Random(seed, 'detailed fit');
  for (let n = 0; n < draws; n++)
    tried(
      best.map((log, k) => {
        const drawn = log + (random.uniform() < SEARCH_SHARE ? SEARCH_SD * random.normal() : 0);
        return Math.min(limits[k]!.high, Math.max(limits[k]!.low, drawn));
      }),
    );
  levenbergMarquardt(
    { x: Array.from({ length }, (_, k) => k), y: new Array<number>(length).fill(0) },
    (logs: number[]) => {
      const values = tried(Array.from(logs));
      return (k: number) => values[k]!;
    },
    {
      initialValues: best,
      minValues: limits.map(({ low }) => low),
      maxValues: limits.map(({ high }) => high),
      gradientDifference: LOG_STEP,
      damping: 1,
      maxIterations: iterations,
      errorTolerance: 1e-3,
    },
  );
  const sets = withLogs(best.map((log) => Math.log(Number(Math.exp(log).toPrecision(4)))));
  const lab = detailedLab(sets);
  return { sets, model: FITTED.map((row) => modelValue(lab, row)), misfit: squares(residuals(lab)) };
}

function residuals(lab: Lab): number[] {
  const missed = FITTED.map((row) => {
    const scale = row.quantity === 'lifespan_cycles' ? LIFE_SCALE : RETENTION_SCALE;
    const off = (modelValue(lab, row) - row.value) / scale;
    return Number.isFinite(off) ? off : NO_SUCH_NUMBER;
  });
  return [...missed, ...orders(lab), ...overpotentialResiduals(lab)];
}

/** Nothing when L2 is best at 2C and L1 still gives most of its capacity at 3C, as the paper's curves do. */
function orders(lab: Lab): number[] {
  const [slow, best, fast] = [1, 2, 3].map((rate_C) => {
    const test = cyclingTest(lab, 'afl-l2', rate_C);
    return { life: orLess(lifespan_cycles(test)), retained: orLess(retention_pct(test, 100)) };
  }) as [Order, Order, Order];
  const l1 = cyclingTest(lab, 'afl-l1', 3);
  return [
    short(best.life - slow.life, 4, 2),
    short(best.life - fast.life, 4, 2),
    short(best.retained - slow.retained, 1, 1.5),
    short(best.retained - fast.retained, 1, 1.5),
    short(l1.discharge_mAh_cm2[0]! / l1.reference_mAh_cm2, 0.6, 0.1),
  ];
}
interface Order {
  life: number;
  retained: number;
}
const orLess = (value: number): number => (Number.isFinite(value) ? value : 0);

/** eta_conc dominates, and that of L2 is 70 % of that of L1 (Figures 4e and 6b). */
function overpotentialResiduals(lab: Lab): number[] {
  return [1, 3, 5].flatMap((i) => {
    const l1 = overpotentials(lab, 'afl-l1-half', i);
    const l2 = overpotentials(lab, 'afl-l2-half', i);
    return [short(Math.log(l1.conc_V / l1.fast_V), 0.3, 0.1), (l2.conc_V / l1.conc_V - 0.7) / 0.02];
  });
}

/** How far a difference falls short of `least`, in units of `scale`. */
const short = (difference: number, least: number, scale: number): number => Math.max(0, (least - difference) / scale);

const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);

/** The free values: those of L1, then the diffusivity of L2. */
function currentLogs(): number[] {
  const [l1, l2] = (['afl-l1', 'afl-l2'] as const).map((cell) => detailedParameters(loadProfile(cell)));
  return [...SHARED.map(([symbol]) => Math.log(l1![symbol])), Math.log(l2!.D0)];
}

function withLogs(logs: readonly number[]): DetailedSets {
  const l1 = { ...detailedParameters(loadProfile('afl-l1')) };
  SHARED.forEach(([symbol], k) => (l1[symbol] = Math.exp(logs[k]!)));
  const D0 = Math.exp(logs.at(-1)!);
  // Conductivity goes with diffusivity (Nernst and Einstein).
  return { 'afl-l1': l1, 'afl-l2': { ...l1, D0, kappa0: Number(((l1.kappa0 * D0) / l1.D0).toPrecision(4)) } };
}
