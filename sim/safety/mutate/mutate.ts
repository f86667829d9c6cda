/** The mutation check of the protection: which mistakes in it would no test notice? */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { Fault } from '../../../firmware/protect/faults';
import { Level, Of } from '../../../firmware/protect/protection';
import { packageFolder } from '../../build/build';
import type { OnProgress } from '../../results/types';
import { EQUIVALENT, isEquivalent, type Equivalent } from './equivalent';
import { mutantsOf, mutated, type Label, type Mutant } from './mutants';
import type { Trial } from './worker';
import { workerFile } from '../../threads';

const FOLDER = 'firmware/protect';
const FILES = ['engine.ts', 'protection.ts', 'protect.ts', 'switches.ts', 'rows.ts'];
/** Tests of behaviour alone, the fast ones first. That rows.ts is what the table says is none (compiled.test.ts). */
const TESTS = [
  ...['engine', 'supervise', 'superviseCalm', 'superviseSlow', 'superviseWatch'],
  ...['switches', 'table', 'engineModel', 'calm'],
].map((name) => `test/protect/${name}.test.ts`);
/** A mistake that takes so many times as long as none, and this, never ends. */
const SLOW = 5;
const SLOW_MS = 10_000;

export interface Finding extends Mutant {
  /** The test that noticed, or why nobody can. Undefined: it survived. */
  by: string | undefined;
}

export interface MutationResult {
  mutants: number;
  killed: number;
  /** Of those that are not equivalent, how many were noticed. */
  score_pct: number;
  survived: Finding[];
  equivalent: Finding[];
  /** What is wrong with the list of equivalent mistakes. */
  errors: string[];
}

export interface MutateOptions {
  /** Only mistakes whose place and change, as shown, contain this. */
  only?: string | undefined;
  threads: number;
}

/** The elements of rows.ts by fault and column. */
const label: Label = (name, nth, index) => {
  const columns = name === 'faultRows' ? Of : Level;
  const policy = name === 'faultRows' ? ['flight ', 'cycler '][nth] : '';
  const width = columns.length;
  return `${policy}${Fault[Math.floor(index / width)]} ${columns[index % width]}`;
};

/** `firmware/protect/engine.ts:12: was -> is` */
export function shown({ file, line, what, was, is }: Mutant): string {
  const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
  return `${file}:${line}: ${what === '' ? '' : `${what}: `}${oneLine(was)} -> ${oneLine(is)}`;
}

/** @throws Error when the tests fail without a mistake */
export async function mutate(options: MutateOptions, onProgress?: OnProgress): Promise<MutationResult> {
  const root = packageFolder();
  const sources = new Map(FILES.map((name) => [`${FOLDER}/${name}`, readFileSync(join(root, FOLDER, name), 'utf8')]));
  const mutants = [...sources].flatMap(([file, source]) =>
    mutantsOf(file, source, file.endsWith('rows.ts') ? label : undefined),
  );
  const chosen = mutants.filter((mutant) => options.only === undefined || shown(mutant).includes(options.only));
  const pool = new Piscina({
    ...workerFile(`${__dirname}/worker`),
    maxThreads: options.threads,
  });
  const tests = TESTS.map((file) => join(root, file));
  const tryOne = (changed: Trial['changed'], signal?: AbortSignal): Promise<string | undefined> =>
    pool.run({ tests, changed } satisfies Trial, signal && { signal });

  const by = new Map<Mutant, string | undefined>();
  try {
    const begin_ms = performance.now();
    const failure = await tryOne(undefined);
    if (failure !== undefined) throw new Error(`a test fails without any mistake: ${failure}`);
    const limit_ms = Math.round(SLOW * (performance.now() - begin_ms) + SLOW_MS);
    const waiting = [...chosen];
    // One trial a thread at a time, so that none waits while its time runs.
    const lane = async (): Promise<void> => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const path = join(root, mutant.file);
        const source = mutated(sources.get(mutant.file)!, mutant);
        const limit = AbortSignal.timeout(limit_ms);
        try {
          by.set(mutant, await tryOne({ path, source }, limit));
        } catch (error) {
          if (!limit.aborted) throw error;
          by.set(mutant, 'never ends');
        }
        onProgress?.(by.size / chosen.length, `${by.size} of ${chosen.length} mistakes`);
      }
    };
    await Promise.all(Array.from({ length: options.threads }, lane));
  } finally {
    await pool.destroy();
  }
  return judged(chosen, by, sources, options.only === undefined);
}

function judged(
  mutants: readonly Mutant[],
  by: ReadonlyMap<Mutant, string | undefined>,
  sources: ReadonlyMap<string, string>,
  whole: boolean,
): MutationResult {
  const used = new Set<Equivalent>();
  const survived: Finding[] = [];
  const equivalent: Finding[] = [];
  const errors: string[] = [];
  for (const mutant of mutants) {
    const source = sources.get(mutant.file)!;
    const entry = EQUIVALENT.find((entry) => isEquivalent(entry, mutant, source));
    const noticed = by.get(mutant);
    if (entry !== undefined) {
      used.add(entry);
      if (noticed !== undefined) errors.push(`${shown(mutant)} is no equivalent: "${noticed}" notices it`);
      else equivalent.push({ ...mutant, by: entry.why });
    } else if (noticed === undefined) survived.push({ ...mutant, by: undefined });
  }
  for (const entry of EQUIVALENT) if (whole && !used.has(entry)) errors.push(`no mistake fits "${entry.why}"`);
  const counted = mutants.length - equivalent.length;
  const killed = counted - survived.length;
  return { mutants: mutants.length, killed, score_pct: (100 * killed) / counted, survived, equivalent, errors };
}
