/**
 * How well the numbers determine one parameter: it is held at values around its own, everything else is fitted anew, and the
 * misfit tells. Flat: the others make up for it. Steep: it is determined.
 */
import { currentValues, fit, type FitProblem } from './fit';
import type { FitStages } from './stages';

const FACTORS = [0.5, 0.7, 0.85, 1, 1.18, 1.4, 2];

export interface ProfilePoint {
  value: number;
  /** Sum of squares of the rows' residuals with everything else refitted. */
  misfit: number;
}

/** Of the first stage's parameter `symbol`. Values beyond its limits are left out. */
export function profileLikelihood(stages: FitStages, symbol: string, iterations: number): ProfilePoint[] {
  const problem = stages[0]!(undefined);
  const index = problem.free.findIndex((free) => free.symbol === symbol);
  const { cells, min, max } = problem.free[index]!;
  const own = currentValues(problem)[index]!;
  const values = FACTORS.map((factor) => Number((own * factor).toPrecision(4)));
  return values
    .filter((value) => value >= min && value <= max)
    .map((value) => {
      const rest: FitProblem = {
        ...problem,
        free: problem.free.filter((_, k) => k !== index),
        fixed: [...(problem.fixed ?? []), { symbol: problem.free[index]!.symbol, cells, value }],
        // Terms over all parameters need the held one in its place.
        ...(problem.also && {
          also: (lab, others) => problem.also!(lab, [...others.slice(0, index), value, ...others.slice(index)]),
        }),
      };
      return { value, misfit: fit(rest, { iterations }).misfit };
    });
}
