/**
 * Parameter sets that meet the same numbers about equally well: the answer to how far the numbers determine the parameters. Each
 * member starts at, and is held near, a random point around the profiles' values, and is then fitted as they were.
 */
import { Random } from '../random';
import { currentValues, keyOf, type FitProblem } from './fit';
import { fitStages, type FitStages, type StageOptions, type StageResult } from './stages';

/** Standard deviation of the starting points, on the logarithm. */
const START_SD = 0.3;

/** Member of a seed: every stage starts at, and its prior is centred on, a random point. The same seed gives the same member. */
export function drawMember(stages: FitStages, seed: number, options: StageOptions): StageResult[] {
  const random = new Random(seed, 'ensemble');
  const start = (problem: FitProblem): number[] =>
    currentValues(problem).map((value, k) => {
      const { min, max } = problem.free[k]!;
      return Math.min(max, Math.max(min, value * Math.exp(START_SD * random.normal())));
    });
  const unbiased = stages.map((stage) => (before: readonly number[] | undefined): FitProblem => {
    const problem = stage(before);
    return { ...problem, free: problem.free.map(({ symbol, cells, min, max }) => ({ symbol, cells, min, max })) };
  });
  return fitStages(unbiased, { ...options, start });
}

/** The values of a fit in the form of a parameter set: by profile, then by parameter key. */
export function asSet(stages: readonly StageResult[]): Record<string, Record<string, number>> {
  const set: Record<string, Record<string, number>> = {};
  for (const { problem, result } of stages)
    problem.free.forEach(({ symbol, cells }, k) => {
      (set[cells[0]!] ??= {})[keyOf(symbol)] = result.values[k]!;
    });
  return set;
}
