/** The tables of docs/steering.md. */
import { markdownTable } from '../../markdown';
import type { MissionCaseResult } from '../../mission/study';
import { missionTables } from '../../mission/tables';
import { type Finding, findings, placeOf } from './asked';
import { missionFindings } from './askedMissions';
import {
  atConstant,
  type Compared,
  compare,
  mean,
  median,
  overOracle,
  overUseful,
  type Reachable,
  reachable,
} from './compare';
import { bestConstant } from './constants';
import { AGREEMENT_C } from './design';
import { HELD_TARGETS } from './held';
import { type Judged, type Measure, MEASURES, MOST_CYCLES } from './measures';
import { labelOf, type Scenario } from './scenario';
import { FIXED_C, STRATEGIES, type Strategy, type TaskResult } from './task';

type Row = readonly string[];

const HEAD: Record<Measure, string> = {
  checkupLife: 'check-up life',
  cyclesTo80: 'to 80 %, paper',
  energyFirst100_Wh: 'first 100 [Wh]',
  energyToEol_Wh: 'to end of life [Wh]',
};
const MEASURE_HEADS = MEASURES.map((measure) => HEAD[measure]);

/** All tables as Markdown, each under its heading; those without runs are left out. */
export function tablesOf(results: readonly TaskResult[], missions: readonly MissionCaseResult[] = []): string {
  const compared = compare(results);
  const cells = reachable(results);
  const sections: [title: string, text: string | null][] = [
    ['Asked and found', asked([...findings(compared), ...missionFindings(missions)])],
    ...electrolytes(cells).map((cell): [string, string | null] => [
      `Policies side by side: ${cell}`,
      sideBySide(
        cells.filter(({ scenario }) => scenario.group === 'nominal' && scenario.cell === cell),
        compared.filter(({ scenario, loop }) => scenario.cell === cell && loop === 'chips'),
      ),
    ]),
    ['Over the best constant: mean (worst cell)', relative(compared)],
    ['Missions', missions.length > 0 ? missionTables(missions) : null],
    ['Stripping number held, limiting current known', heldTargets(cells)],
    ['Best constant rates', oracleRates(cells)],
    ['Steering at one step a second beside the whole firmware on chips', loopsAgree(compared)],
    ['The cell alone beside the whole firmware on chips, at a constant rate', constantsAgree(compared)],
    ['Runs that did not come to an end of life', endings(compared)],
  ];
  return sections
    .filter(([, text]) => text !== null)
    .map(([title, text]) => `### ${title}\n\n${text}`)
    .join('\n\n');
}

const electrolytes = (all: readonly { scenario: Scenario }[]): string[] => [
  ...new Set(all.filter(({ scenario }) => scenario.group === 'nominal').map(({ scenario }) => scenario.cell)),
];

function asked(list: readonly Finding[]): string | null {
  if (list.length === 0) return null;
  return markdownTable(
    ['statement', 'cells', 'what', 'asked', 'mean', 'worst cell', 'mean over constants of use', ''],
    list.map(({ statement, where, what, required, mean, worst, worstCell, meanOverUseful, pass }) => {
      const { most } = required;
      const show = (value: number): string => value.toFixed(most ? 1 : 3);
      const asks = [
        ...(required.mean === null ? [] : [`mean ${required.mean}`]),
        ...(required.worst === null ? [] : [`worst ${most ? 'at most ' : ''}${required.worst}`]),
      ];
      return [
        statement,
        where,
        what,
        asks.join(', '),
        show(mean),
        `${show(worst)} (${worstCell})`,
        meanOverUseful === null ? '' : show(meanOverUseful),
        pass ? 'holds' : '**short**',
      ];
    }),
  );
}

/**
 * Means over cells. The best constant is another one for each measure and cell, and so is the best stripping number held by somebody who
 * knows the limiting current; power and hours are those of the best by life.
 */
