import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runMissions } from '../../sim/mission/command';
import { cli } from './harness';

let directory: string;
beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-missions-'))));
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

describe('simulate --mission', () => {
  it('passes the options on', async () => {
    let seen: unknown;
    const line =
      'simulate --mission evtol --no-advice --cell afl-l2 --residue R1 --temperature 10 --mismatch 0.1 --seed 3';
    await cli([...line.split(' '), '--cycles', '7'], {
      missions: (options) => {
        seen = options;
        return runMissions({ ...options, missions: 1 });
      },
    });
    expect(seen).toEqual({
      mission: 'evtol',
      cell: 'afl-l2',
      rule: 'R1',
      plant: 'reduced',
      temperature_C: 10,
      mismatch: 0.1,
      seed: 3,
      missions: 7,
      advice: false,
    });
  });

  it('flies the example: a table, or the report as JSON', async () => {
    const args = ['simulate', '--mission', 'missions/multirotor.json', '--cycles', '3'];
    const outcome = await cli(args, { missions: runMissions });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(/^afl-l1, mission multirotor: 3 flown\n/);
    const report = JSON.parse((await cli([...args, '--json'], { missions: runMissions })).stdout);
    expect(report.missions).toHaveLength(3);
    expect(report.summary.missions).toBe(3);
  });

  it('writes the missions, the last whole flight and its picture', async () => {
    const out = path.join(directory, 'r');
    const line = `simulate --mission multirotor --cycles 3 --out ${out}`;
    expect((await cli(line.split(' '), { missions: runMissions })).stdout).toContain(out);
    const files = ['config.json', 'flight.csv', 'flight.png', 'flight.svg', 'missions.csv', 'result.json'];
    expect(fs.readdirSync(out).sort()).toEqual(files);
    const [head, ...seconds] = fs.readFileSync(path.join(out, 'flight.csv'), 'utf8').trim().split('\n');
    expect(head).toMatch(/^mission,phase,time_s,power_W,current_A,voltage_V/);
    expect(new Set(seconds.map((row) => row.split(',')[0]))).toEqual(new Set(['3']));
    expect(seconds.at(-1)).toContain(',landing,');
    expect(JSON.parse(fs.readFileSync(path.join(out, 'config.json'), 'utf8')).options).toMatchObject({
      mission: 'multirotor',
      missions: 3,
      advice: true,
    });
  });

  it('refuses a mission that is not there', async () => {
    const outcome = await cli(['simulate', '--mission', 'moon'], { missions: runMissions });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/mission "moon" is unknown; allowed: .*evtol.*, or a FILE\.json/);
  });
});
