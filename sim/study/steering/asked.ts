/** What is asked of the steering, as data, and what of it the runs show. */
import { atConstant, type Compared, mean, overOracle, overUseful } from './compare';
import type { Measure } from './measures';
import { labelOf, type Scenario } from './scenario';
import type { Strategy } from './task';

interface Ask {
  statement: string;
  strategy: Strategy;
  what: Measure | 'longestRecovery_min';
  /** The best constant by that measure, or a fixed rate [C]; a recovery stands by itself. */
  over: 'oracle' | number | null;
  /** At least this over all cells, and at least this (of a recovery: at most) for the worst of them. */
  mean?: number;
  worst?: number;
  /** On this electrolyte alone. */
  cell?: string;
}

export interface Finding {
  statement: string;
  where: string;
  what: string;
  /** null: not asked. `most`: the worst is at most that. */
  required: { mean: number | null; worst: number | null; most: boolean };
  mean: number;
  worst: number;
  /** Which cell is the worst. */
  worstCell: string;
  /** The mean beside those constants alone that are of use; null: no ratio to the best constant. */
  meanOverUseful: number | null;
  pass: boolean;
}

const MOST_RECOVERY_MIN = 40;

const adaptive = { strategy: 'adaptive', over: 'oracle' } as const;
const BLIND: readonly Ask[] = (['checkupLife', 'energyFirst100_Wh'] as const).map((what) => ({
  ...adaptive,
  statement: 'Blind',
  what,
  mean: 0.97,
  worst: 0.92,
}));
/** Over what a laboratory would take that does not know the electrolyte. */
const BEYOND_FIXED: readonly Ask[] = [
  { cell: 'afl-l1', over: 0.5, mean: 1.5 },
  { cell: 'afl-l2', over: 1, mean: 1.3 },
].map((own) => ({ ...adaptive, statement: 'Blind', what: 'checkupLife', ...own }));
const tail = { statement: 'Recovery', strategy: 'adaptive+tail', over: 'oracle' } as const;
const RECOVERY: readonly Ask[] = [
  { ...tail, what: 'checkupLife', mean: 1.12, worst: 1 },
  { ...tail, what: 'energyToEol_Wh', mean: 1.15, worst: 1 },
  { ...tail, what: 'longestRecovery_min', over: null, worst: MOST_RECOVERY_MIN },
];
const taper = { statement: 'Taper', strategy: 'adaptive+taper', over: 'oracle' } as const;
const TAPER: readonly Ask[] = [
  { ...taper, what: 'energyToEol_Wh', mean: 1.08, worst: 1 },
  { ...taper, what: 'energyFirst100_Wh', mean: 0.95 },
];
const THREE = [...BLIND, ...BEYOND_FIXED, ...RECOVERY, ...TAPER];
const ROBUST: readonly Ask[] = (['checkupLife', 'energyFirst100_Wh'] as const).map((what) => ({
  ...adaptive,
  statement: 'Robust',
  what,
  worst: 0.93,
}));
const UNKNOWN: readonly Ask[] = [{ ...adaptive, statement: 'Unknown cell', what: 'checkupLife', worst: 0.93 }];

/** Runs that belong together, by the name of the place. */
function places(compared: readonly Compared[]): { where: string; asks: readonly Ask[]; runs: Compared[] }[] {
  const named = new Map<string, { where: string; asks: readonly Ask[]; runs: Compared[] }>();
  for (const run of compared) {
    if (run.strategy === 'fixed' || (run.scenario.group === 'nominal' && run.loop !== 'chips')) continue;
    const where = placeOf(run.scenario);
    const place = named.get(where) ?? { where, asks: asksOf(run.scenario), runs: [] };
    named.set(where, place);
    place.runs.push(run);
  }
  return [...named.values()];
}

export function placeOf({ group, cell, rule, spread }: Scenario): string {
  switch (group) {
    case 'nominal':
    case 'member':
      return cell;
    case 'rule':
      return `${cell} ${rule}`;
    case 'unknown':
      return `${cell} unknown${spread > 0.15 ? ', wide draw' : ''}`;
    default:
      return `${cell} ${group}`;
  }
}

