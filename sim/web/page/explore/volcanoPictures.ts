/** What the volcano shows and says: the capacity left after so many cycles, or lives. Runs are compared after equally many cycles. */
import { citation, paperPoints, paperRetentions } from '../../../paper/000';
import type { CycleResult, SimulateResult } from '../../../results/types';
import { policyName, type Settings } from './settings';

/** Of a run, what is shown of it; with a result or a problem it has ended. */
interface Run {
  settings: Settings;
  cycles: readonly CycleResult[];
  result?: SimulateResult;
  problem?: string;
}

export interface Shown {
  /** Fixed rates of one cell, by ascending rate. */
  fixed: readonly Run[];
  /** Beside the slopes: the run of the form and those that are kept. */
  runs: readonly { run: Run; colour: string }[];
}

export interface Place {
  rate_C: number;
  value: number;
}

interface Slope {
  label: string;
  points: readonly Place[];
}

interface Path extends Slope {
  colour: string;
}

/** What a paper measured. */
interface Mark extends Place {
  text: string;
}

/** A run that used several rates, as one value. */
interface Range {
  colour: string;
  label: string;
  value: number;
  mean_C: number;
  from_C: number;
  to_C: number;
}

export interface Picture {
  /** What it shows, in a sentence or two. */
  words: string;
  yTitle: string;
  /** null: as the data are. */
  yMax: number | null;
  main: Slope;
  earlier: readonly Slope[];
  paths: readonly Path[];
  marks: readonly Mark[];
  ranges: readonly Range[];
  /** The same in words and numbers, head first. */
  table: string[][];
}

const capacityLeft_pct = (cycles: readonly CycleResult[], n: number): number | null =>
  cycles[n - 1] === undefined ? null : (100 * cycles[n - 1]!.discharge_mAh) / cycles[0]!.discharge_mAh;

const hasEnded = ({ result, problem }: Run): boolean => result !== undefined || problem !== undefined;
const isAdaptive = ({ settings }: Run): boolean => settings.policy !== 'fixed';

export function retentionPicture({ fixed, runs }: Shown, n: number): Picture {
  const cell = fixed[0]?.settings.cell ?? runs[0]?.run.settings.cell ?? '';
  const slope = (cycle: number): Slope => ({
    label: `cycle ${cycle}`,
    points: fixed.flatMap(({ settings, cycles }) => {
      const left = capacityLeft_pct(cycles, cycle);
      return left === null ? [] : [{ rate_C: settings.rate_C, value: left }];
    }),
  });
  const main = slope(n);
  const earlier = [0.25, 0.5, 0.75].map((share) => Math.round(share * n)).filter((cycle) => cycle > 1 && cycle < n);
  /** Once all of them are so far, or have ended. */
  const bestAt = (cycle: number): Slope['points'][number] | undefined =>
    fixed.every((run) => run.cycles.length >= cycle || hasEnded(run)) ? highest(slope(cycle)) : undefined;
  const best = bestAt(n);
  const paths = runs
    .filter(({ run }) => isAdaptive(run) && run.cycles.length > 0)
    .map(({ run, colour }): Path => {
      const upTo = Math.min(n, run.cycles.length);
      const points = run.cycles
        .slice(0, upTo)
        .map(({ rate_C }, k) => ({ rate_C, value: capacityLeft_pct(run.cycles, k + 1)! }));
      return { colour, label: policyName(run.settings), points };
    });
  const marks: Mark[] = paper(cell, n);
  const ends = paths.map(({ label, points }) => {
    const { rate_C, value } = points.at(-1)!;
    const own = `${value.toFixed(1)} %, ${points.length === n ? 'now ' : ''}at ${rate_C.toFixed(2)}C`;
    if (points.length === n) return `Caldera (${label}), which chooses its own rates, has ${own}.`;
    const then = bestAt(points.length);
    const beside = then ? `; the best fixed rate had ${then.value.toFixed(1)} % then` : '';
    return `At its cycle ${points.length} Caldera (${label}), which chooses its own rates, has ${own}${beside}.`;
  });
  const words = best
    ? `After ${n} ${n === 1 ? 'cycle' : 'cycles'} the best fixed rate, ${best.rate_C}C, has ${best.value.toFixed(1)} % of its first capacity left. ${ends.join(' ')}`
    : 'The runs at fixed rates are under way.';
  return {
    words,
    yTitle: 'Capacity left / % of the first',
    yMax: 100,
    main,
    earlier: earlier.map(slope),
    paths,
    marks,
    ranges: [],
    table: [
      ['Run', 'Rate / C', `Capacity left after cycle ${n} / %`],
      ...main.points.map(({ rate_C, value }) => ['fixed', String(rate_C), value.toFixed(2)]),
      ...paths.map(({ label, points }) => [
        points.length === n ? label : `${label}, after cycle ${points.length}`,
        points.at(-1)!.rate_C.toFixed(3),
        points.at(-1)!.value.toFixed(2),
      ]),
      ...marks.map(({ text, rate_C, value }) => [text, String(rate_C), String(value)]),
    ],
  };
}