function sideBySide(cells: readonly Reachable[], runs: readonly Compared[]): string | null {
  if (cells.length === 0) return null;
  const row = (name: string, judged: readonly Judged[], best = judged): string[] => [
    name,
    ...MEASURES.map((measure) => mean(judged.map((one) => one[measure])).toFixed(1)),
    mean(best.map(({ power_W }) => power_W)).toFixed(2),
    mean(best.map(({ hours }) => hours)).toFixed(0),
    mean(best.map(({ recovery_min }) => recovery_min)).toFixed(0),
  ];
  const bestOf = (of: (cell: Reachable) => readonly { judged: Judged }[]): [each: Judged[], byLife: Judged[]] => {
    const best = (cell: Reachable, measure: Measure): Judged =>
      of(cell).reduce((a, b) => (b.judged[measure] > a.judged[measure] ? b : a)).judged;
    const byLife = cells.map((cell) => best(cell, 'checkupLife'));
    const each = cells.map((cell, k) => {
      const own = { ...byLife[k]! };
      for (const measure of MEASURES) own[measure] = best(cell, measure)[measure];
      return own;
    });
    return [each, byLife];
  };
  return markdownTable(
    ['policy', ...MEASURE_HEADS, 'power [W]', 'hours', 'recovery [min/cycle]'],
    [
      ...FIXED_C.map((rate_C) =>
        row(
          `fixed ${rate_C}C`,
          cells.map(({ constants }) => atConstant(constants, rate_C)),
        ),
      ),
      row('best constant', ...bestOf(({ constants }) => constants)),
      row('best stripping number held', ...bestOf(({ held }) => held)),
      ...STRATEGIES.flatMap((strategy) => {
        const own = runs.filter((run) => run.strategy === strategy).map(({ judged }) => judged);
        return own.length > 0 ? [row(strategy, own)] : [];
      }),
    ],
  );
}

/** What is shown of each strategy: what it is for, and what it may cost. */
const SHOWN: readonly (readonly [Strategy, Measure])[] = [
  ['adaptive', 'checkupLife'],
  ['adaptive', 'energyFirst100_Wh'],
  ['adaptive', 'energyToEol_Wh'],
  ['adaptive+tail', 'checkupLife'],
  ['adaptive+tail', 'energyToEol_Wh'],
  ['adaptive+taper', 'energyFirst100_Wh'],
  ['adaptive+taper', 'energyToEol_Wh'],
];

function relative(compared: readonly Compared[]): string | null {
  const runs = compared.filter(
    ({ scenario, strategy, loop }) => strategy !== 'fixed' && (scenario.group !== 'nominal' || loop === 'chips'),
  );
  if (runs.length === 0) return null;
  const head = SHOWN.map(([strategy, measure]) => `${strategy}: ${HEAD[measure].replace(/ \[Wh\]/, '')}`);
  return markdownTable(
    ['cells', 'draws', 'adaptive: life, constants of use', ...head, 'recovery [min/cycle]'],
    [...byPlace(runs)].map(([where, here]) => {
      const of = (strategy: Strategy): Compared[] => here.filter((run) => run.strategy === strategy);
      const recovery = of('adaptive+tail').map(({ judged }) => judged.recovery_min);
      return [
        where,
        String(of('adaptive').length),
        spread(of('adaptive').map((run) => overUseful(run, 'checkupLife'))),
        ...SHOWN.map(([strategy, measure]) => spread(of(strategy).map((run) => overOracle(run, measure)))),
        recovery.length > 0 ? mean(recovery).toFixed(0) : '',
      ];
    }),
  );
}

/** Mean, and the worst in brackets. */
const spread = (values: readonly number[]): string =>
  values.length === 0 ? '' : `${mean(values).toFixed(3)} (${Math.min(...values).toFixed(3)})`;

