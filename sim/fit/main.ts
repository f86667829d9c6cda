/**
 * `npm run fit -- PROBLEM`: fits the parameters of cell profiles to the papers' numbers, from the profiles as they are, and shows
 * what changes; --write puts the values into the profiles. With --residue the set for another residue rule is fitted, with
 * --members an ensemble. The same profiles give the same values on every run.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import * as parse from '../cli/options';
import { fixed, formatTable } from '../cli/table';
import { InputError } from '../errors';
import { RESIDUE_RULES, type ResidueRule } from '../profiles/terms';
import { drawEnsemble, type Member } from './drawEnsemble';
import { asSet } from './ensemble';
import { currentValues, keyOf, type FreeParameter } from './fit';
import { loadThermalProfile, thermalProfileNames } from '../thermal/profile';
import { PROBLEMS } from './problems';
import { fitThermal } from './thermal';
import { profileLikelihood } from './profileLikelihood';
import { fitStages, misfitOf, type FitStages, type StageResult } from './stages';

type Json = Record<string, unknown>;
const PROFILES = join(__dirname, '..', 'profiles');
/** A member of an ensemble may miss by this much more than the fit itself. */
const AS_GOOD_MISFIT = 4;
/** Draws before an ensemble is given up. */
const DRAWS_PER_MEMBER = 4;

interface Flags {
  iterations: number;
  residue?: ResidueRule;
  members?: number;
  out: string;
  redis?: string;
  profile?: string;
  write?: boolean;
}

/** Fitted apart: other profiles, another experiment. */
const THERMAL = 'thermal';
const NAMES = [...Object.keys(PROBLEMS), THERMAL];

const program = new Command('fit')
  .argument('<problem>', NAMES.join(', '))
  .option('--iterations <n>', 'at most this many', parse.cycles('--iterations'), 40)
  .option('--residue <rule>', RESIDUE_RULES.join(', '), parse.oneOf('--residue', RESIDUE_RULES))
  .option('--members <n>', 'fit an ensemble of this many', parse.cycles('--members'))
  .option('--out <dir>', 'with --members: keeps the draws, and goes on with them', 'results/ensemble')
  .option('--redis <url>', 'with --members: let workers draw ("caldera worker")')
  .option('--profile <symbol>', 'hold this parameter at values around its own and fit the others')
  .option('--write', 'put the values into the profiles')
  .action(async (name: string, flags: Flags) => {
    if (parse.oneOf('problem', NAMES)(name) === THERMAL) {
      for (const profile of thermalProfileNames()) fitHeat(profile, flags);
      return;
    }
    const stages = PROBLEMS[name]!;
    if (flags.profile !== undefined) profile(stages, flags.profile, flags);
    else if (flags.members !== undefined) await fitEnsemble(name, stages, flags.members, flags);
    else fitOnce(stages, flags);
  });
program.parseAsync().catch((error: Error) => {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`fit: error: ${error.message}\n`);
  process.exitCode = 2;
});

function fitHeat(name: string, { write }: Flags): void {
  const { values, model, measured } = fitThermal(loadThermalProfile(name));
  const fitted = Object.entries(values).map(([key, value]) => `${key} ${value}`);
  process.stdout.write(`${name}: ${fitted.join(', ')}\n`);
  for (const [key, target] of Object.entries(measured))
    process.stdout.write(`  ${key} ${target}, model ${fixed(model[key as keyof typeof model], 1)}\n`);
  if (write)
    change(`../thermal/${name}.json`, (json) => {
      const groups = json.parameters as Record<string, Json>;
      groups.fitted = { ...groups.fitted, ...values };
    });
}

function fitOnce(stages: FitStages, { iterations, residue, write }: Flags): void {
  const done = fitStages(stages, { iterations, residueRule: residue, onIteration: progress });
  done.forEach(report);
  process.stdout.write(`misfit ${misfitOf(done).toFixed(3)}\n`);
  if (!write) return;
  if (residue === undefined) writeProfiles(done);
  else
    change('residue.json', (json) => {
      (json.rules as Json)[residue] = asSet(done);
    });
}

