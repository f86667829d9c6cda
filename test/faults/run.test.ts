/** `caldera faults --run N`: one run of a campaign, alone. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { drawScenario } from '../../sim/faults/draw';
import { runFaults, traceFaults } from '../../sim/faults/faults';
import type { Finished } from '../../sim/faults/faultsWorker';
import type { Scenario } from '../../sim/faults/scenario';
import { summarize } from '../../sim/faults/summary';
import type { Trace } from '../../sim/faults/trace';
import type { Verdict } from '../../sim/faults/verdict';
import { cli } from '../cli/harness';

const services = { faults: runFaults, faultTrace: traceFaults };
const folders: string[] = [];
function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'faults-run-')));
  return folders.at(-1)!;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

/** The scenario that a command line runs. */
async function scenarioOf(...args: string[]): Promise<Scenario> {
  let given: Scenario | undefined;
  const faultTrace = (scenario: Scenario): Promise<Trace> => {
    given = scenario;
    throw new Error('enough');
  };
  await cli(['faults', ...args], { faultTrace });
  return given!;
}

describe('one run alone', () => {
  it('is bit for bit what it was in the campaign, whole devices and packs included', async () => {
    const campaign = ['--seed', '1', '--fault', 'over-voltage', '--cell', 'afl-l1'];
    const out = folder();
    await cli(['faults', '--runs', '8', ...campaign, '--threads', '2', '--out', out], services);
    const lines = readFileSync(join(out, 'runs.jsonl'), 'utf8').trimEnd().split('\n');
    const finished = lines.map((line) => JSON.parse(line) as Finished);
    const kinds = new Set<string>();
    for (const n of [2, 5, 7]) {
      const { code, stdout } = await cli(['faults', '--run', String(n), ...campaign, '--json'], services);
      const { verdict } = JSON.parse(stdout) as Trace;
      expect({ n, ...verdict }).toEqual(finished.find((run) => run.n === n));
      expect(code).toBe(0);
      const { board, target } = drawScenario(1, n, { fault: 1, cell: 'afl-l1' });
      kinds.add(board === 'cycler' ? target : 'pack');
    }
    expect([...kinds]).toEqual(['tick', 'device', 'pack']);
  });

  it('is of seed 1 unless told, and of all rows and cells', async () => {
    expect(await scenarioOf('--run', '0')).toEqual(drawScenario(1, 0));
    expect(await scenarioOf('--run', '17', '--seed', '2')).toEqual(drawScenario(2, 17));
    expect(await scenarioOf('--run', '17', '--fault', 'clockjump')).toEqual(drawScenario(1, 17, { fault: 26 }));
  });

  it('tells what is done and what is injected, and is kept as a file that --scenario takes', async () => {
    const out = join(folder(), 'run');
    const args = ['--run', '2', '--fault', 'OverVoltage', '--cell', 'afl-l1'];
    const alone = await cli(['faults', ...args, '--out', out], services);
    expect(alone.code).toBe(0);
    expect(alone.stdout).toMatch(/^(cycler|pack) .*afl-l1.* at .*C, .* degC\ninjected: .*; must be found\ntime\/ms/);
    expect(alone.stdout).toContain(`Scenario and trace: ${out}`);
    expect(readdirSync(out).sort()).toEqual(['config.json', 'result.json', 'run-2.json']);
    const again = await cli(['faults', '--scenario', join(out, 'run-2.json')], services);
    expect(alone.stdout.startsWith(again.stdout)).toBe(true);
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as Trace;
    expect(again.stdout.startsWith(result.trace.join('\n'))).toBe(true);
  });

  it.each<[Partial<Verdict>, string]>([
    [{ reaction_ms: 142.8939 }, 'over-voltage: acted after 143 ms; promised 300 ms'],
    [
      { reaction_ms: 142.8939, watched_ms: 7.2e6 },
      "143 ms, from the watcher's alarm on, which took 2.0 h; promised 300",
    ],
    [{ id: null, hardware: 'short circuit', reaction_ms: 0.4512 }, 'short circuit: acted after 0.451 ms'],
    [
      { detected: false, violations: ['late'] },
      'over-voltage: not found\nviolation: late\nviolations 1, false trips 0',
    ],
    [
      { case: 'clean', id: null, falseTrips: ['bus stuck'] },
      'nothing was injected\nfalse trip: bus stuck\nviolations 0, false trips 1',
    ],
    [{ case: 'void' }, 'void: the cell was full or empty before anything could be injected'],
    [{ case: 'small fault' }, 'a fault too small to be found'],
    [{ id: null }, 'no row of the fault table has to find it'],
  ])('ends with the verdict %j in words', async (more, text) => {
    const verdict: Verdict = {
      ...{ id: 'OverVoltage', case: 'fault', detected: true, reaction_ms: null, promised_ms: 300 },
      ...{ violations: [], falseTrips: [], ...more },
    };
    const { stdout } = await cli(['faults', '--run', '0'], {
      faultTrace: async () => ({ verdict, trace: ['traced'] }),
    });
    expect(stdout).toMatch(/^traced\n\n/);
    expect(stdout).toContain(text);
    expect(stdout).not.toContain('{');
  });

  it.each([
    [['--run', '-1'], "--run: '-1' is not valid; allowed: a whole number from 0 to 999999"],
    [['--run', '1.5'], "--run: '1.5' is not valid"],
    [['--run', '1', '--seed', 'x'], "--seed: 'x' is not valid"],
    [['--run', '1', '--fault', 'over-volage'], 'did you mean over-voltage?'],
    [['--run', '1', '--cell', 'afl-l1-half'], 'a half cell'],
    [
      ['--run', '1', '--runs', '10'],
      '--runs has no effect with --run; allowed with it: --seed, --fault, --cell, --out, --json',
    ],
    [['--run', '1', '--threads', '1'], '--threads has no effect with --run'],
    [['--run', '1', '--resume', '--out', 'x'], '--resume has no effect with --run'],
    [['--scenario', 'x.json', '--run', '1'], '--run has no effect with --scenario'],
    [['--scenario', 'x.json', '--seed', '1'], '--seed has no effect with --scenario'],
    [['--scenario', 'x.json', '--out', 'x'], '--out has no effect with --scenario'],
  ])('refuses %s in one line', async (args, text) => {
    const { code, stdout, stderr } = await cli(['faults', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(text);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('the table of a campaign', () => {
  const run = (n: number, id: string): Finished => ({
    ...{ n, id, case: 'fault', detected: true, reaction_ms: 200, promised_ms: 300 },
    ...{ violations: [], falseTrips: [] },
  });
  const tableOf = async (runs: Finished[], ...args: string[]): Promise<string> => {
    const result = { report: summarize(runs), folder: undefined, smallest: new Map<number, Scenario>() };
    return (await cli(['faults', ...args], { faults: async () => result })).stdout;
  };

  it('has the rows that were injected or asked for, as a device names them, and counts the others', async () => {
    const text = await tableOf([run(0, 'OverVoltage'), run(1, 'StuckData')], '--fault', 'clock jump');
    expect(text).toMatch(/\nover-voltage +1 +1 +300 +200 +200\n/);
    expect(text).toMatch(/\nstuck data +1 /);
    expect(text).toMatch(/\nclock jump +0 +0 +200 +- +- +<- not injected\n/);
    expect(text).toContain('\n51 other rows were not injected\n');
    expect(text.split('\n').filter((line) => line.includes('not injected'))).toHaveLength(2);
  });

  it('says how long the watchers took, from which on their rows count', async () => {
    const watched = (n: number, watched_ms: number): Finished => ({ ...run(n, 'SelfHeating'), watched_ms });
    expect(await tableOf([watched(0, 36000), watched(1, 9e6)])).toContain(
      '\nself-heating: the watcher took 2.5 h, at worst 2.5 h, in 2 runs; the reaction counts from then on\n',
    );
    expect(await tableOf([watched(0, 36000)])).toContain('the watcher took 0.6 min, at worst 0.6 min, in 1 runs');
  });

  it('says how many runs are void', async () => {
    expect(await tableOf([{ ...run(0, 'OverVoltage'), case: 'void' }])).toContain(
      '; 1 void: the cell was full or empty',
    );
  });
});
