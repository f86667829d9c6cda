/** One piece of the study's work: a policy, or all constant rates, on one scenario. */
import type { Constant } from './constants';
import type { Held } from './held';
import type { Judged } from './measures';
import { labelOf, type Scenario } from './scenario';

export const STRATEGIES = ['adaptive', 'adaptive+tail', 'adaptive+taper'] as const;
export type Strategy = (typeof STRATEGIES)[number];
/** Constant rates that stand beside the strategies under their own name. */
export const FIXED_C = [0.5, 1, 2, 3] as const;

/**
 * `constants`: the cell alone, at every constant rate of the oracle and with the stripping number held. `firmware`: estimator, protocol and steering at one step a second,
 * without chips. `chips`: the whole firmware at 10 Hz on simulated chips, with a strategy or at a constant rate.
 */
export type Task =
  | { loop: 'constants'; scenario: Scenario }
  | { loop: 'firmware'; scenario: Scenario; strategy: Strategy }
  | { loop: 'chips'; scenario: Scenario; strategy: Strategy }
  | { loop: 'chips'; scenario: Scenario; strategy: 'fixed'; rate_C: number };

interface ConstantsResult {
  task: Task & { loop: 'constants' };
  constants: Constant[];
  held: Held[];
}

export interface RunResult {
  task: Task & { loop: 'firmware' | 'chips' };
  judged: Judged;
  /** By cycle. */
  rates_C: number[];
}

export type TaskResult = ConstantsResult | RunResult;

export const nameOf = (task: Task): string => {
  const { group } = task.scenario;
  const policy = task.loop === 'constants' ? '' : ` ${task.strategy}`;
  return `${group} ${labelOf(task.scenario)} ${task.loop}${policy}`;
};
