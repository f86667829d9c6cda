/**
 * Fits parameters of cell profiles to rows of the papers: least squares of the rows' differences, each in units of its
 * tolerance, over the logarithms of the parameters, held near their starting values by a weak prior (there are more parameters
 * than numbers). Levenberg-Marquardt; the same start gives the same end.
 */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { Cell } from '../cell/cell';
import { PARAMETER_ROWS, type Parameters } from '../cell/parameters';
import type { Plant } from '../cell/plant';
import { loadProfile, type CellProfile } from '../profiles/profile';
import type { ResidueRule } from '../profiles/terms';
import { ruleIsFitted } from '../profiles/variants';
import { Lab } from '../reproduce/lab';
import type { Row } from '../reproduce/row';

export interface FreeParameter {
  symbol: keyof Parameters;
  /** Profiles that share the value; the first one's is where the fit starts, and whose file holds it. */
  cells: readonly string[];
  min: number;
  max: number;
  /** Centre of the prior; default: where the fit starts. null: no prior. */
  near?: number | null;
}

/** @param near default: no prior */
export const freeParameter = (
  symbol: FreeParameter['symbol'],
  cells: readonly string[],
  min: number,
  max: number,
  near: number | null = null,
): FreeParameter => ({ symbol, cells, near, min, max });

/** A parameter with a value: what an earlier stage of a fit has found. */
export interface FixedParameter {
  symbol: keyof Parameters;
  cells: readonly string[];
  value: number;
}

export interface FitProblem {
  free: readonly FreeParameter[];
  /** Values that differ from the profiles'. Default: none. */
  fixed?: readonly FixedParameter[];
  /** Rows to meet. Only these are `fitted`; every other row that the same cells yield is a prediction. */
  rows: readonly Row[];
  /** Model another than the reduced twin. */
  build?: (profile: CellProfile, temperature_C: number) => Plant;
  /** Further residuals, each about 1 when it hurts: orders that must hold, parameters that should be alike. */
  also?: (lab: Lab, values: readonly number[]) => number[];
  /** Residue rule to fit under; default: the profiles' own. */
  residueRule?: ResidueRule;
  /** Standard deviation of the prior on the logarithm of each parameter. Default 0.7. */
  priorSd?: number;
}

export interface FitResult {
  /** In the order of `free`. */
  values: number[];
  /** Sum of the squares of the rows' residuals, without the prior. */
  misfit: number;
  /** Model of every row, in order. */
  model: number[];
}

/** What a row counts that the model cannot yield. */
const NO_SUCH_NUMBER = 8;
const LOG_STEP = 0.01;

export interface FitOptions {
  /** Where to start; default: the profiles as they are. */
  start?: readonly number[];
  /** Centre of the prior; default: the start. */
  prior?: readonly number[];
  iterations?: number;
  onIteration?: (misfit: number) => void;
}

export function fit(problem: FitProblem, options: FitOptions = {}): FitResult {
  const { free, rows, priorSd = 0.7 } = problem;
  const start = (options.start ?? currentValues(problem)).map(Math.log);
  const prior = options.prior?.map(Math.log) ?? start.map((log, k) => (free[k]!.near ? Math.log(free[k]!.near) : log));
  const residuals = (logs: readonly number[]): number[] => [
    ...rowResiduals(problem, logs.map(Math.exp)),
    ...logs.map((log, k) => (free[k]!.near === null ? 0 : (log - prior[k]!) / priorSd)),
  ];
  const length = residuals(start).length;
  let best = start;
  let least = Infinity;
  levenbergMarquardt(
    { x: Array.from({ length }, (_, k) => k), y: new Array<number>(length).fill(0) },
    (logs: number[]) => {
      const values = residuals(Array.from(logs));
      const sum = values.reduce((total, value) => total + value * value, 0);
      if (sum < least) {
        least = sum;
        best = Array.from(logs);
        options.onIteration?.(sum);
      }
      return (k: number) => values[k]!;
    },
    {
      initialValues: start,
      minValues: free.map(({ min }) => Math.log(min)),
      maxValues: free.map(({ max }) => Math.log(max)),
      gradientDifference: LOG_STEP,
      damping: 1,
      maxIterations: options.iterations ?? 30,
      errorTolerance: 1e-3,
    },
  );
  const values = best.map((log, k) => Number(clamp(Math.exp(log), free[k]!).toPrecision(4)));
  const lab = labWith(problem, values);
  const all = rowResiduals(problem, values);
  return { values, misfit: all.reduce((sum, r) => sum + r * r, 0), model: rows.map((row) => row.model(lab)) };
}

/** The result of a stage as what the next one starts from. */
export const asFixed = (problem: FitProblem, values: readonly number[]): FixedParameter[] => [
  ...(problem.fixed ?? []),
  ...problem.free.map(({ symbol, cells }, k) => ({ symbol, cells, value: values[k]! })),
];

/** What the profiles hold now; under another residue rule, what was fitted under it before. */
export function currentValues({ free, residueRule: rule }: FitProblem): number[] {
  const fitted = rule !== undefined && ruleIsFitted(rule) ? rule : undefined;
  return free.map(({ symbol, cells }) => loadProfile(cells[0]!, fitted).parameters[symbol]);
}

/** A laboratory whose profiles have the parameters' trial values. */
export function labWith(problem: FitProblem, values: readonly number[]): Lab {
  const changed = new Map<string, CellProfile>();
  const { build = (profile, temperature_C) => new Cell(profile, temperature_C) } = problem;
  return new Lab((cell, temperature_C) => {
    let profile = changed.get(cell);
    if (!profile) {
      profile = loadProfile(cell);
      const parameters = { ...profile.parameters };
      for (const { symbol, cells, value } of problem.fixed ?? []) if (cells.includes(cell)) parameters[symbol] = value;
      problem.free.forEach(({ symbol, cells }, k) => {
        if (cells.includes(cell)) parameters[symbol] = values[k]!;
      });
      profile = { ...profile, parameters, residueRule: problem.residueRule ?? profile.residueRule };
      changed.set(cell, profile);
    }
    return build(profile, temperature_C);
  });
}

function rowResiduals(problem: FitProblem, values: readonly number[]): number[] {
  const lab = labWith(problem, values);
  const ofRow = ({ target, tolerance, bound, model }: Row): number => {
    const value = model(lab);
    if (!Number.isFinite(value)) return NO_SUCH_NUMBER;
    const off = (value - target) / (tolerance || 0.1 * Math.abs(target) || 1);
    if (bound === 'atLeast') return Math.min(0, off);
    if (bound === 'atMost') return Math.max(0, off);
    return off;
  };
  return [...problem.rows.map(ofRow), ...(problem.also?.(lab, values) ?? [])];
}

const clamp = (value: number, { min, max }: FreeParameter): number => Math.min(max, Math.max(min, value));

/** The profile key of a parameter's symbol. */
export const keyOf = (symbol: string): string => PARAMETER_ROWS.find((row) => row.symbol === symbol)!.key;