function asksOf({ group }: Scenario): readonly Ask[] {
  switch (group) {
    case 'nominal':
    case 'checked':
    case 'rule':
    case 'detailed':
      return THREE;
    case 'member':
      return THREE.flatMap(({ worst, ...ask }) =>
        ask.over === null ? [{ ...ask, worst: worst! }] : ask.mean === undefined ? [] : [ask],
      );
    case 'unknown':
      return UNKNOWN;
    default:
      return ROBUST;
  }
}

const NAMES: Record<Ask['what'], string> = {
  checkupLife: 'check-up life',
  cyclesTo80: "cycles to 80 % by the paper's rule",
  energyFirst100_Wh: 'energy of the first 100 cycles',
  energyToEol_Wh: 'energy to end of life',
  longestRecovery_min: 'longest recovery of a cycle [min]',
};

/** Those for which there are runs. Members of an ensemble that are asked the same stand together, as the worst of them. */
export function findings(compared: readonly Compared[]): Finding[] {
  const list = places(compared).flatMap(({ where, asks, runs }) =>
    asks.flatMap((ask) => (ask.cell === undefined || ask.cell === base(where) ? found(ask, where, runs) : [])),
  );
  const single = list.filter(({ where }) => !where.includes('#'));
  return [...single, ...worstMembers(list.filter(({ where }) => where.includes('#')))];
}

const base = (where: string): string => where.split(/[# ]/)[0]!;

function found(ask: Ask, where: string, all: readonly Compared[]): Finding[] {
  const runs = all.filter(({ strategy }) => strategy === ask.strategy);
  if (runs.length === 0) return [];
  const values = runs.map((run) => valueOf(ask, run));
  const most = ask.over === null;
  const k = values.indexOf(most ? Math.max(...values) : Math.min(...values));
  const whole = meanOf(ask, runs);
  const worst = values[k]!;
  const { what, over } = ask;
  return [
    {
      statement: ask.statement,
      where,
      what: `${ask.strategy}: ${NAMES[what]}${overText(ask)}`,
      required: { mean: ask.mean ?? null, worst: ask.worst ?? null, most },
      mean: whole,
      worst,
      worstCell: labelOf(runs[k]!.scenario),
      meanOverUseful:
        over === 'oracle' && what !== 'longestRecovery_min' ? mean(runs.map((run) => overUseful(run, what))) : null,
      pass: whole >= (ask.mean ?? -Infinity) && (most ? worst <= ask.worst! : worst >= (ask.worst ?? -Infinity)),
    },
  ];
}

const overText = ({ over }: Ask): string =>
  over === null ? '' : over === 'oracle' ? ' / best constant' : ` / fixed ${over}C`;

function valueOf({ what, over }: Ask, run: Compared): number {
  if (over === null || what === 'longestRecovery_min') return run.judged.longestRecovery_min;
  return over === 'oracle' ? overOracle(run, what) : run.judged[what] / atConstant(run.constants, over)[what];
}

/** Over the oracle: the mean of each cell's ratio. Over a fixed rate, at which a cell may give nearly nothing: the means' ratio. */
function meanOf(ask: Ask, runs: readonly Compared[]): number {
  const { what, over } = ask;
  if (typeof over !== 'number' || what === 'longestRecovery_min') return mean(runs.map((run) => valueOf(ask, run)));
  return (
    mean(runs.map(({ judged }) => judged[what])) / mean(runs.map(({ constants }) => atConstant(constants, over)[what]))
  );
}

/** Each as the member whose mean is the lowest, or whose recovery is the longest. */
function worstMembers(list: readonly Finding[]): Finding[] {
  const alike = new Map<string, Finding[]>();
  for (const one of list) {
    const key = `${base(one.where)}|${one.what}`;
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  return [...alike.values()].map((members) => {
    const byMean = members[0]!.required.mean !== null;
    const worst = members.reduce((a, b) => ((byMean ? b.mean < a.mean : b.worst > a.worst) ? b : a));
    const short = members.filter(({ pass }) => !pass).map(({ where }) => where.replace(/^.*#/, '#'));
    const note = short.length > 0 ? `; short: ${short.join(' ')}` : '';
    return { ...worst, where: `${worst.where}, worst of ${members.length} members${note}` };
  });
}
