/** Fits in stages: each is given what the one before has found, and keeps it fixed. */
import type { ResidueRule } from '../profiles/terms';
import { asFixed, fit, type FitOptions, type FitProblem, type FitResult, type FixedParameter } from './fit';

/** One stage; given the values of the stage before, none for the first. */
export type FitStages = readonly ((before: readonly number[] | undefined) => FitProblem)[];

export interface StageResult {
  problem: FitProblem;
  result: FitResult;
}

/** What differs between runs of the same stages. */
export interface StageOptions extends Pick<FitOptions, 'iterations' | 'onIteration'> {
  residueRule?: ResidueRule | undefined;
  /** Where a stage starts; default: as `fit` does. */
  start?: (problem: FitProblem) => number[];
}

export function fitStages(stages: FitStages, { residueRule, start, ...options }: StageOptions): StageResult[] {
  const done: StageResult[] = [];
  let fixed: FixedParameter[] = [];
  for (const stage of stages) {
    const problem: FitProblem = { ...stage(done.at(-1)?.result.values), fixed, ...(residueRule && { residueRule }) };
    const result = fit(problem, { ...options, ...(start && { start: start(problem) }) });
    done.push({ problem, result });
    fixed = asFixed(problem, result.values);
  }
  return done;
}

/** Sum of squares of all stages' rows. */
export const misfitOf = (stages: readonly StageResult[]): number =>
  stages.reduce((sum, { result }) => sum + result.misfit, 0);