function profile(stages: FitStages, symbol: string, { iterations }: Flags): void {
  const symbols = stages[0]!(undefined).free.map((free) => free.symbol);
  const points = profileLikelihood(stages, parse.oneOf('--profile', symbols)(symbol), iterations);
  const table = formatTable(
    [
      { head: keyOf(symbol), text: ({ value }) => String(value) },
      { head: 'misfit', text: ({ misfit }) => fixed(misfit, 2) },
    ],
    points,
  );
  process.stdout.write(`${table}\n`);
}

async function fitEnsemble(
  name: string,
  stages: FitStages,
  members: number,
  { iterations, write, out, redis }: Flags,
): Promise<void> {
  const itself = fitStages(stages, { iterations: 1, start: currentValues });
  const most = misfitOf(itself) + AS_GOOD_MISFIT;
  const draws = await drawEnsemble({ problem: name, draws: DRAWS_PER_MEMBER * members, iterations, out, redis });
  const good: Member[] = [];
  for (const draw of draws) {
    if (good.length === members) break;
    const kept = draw.misfit <= most;
    if (kept) good.push(draw);
    process.stdout.write(
      `seed ${draw.seed}: misfit ${draw.misfit.toFixed(2)}${kept ? '' : ', not as good: left out'}\n`,
    );
  }
  if (write)
    change('ensemble.json', (json) => {
      json.members = good.map(({ set }) => set);
    });
  for (const { problem } of itself) {
    const values = (k: number): number[] => good.map(({ set }) => valueIn(set, problem.free[k]!));
    const spread = formatTable(
      [
        { head: 'parameter', align: 'left', text: (k) => keyOf(problem.free[k]!.symbol) },
        { head: 'cells', align: 'left', text: (k) => problem.free[k]!.cells[0]! },
        { head: 'least', text: (k) => String(Math.min(...values(k))) },
        { head: 'profile', text: (k) => String(currentValues(problem)[k]) },
        { head: 'largest', text: (k) => String(Math.max(...values(k))) },
      ],
      problem.free.map((_, k) => k),
    );
    process.stdout.write(`\n${spread}\n`);
  }
}

const valueIn = (set: Member['set'], { symbol, cells }: FreeParameter): number => set[cells[0]!]![keyOf(symbol)]!;

function progress(sum: number): void {
  process.stderr.write(`sum of squares ${sum.toFixed(3)}\n`);
}

function report({ problem, result }: StageResult): void {
  const before = currentValues(problem);
  const parameters = formatTable(
    [
      { head: 'parameter', align: 'left', text: (k) => keyOf(problem.free[k]!.symbol) },
      { head: 'cells', align: 'left', text: (k) => problem.free[k]!.cells[0]! },
      { head: 'before', text: (k) => String(before[k]) },
      { head: 'after', text: (k) => String(result.values[k]) },
    ],
    problem.free.map((_, k) => k),
  );
  const rows = formatTable(
    [
      { head: 'quantity', align: 'left', text: (k) => problem.rows[k]!.quantity },
      { head: 'unit', align: 'left', text: (k) => problem.rows[k]!.unit },
      { head: 'target', text: (k) => String(problem.rows[k]!.target) },
      { head: '+-', text: (k) => String(problem.rows[k]!.tolerance) },
      { head: 'model', text: (k) => fixed(result.model[k], 3) },
    ],
    problem.rows.map((_, k) => k),
  );
  process.stdout.write(`${parameters}\n\n${rows}\n\n`);
}

/** Puts the values into the profiles that hold them: the first that shares a value, and others that give it themselves. */
function writeProfiles(stages: readonly StageResult[]): void {
  for (const { problem, result } of stages)
    problem.free.forEach(({ symbol, cells }, k) => {
      const key = keyOf(symbol);
      for (const [index, cell] of cells.entries())
        change(`${cell}.json`, (json) => {
          const groups = (json.parameters ??= {}) as Record<string, Json>;
          if (index > 0 && !Object.values(groups).some((group) => key in group)) return;
          for (const group of Object.values(groups)) delete group[key];
          groups.fitted = { ...groups.fitted, [key]: result.values[k]! };
        });
    });
}

function change(file: string, edit: (json: Json) => void): void {
  const path = join(PROFILES, file);
  const json = JSON.parse(readFileSync(path, 'utf8')) as Json;
  edit(json);
  writeFileSync(path, `${JSON.stringify(json, null, 2)}\n`);
}