/** What the paper measured nearest to that cycle, if it is near. */
function paper(cell: string, n: number): Mark[] {
  const rates = [...new Set([0.5, 1, 2, 3, ...paperPoints(cell).map(({ rate_C }) => rate_C)])];
  return rates.flatMap((rate_C): Mark[] =>
    paperRetentions(cell, rate_C)
      .filter(({ cycle }) => Math.abs(cycle - n) <= 2)
      .map(({ cycle, retention_pct }) => ({
        rate_C,
        value: retention_pct,
        text: `measured (${citation}): ${retention_pct} % at ${rate_C}C after cycle ${cycle}`,
      })),
  );
}

export function lifePicture({ fixed, runs }: Shown): Picture {
  const cell = fixed[0]?.settings.cell ?? '';
  const points = fixed.flatMap(({ settings, result }) => {
    const life = result?.summary.cyclesTo80 ?? null;
    return life === null ? [] : [{ rate_C: settings.rate_C, value: life }];
  });
  const main = { label: 'life', points };
  const best = highest(main);
  const adaptive = runs.filter(({ run }) => isAdaptive(run) && run.result !== undefined && run.cycles.length > 0);
  const ranges = adaptive.flatMap(({ run, colour }) => {
    const life = run.result!.summary.cyclesTo80;
    const rates = run.cycles.map(({ rate_C }) => rate_C);
    const label = policyName(run.settings);
    const mean_C = rates.reduce((a, b) => a + b, 0) / rates.length;
    return life === null
      ? []
      : [{ colour, label, mean_C, value: life, from_C: Math.min(...rates), to_C: Math.max(...rates) }];
  });
  const longer = adaptive
    .filter(({ run }) => run.result!.summary.cyclesTo80 === null)
    .map(({ run }) => `${policyName(run.settings)} is above 80 % after all ${run.cycles.length} cycles`);
  const said = [...ranges.map(({ label, value }) => `${label}: ${value.toFixed(1)} cycles`), ...longer];
  const marks = paperPoints(cell).flatMap(({ rate_C, lifespan_cycles }): Mark[] =>
    lifespan_cycles === null
      ? []
      : [{ rate_C, value: lifespan_cycles, text: `measured (${citation}): ${lifespan_cycles} cycles at ${rate_C}C` }],
  );
  const unreached = fixed
    .filter(({ result }) => result?.summary.cyclesTo80 === null)
    .map(({ settings }) => `${settings.rate_C}C`);
  return {
    words: [
      best
        ? `The longest life at a fixed rate is ${best.value.toFixed(1)} cycles, at ${best.rate_C}C: until a discharge gives less than 80 % of the first one at 0.2C.`
        : 'No fixed rate has come to the end of its life; more cycles would show it.',
      ...(said.length > 0 ? [`${said.join('; ')}.`] : []),
      ...(best && unreached.length > 0 ? [`Not reached at ${unreached.join(', ')}.`] : []),
    ].join(' '),
    yTitle: 'Life / cycles',
    yMax: null,
    main,
    earlier: [],
    paths: [],
    marks,
    ranges,
    table: [
      ['Run', 'Rate / C', 'Life / cycles'],
      ...points.map(({ rate_C, value }) => ['fixed', String(rate_C), value.toFixed(2)]),
      ...ranges.map(({ label, mean_C, value }) => [label, mean_C.toFixed(3), value.toFixed(2)]),
      ...marks.map(({ text, rate_C, value }) => [text, String(rate_C), String(value)]),
    ],
  };
}

const highest = ({ points }: Slope): Slope['points'][number] | undefined =>
  points.length === 0 ? undefined : points.reduce((best, point) => (point.value > best.value ? point : best));
