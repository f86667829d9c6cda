/**
 * An ensemble of the twin as a campaign: run n fits the parameters from the random start of seed n + 1 (sim/fit/ensemble.ts). Which fits are
 * good enough to be members is for whoever reads the table.
 */
import { createRequire } from 'node:module';
import { InputError } from '../../errors';
import type { Campaign, Rows } from '../engine/campaign';
import { column, type Column } from './result';

export interface EnsembleSpec {
  kind: 'ensemble';
  /** Name of the problem (sim/fit/problems). */
  problem: string;
  draws: number;
  iterations: number;
}

const COLUMNS: readonly Column[] = [
  column('run', 'whole', 'number of the draw, from 0'),
  column('seed', 'whole', 'of the starting point'),
  column('misfit', 'number', "sum of squares of the rows' differences in units of their tolerance"),
  column('set', 'text', 'the fitted parameters as JSON, by profile, then by key'),
  column('setAside', 'text', 'why there is no result; null: there is one'),
];

export function ensembleCampaign({ problem, draws, iterations }: EnsembleSpec): Campaign {
  return {
    runs: draws,
    columns: COLUMNS,
    cycleColumns: [],
    async run(n): Promise<Rows> {
      const { asSet, drawMember, misfitOf, PROBLEMS } = fitting();
      const member = drawMember(PROBLEMS[problem]!, n + 1, { iterations });
      return { row: [n, n + 1, misfitOf(member), JSON.stringify(asSet(member)), null], cycles: [] };
    },
    setAside: (n, reason) => ({ row: [n, n + 1, null, null, reason], cycles: [] }),
    async check() {
      const { PROBLEMS } = fitting();
      if (!(problem in PROBLEMS))
        throw new InputError(`problem is "${problem}"; allowed: ${Object.keys(PROBLEMS).join(', ')}`);
    },
  };
}

const load = createRequire(__filename);

/** Loaded when needed: the fitting library is no part of the installed package. */
const fitting = () => ({
  ...(load('../../fit/ensemble') as typeof import('../../fit/ensemble.js')),
  ...(load('../../fit/stages') as typeof import('../../fit/stages.js')),
  ...(load('../../fit/problems') as typeof import('../../fit/problems/index.js')),
});