function byPlace<One extends { scenario: Scenario }>(all: readonly One[]): Map<string, One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) {
    const key = placeOf(one.scenario);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

/** Over the best constant: with the one target that is best in the mean over these cells, and with the best one of each cell. */
function heldTargets(all: readonly Reachable[]): string | null {
  const groups = byPlace(all);
  if (groups.size === 0) return null;
  const measures = ['checkupLife', 'energyFirst100_Wh'] as const;
  return markdownTable(
    ['cells', 'draws', ...measures.flatMap((measure) => ['target', HEAD[measure], 'best target of each cell'])],
    [...groups].map(([where, runs]) => [
      where,
      String(runs.length),
      ...measures.flatMap((measure) => {
        const over = (k: number): number[] =>
          runs.map(({ constants, held }) => overOracle({ constants, judged: held[k]!.judged }, measure));
        const byTarget = HELD_TARGETS.map((_, k) => over(k));
        const means = byTarget.map(mean);
        const k = means.indexOf(Math.max(...means));
        const own = runs.map((_, cellIndex) => Math.max(...byTarget.map((values) => values[cellIndex]!)));
        return [String(HELD_TARGETS[k]), spread(byTarget[k]!), spread(own)];
      }),
    ]),
  );
}

function oracleRates(all: readonly Reachable[]): string | null {
  const groups = byPlace(all);
  if (groups.size === 0) return null;
  return markdownTable(
    ['cells', 'draws', ...MEASURE_HEADS.map((head) => head.replace(/ \[Wh\]/, ''))],
    [...groups].map(([where, runs]) => [
      where,
      String(runs.length),
      ...MEASURES.map(
        (measure) => `${median(runs.map(({ constants }) => bestConstant(constants, measure).rate_C)).toFixed(2)}C`,
      ),
    ]),
  );
}

function loopsAgree(compared: readonly Compared[]): string | null {
  const rows = compared.flatMap((run): Row[] => {
    if (run.scenario.group !== 'nominal' || run.loop !== 'firmware') return [];
    const chips = compared.find(
      ({ scenario, strategy, loop }) =>
        loop === 'chips' && strategy === run.strategy && JSON.stringify(scenario) === JSON.stringify(run.scenario),
    );
    return chips ? [[labelOf(run.scenario), run.strategy, ...bothOf(run.judged, chips.judged)]] : [];
  });
  return rows.length === 0 ? null : markdownTable(['cell', 'strategy', ...MEASURE_HEADS], rows);
}

function constantsAgree(compared: readonly Compared[]): string | null {
  const rows = compared.flatMap(({ scenario, strategy, judged, constants }): Row[] => {
    if (strategy !== 'fixed') return [];
    const rate_C = AGREEMENT_C[scenario.cell as keyof typeof AGREEMENT_C];
    return [[labelOf(scenario), `${rate_C}C`, ...bothOf(atConstant(constants, rate_C), judged)]];
  });
  return rows.length === 0 ? null : markdownTable(['cell', 'rate', ...MEASURE_HEADS], rows);
}

const bothOf = (one: Judged, chips: Judged): string[] =>
  MEASURES.map((measure) => {
    const off_pct = 100 * (one[measure] / chips[measure] - 1);
    return `${one[measure].toFixed(1)}, ${chips[measure].toFixed(1)} (${off_pct >= 0 ? '+' : ''}${off_pct.toFixed(1)} %)`;
  });

function endings(compared: readonly Compared[]): string | null {
  const rows = compared.flatMap(({ scenario, strategy, judged }): Row[] =>
    judged.unfinished || judged.stopped !== null
      ? [
          [
            placeOf(scenario),
            `draw ${scenario.seed}`,
            strategy,
            String(judged.cycles),
            judged.stopped ?? `still alive after ${MOST_CYCLES} cycles`,
          ],
        ]
      : [],
  );
  return rows.length === 0 ? null : markdownTable(['cells', '', 'strategy', 'cycles', 'why'], rows);
}
