/** Sets what a strategy reached beside what constant rates reach on the very same cell. */
import { bestConstant, bestUseful, type Constant } from './constants';
import type { Held } from './held';
import type { Judged, Measure } from './measures';
import type { Scenario } from './scenario';
import type { RunResult, Strategy, TaskResult } from './task';

/** A scenario and what can be reached on it without firmware. */
export interface Reachable {
  scenario: Scenario;
  constants: readonly Constant[];
  held: readonly Held[];
}

export interface Compared extends Reachable {
  strategy: Strategy | 'fixed';
  loop: RunResult['task']['loop'];
  judged: Judged;
  rates_C: readonly number[];
}

export const reachable = (results: readonly TaskResult[]): Reachable[] =>
  results.flatMap((result) =>
    'constants' in result ? [{ scenario: result.task.scenario, constants: result.constants, held: result.held }] : [],
  );

/** Runs whose oracle is done too. */
export function compare(results: readonly TaskResult[]): Compared[] {
  const limits = new Map(reachable(results).map((own) => [JSON.stringify(own.scenario), own]));
  return results.flatMap((result) => {
    if ('constants' in result) return [];
    const { strategy, loop } = result.task;
    const own = limits.get(JSON.stringify(result.task.scenario));
    return own ? [{ ...own, strategy, loop, judged: result.judged, rates_C: result.rates_C }] : [];
  });
}

/** Over the best constant by the same measure. */
export const overOracle = ({ judged, constants }: Pick<Compared, 'judged' | 'constants'>, measure: Measure): number =>
  judged[measure] / bestConstant(constants, measure).judged[measure];

/** Over the best constant of use (see `bestUseful`). */
export const overUseful = ({ judged, constants }: Pick<Compared, 'judged' | 'constants'>, measure: Measure): number =>
  judged[measure] / bestUseful(constants, measure).judged[measure];

/** What the cell reaches at a constant rate that was tried. @throws RangeError for one that was not */
export function atConstant(constants: readonly Constant[], rate_C: number): Judged {
  const found = constants.find((one) => one.rate_C === rate_C);
  if (found === undefined) throw new RangeError(`no run at a constant ${rate_C}C`);
  return found.judged;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
