/** A design of experiments as a campaign. */
import { InputError } from '../../errors';
import type { Campaign, Rows } from '../engine/campaign';
import type { Design } from '../design/design';
import { fileNames } from '../design/files';
import { columnTypeOf } from '../design/options';
import { runsOf, type DesignedRun } from '../design/runs';
import { CYCLE_COLUMNS } from './cycling';
import { kindOf, RUN_KINDS } from './kinds';
import { column, type Cell, type Column } from './result';

export interface DesignSpec {
  kind: 'design';
  design: Design;
}

/** More runs than a table's number of the run holds. */
const MOST_RUNS = 2 ** 31 - 1;
/** So many combinations of a grid are checked before the first run; beyond, evenly chosen ones. */
const MOST_CHECKED = 2000;

export function designCampaign({ design }: DesignSpec): Campaign {
  const runs = runsOf(design);
  const local = fileNames(design.files);
  const combinations = Array.from({ length: Math.min(runs.combinations, MOST_CHECKED) }, (_, k) =>
    Math.floor((k * runs.combinations) / Math.min(runs.combinations, MOST_CHECKED)),
  );
  const kinds = RUN_KINDS.filter((kind) => combinations.some((run) => kindOf(runs.at(run).values) === kind));
  const outputs = kinds.flatMap((kind) => kind.columns);
  const columns: Column[] = [
    column('run', 'whole', 'number of the run, from 0'),
    column('point', 'whole', 'point of the sample, from 0'),
    column('repeat', 'whole', 'specimen of the point, from 0'),
    column('seed', 'number', 'of every random draw of the run'),
    ...runs.varied.map((name) => column(name, columnTypeOf(name), 'varied by the design')),
    ...outputs,
    column('setAside', 'text', 'why there is no result; null: there is one'),
  ];
  const rowOf = (designed: DesignedRun, values: Record<string, Cell>, setAside: string | null): Cell[] => [
    designed.run,
    designed.point,
    designed.repeat,
    designed.seed,
    ...runs.varied.map((name) => asCell(designed.values[name])),
    ...outputs.map(({ name }) => values[name] ?? null),
    setAside,
  ];
  return {
    runs: runs.count,
    columns,
    cycleColumns: design.cycles && kinds.includes(RUN_KINDS[0]!) ? [columns[0]!, ...CYCLE_COLUMNS] : [],
    async run(n): Promise<Rows> {
      const designed = runs.at(n);
      const own = { ...designed, values: local(designed.values) };
      const { values, cycles } = await withinTime(design.timeLimit_s, (signal) =>
        kindOf(own.values).run(own, design, signal),
      );
      return { row: rowOf(designed, values, null), cycles: cycles.map((cells) => [n, ...cells]) };
    },
    setAside: (n, reason) => ({ row: rowOf(runs.at(n), {}, reason), cycles: [] }),
    async check(): Promise<void> {
      if (runs.count > MOST_RUNS)
        throw new InputError(`the design has ${runs.count} runs; allowed: up to ${MOST_RUNS}`);
      checkSensitivity(design);
      for (const run of combinations) {
        const designed = runs.at(run);
        const values = local(designed.values);
        const kind = kindOf(values);
        const without = runs.varied.find((name) => name in values && !kind.options.includes(name.split('.')[0]!));
        if (without !== undefined)
          throw new InputError(`${without} has no effect on a ${kind.name} run; allowed: ${kind.options.join(', ')}`);
        await kind.check({ ...designed, values });
      }
      const idle = Object.keys(design.run).find(
        (name) => !kinds.some(({ options }) => options.includes(name.split('.')[0]!)),
      );
      if (idle !== undefined)
        throw new InputError(
          `run.${idle} has no effect on any run; allowed: ${kinds.flatMap((k) => k.options).join(', ')}`,
        );
    },
  };
}

/** @throws when the work had to be stopped */
async function withinTime<Result>(limit_s: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), 1000 * limit_s);
  try {
    const result = await work(limit.signal);
    if (limit.signal.aborted) throw new Error(`took longer than ${limit_s} s`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** Both methods ask what one number does to another, so nothing else may differ. */
function checkSensitivity({ sample, repeats, run }: Design): void {
  if (sample?.method !== 'saltelli' && sample?.method !== 'morris') return;
  const what = `sample.method is ${sample.method}`;
  if (repeats > 1) throw new InputError(`${what} and repeats is ${repeats}; allowed: 1`);
  if (run.mismatch !== undefined || sample.of.mismatch !== undefined)
    throw new InputError(`${what} and mismatch is given; allowed: none, for one and the same cell is compared`);
}

const asCell = (value: unknown): Cell =>
  value === undefined ? null : Array.isArray(value) ? value.join(' ') : (value as Cell);
