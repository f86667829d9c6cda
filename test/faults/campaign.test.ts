import { existsSync, appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCampaign } from '../../sim/faults/campaign';
import { runFaults, traceFaults, type FaultsOptions } from '../../sim/faults/faults';
import type { Finished } from '../../sim/faults/faultsWorker';
import { summarize } from '../../sim/faults/summary';
import { FAULT_TABLE } from '../../firmware/protect/table';
import { cli } from '../cli/harness';
import { scenario } from './scenarios';

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'faults-'));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

async function campaign(runs: number, threads: number): Promise<Finished[]> {
  const all: Finished[] = [];
  const options = { runs, seed: 5, drawn: { cell: 'afl-l1' }, threads };
  await runCampaign(options, new Set(), (finished) => all.push(...finished));
  return all.sort((a, b) => a.n - b.n);
}

const services = { faults: runFaults, faultTrace: traceFaults };

const RUNS = 8;

describe('a campaign', () => {
  it('is the same on one thread and on two', async () => {
    const alone = await campaign(RUNS, 1);
    expect(alone.map(({ n }) => n)).toEqual(Array.from({ length: RUNS }, (_, n) => n));
    expect(await campaign(RUNS, 2)).toEqual(alone);
  });

  it('goes on where it was stopped, and runs nothing twice', async () => {
    const out = folder();
    const options: FaultsOptions = {
      runs: 16,
      seed: 3,
      fault: 'OverVoltage',
      cell: 'afl-l1',
      out,
      resume: false,
      threads: 1,
      version: 'test',
    };
    await runFaults(options);
    const file = join(out, 'runs.jsonl');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    // The first run is marked; the last was being written when power failed.
    const marked = { ...(JSON.parse(lines[0]!) as Finished), reaction_ms: 123456 };
    writeFileSync(file, `${[JSON.stringify(marked), ...lines.slice(1, 9)].join('\n')}\n`);
    appendFileSync(file, lines[9]!.slice(0, 20));
    const { report } = await runFaults({ ...options, resume: true });
    expect(report.runs).toBe(16);
    const after = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(after).toHaveLength(16);
    expect(after[0]).toBe(JSON.stringify(marked));
    await expect(runFaults({ ...options, seed: 4, resume: true })).rejects.toThrow(/runs of another campaign/);
    writeFileSync(join(out, 'config.json'), '{}');
    await expect(runFaults(options)).rejects.toThrow(/not an earlier result/);
  });

  it('keeps what has finished when it is stopped', async () => {
    const out = folder();
    const stop = new AbortController();
    const args = [
      'faults',
      '--runs',
      '100000',
      '--cell',
      'afl-l1',
      '--fault',
      'OutOfRange',
      '--out',
      out,
      '--threads',
      '1',
    ];
    const log = join(out, 'runs.jsonl');
    const watch = setInterval(() => existsSync(log) && readFileSync(log).length > 0 && stop.abort(), 100);
    const { code, stderr } = await cli(args, services, stop.signal);
    clearInterval(watch);
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopped after \d+ of 100000 runs/);
    const runs = readFileSync(log, 'utf8').trimEnd().split('\n').length;
    expect(runs).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toMatchObject({ interrupted: true });
  });
});

describe('caldera faults', () => {
  it('prints one JSON document with a row for each fault', async () => {
    const { code, stdout } = await cli(['faults', '--runs', '16', '--fault', 'OutOfRange', '--json'], services);
    const report = JSON.parse(stdout) as Record<string, unknown> & { faults: Record<string, unknown>[] };
    expect(report).toMatchObject({ runs: 16, violations: 0, falseTrips: 0 });
    expect(report.faults).toHaveLength(FAULT_TABLE.length);
    expect(Object.keys(report.faults[0]!)).toEqual([
      'id',
      'injected',
      'detected',
      'promised_ms',
      'worst_ms',
      'median_ms',
    ]);
    expect(code).toBe(0);
  });

  it('exits 1 on a violation or a false trip, and says which', async () => {
    const run = (n: number, more: Partial<Finished>): Finished => ({
      ...{ n, id: 'OverVoltage', case: 'fault', detected: true, reaction_ms: 200, promised_ms: 300 },
      violations: [],
      falseTrips: [],
      ...more,
    });
    const result = async (runs: Finished[]) =>
      cli(['faults'], {
        faults: async () => ({ report: summarize(runs), folder: undefined, smallest: new Map() }),
      });
    expect(await result([run(0, {})])).toMatchObject({ code: 0 });
    const late = await result([run(0, {}), run(1, { reaction_ms: 400, violations: ['over-voltage took 400 ms'] })]);
    expect(late.code).toBe(1);
    expect(late.stdout).toMatch(/run 1: over-voltage took 400 ms/);
    expect(late.stdout).toMatch(/over-voltage +2 +2 +300 +400 +\d+ +<- late/);
    const tripped = await result([run(0, { case: 'clean', id: null, falseTrips: ['FrontEnd'] })]);
    expect(tripped.code).toBe(1);
    expect(tripped.stdout).toMatch(/tripped with nothing wrong: front end opened the switches/);
    expect(tripped.stdout).toMatch(/violations 0, false trips 1/);
  });

  it('runs a scenario from a file, with a trace', async () => {
    const file = join(folder(), 'scenario.json');
    writeFileSync(file, JSON.stringify(scenario('voltage stuck high', 30, 'discharge')));
    const { code, stdout } = await cli(['faults', '--scenario', file], services);
    expect(code).toBe(0);
    expect(stdout).toMatch(/over-voltage suspect/);
    expect(stdout).toMatch(/over-voltage: acted after \d+ ms; promised \d+ ms/);
  });

  it('refuses what is wrong, and says what is allowed', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await cli(['faults', ...args], services);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused('--runs', '0')).toMatch(/--runs: '0' is not valid; allowed: a whole number from 1/);
    expect(await refused('--fault', 'Nothing')).toMatch(/--fault is "Nothing"; allowed: over-voltage/);
    expect(await refused('--cell', 'afl-l1-half')).toMatch(/half cell/);
    expect(await refused('--resume')).toMatch(/allowed: with --out/);
    const file = join(folder(), 'scenario.json');
    writeFileSync(file, JSON.stringify(scenario('nothing of the kind', 1, 'rest')));
    expect(await refused('--scenario', file)).toMatch(/injection "nothing of the kind" is unknown/);
    const bad = { ...scenario('voltage stuck high', 1, 'rest'), sensorErrors: 2 };
    writeFileSync(file, JSON.stringify(bad));
    expect(await refused('--scenario', file)).toMatch(/sensorErrors is 2 ; allowed: 0 to 1/);
  });
});
