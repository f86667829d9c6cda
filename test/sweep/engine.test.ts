/** What the engine does with what goes wrong: poison, damage, another campaign in the folder. */
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDesign } from '../../sim/sweep/design/readDesign';
import { createCampaign, type CampaignSpec } from '../../sim/sweep/engine/campaign';
import { runStretch, TRIES, type Stretch } from '../../sim/sweep/engine/chunk';
import { chunkRuns, spreadOrder } from '../../sim/sweep/engine/chunks';
import { workHere } from '../../sim/sweep/engine/embedded';
import { Gaps } from '../../sim/sweep/engine/gaps';
import { Pace } from '../../sim/sweep/engine/pace';
import type { Pool } from '../../sim/sweep/engine/pool';
import { runCampaign } from '../../sim/sweep/engine/runCampaign';
import { planSweep } from '../../sim/sweep/sweep';
import { digestOf } from './program';

const specOf = (more: object): CampaignSpec => ({
  kind: 'design',
  design: checkDesign({ run: { cycles: 2 }, ...more }, 'x'),
});
const spec = specOf({ grid: { policy: ['1C', '2C'] }, repeats: 20, cycles: true });

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'caldera-engine-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

/** A thread in this process; `lost` says for which stretches it is lost. */
const pool = (own: CampaignSpec, lost: (stretch: Stretch) => boolean = () => false): Pool & { asked: Stretch[] } => {
  const asked: Stretch[] = [];
  const campaign = createCampaign(own);
  return {
    asked,
    threads: 1,
    async run({ from, to }) {
      asked.push({ from, to });
      if (lost({ from, to })) throw new Error('Worker terminated due to reaching memory limit');
      return runStretch(campaign, { from, to });
    },
    close: () => Promise.resolve(),
  };
};
const campaign = (own: CampaignSpec, threads: Pool, chunk: number | null = null, restart = false) =>
  runCampaign({ spec: own, out, version: '1', chunk, restart }, (work) => workHere(work, threads));
const rows = async (): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: await asyncBufferFromFile(join(out, 'runs.parquet')) });
const filesIn = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });

describe('a campaign', () => {
  it('has one row for each run, in order, and one for each cycle; says what made it', async () => {
    await campaign(spec, pool(spec));
    const runs = await rows();
    expect(runs.map(({ run }) => run)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(runs[3]).toMatchObject({ policy: '2C', repeat: 1, cyclesRun: 2, setAside: null });
    const file = await asyncBufferFromFile(join(out, 'cycles.parquet'));
    const cycles = await parquetReadObjects({ file });
    expect(cycles).toHaveLength(80);
    expect(cycles[7]).toMatchObject({ run: 3, cycle: 2, rate_C: 2 });
    const { key_value_metadata: about } = await parquetMetadataAsync(file);
    expect(JSON.parse(about![0]!.value!)).toMatchObject({ spec: { design: { repeats: 20 } } });
    expect(filesIn(out).sort()).toEqual(['config.json', 'cycles.parquet', 'runs.parquet']);
  });

  it('is the same to the byte with chunks of any size', async () => {
    const digests = new Set<string>();
    for (const chunk of [1, 7, 40]) {
      await campaign(spec, pool(spec), chunk, true);
      digests.add(digestOf(join(out, 'runs.parquet')) + digestOf(join(out, 'cycles.parquet')));
    }
    expect(digests.size).toBe(1);
  });

  it('that is complete is not done again', async () => {
    await campaign(spec, pool(spec));
    const idle = pool(spec);
    expect(await campaign(spec, idle)).toMatchObject({ complete: true, found: 40 });
    expect(idle.asked).toEqual([]);
  });

  it('sets aside a run that cannot be done, with its reason, after so many tries', async () => {
    const slow = specOf({ run: { cycles: 100000, plant: 'detailed', interrupts: 0 }, timeLimit_s: 1 });
    expect(await campaign(slow, pool(slow))).toMatchObject({ setAside: 1 });
    expect(await rows()).toMatchObject([
      { run: 0, retention_pct: null, setAside: `failed ${TRIES} times: took longer than 1 s` },
    ]);
  });

  it('finds the run that costs its thread, and does the others', async () => {
    const poisoned = 13;
    const threads = pool(spec, ({ from, to }) => from <= poisoned && poisoned < to);
    expect(await campaign(spec, threads, 10)).toMatchObject({ complete: true, setAside: 1 });
    const aside = (await rows()).filter(({ setAside }) => setAside !== null);
    expect(aside).toMatchObject([
      {
        run: poisoned,
        policy: '2C',
        setAside: 'its thread was lost 3 times: Worker terminated due to reaching memory limit',
      },
    ]);
    expect(threads.asked.filter(({ from, to }) => from === poisoned && to === poisoned + 1)).toHaveLength(TRIES);
  });

  it('a thread that is lost once costs nothing', async () => {
    await campaign(spec, pool(spec));
    const reference = digestOf(join(out, 'runs.parquet'));
    let losses = 0;
    await campaign(
      spec,
      pool(spec, () => losses++ % 5 === 2),
      4,
      true,
    );
    expect(digestOf(join(out, 'runs.parquet'))).toBe(reference);
  });

  it('does again what is damaged on the disk', async () => {
    await campaign(spec, pool(spec), 10);
    const reference = digestOf(join(out, 'runs.parquet'));
    let damaged = false;
    const bad = pool(spec, () => {
      const file = filesIn(out).find((name) => /\d+-\d+$/.test(name));
      if (file !== undefined && !damaged) {
        truncateSync(join(out, file), 20);
        damaged = true;
      }
      return false;
    });
    await campaign(spec, bad, 10, true);
    expect(damaged).toBe(true);
    expect(digestOf(join(out, 'runs.parquet'))).toBe(reference);
  });

  it('goes into no folder of something else, of another design, or that another process writes', async () => {
    await campaign(spec, pool(spec));
    const other = specOf({ seed: 2 });
    await expect(campaign(other, pool(other))).rejects.toThrow(
      'holds runs of another design; allowed: another folder, or --restart',
    );
    expect(await campaign(other, pool(other), null, true)).toMatchObject({ complete: true, runs: 1 });
    writeFileSync(join(out, '.lock'), String(process.ppid));
    await expect(campaign(other, pool(other))).rejects.toThrow(`is being written by process ${process.ppid}`);
    rmSync(out, { recursive: true });
    out = mkdtempSync(join(tmpdir(), 'caldera-engine-'));
    writeFileSync(join(out, 'thesis.tex'), '');
    await expect(campaign(other, pool(other))).rejects.toThrow('holds files that are not an earlier campaign');
    expect(existsSync(join(out, 'thesis.tex'))).toBe(true);
  });
});

describe('gaps', () => {
  it('what is missing and what is there make the whole, and nothing fits twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.nat(199), { maxLength: 12 }),
        (runs, size, cuts) => {
          const there: Stretch[] = [];
          const gaps = new Gaps(runs, size, () => [...there].sort((a, b) => a.from - b.from));
          for (const cut of cuts) {
            const from = cut % runs;
            const to = Math.min(runs, (Math.floor(from / size) + 1) * size, from + 3);
            if (!gaps.fits({ from, to })) continue;
            there.push({ from, to });
            gaps.note({ from, to });
          }
          gaps.recount();
          const all = [...there, ...gaps.stretches()].flatMap(({ from, to }) =>
            Array.from({ length: to - from }, (_, k) => from + k),
          );
          expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: runs }, (_, n) => n));
        },
      ),
    );
  });

  it('the order takes every chunk once, and its beginning is a fair part of the whole', () => {
    for (const count of [1, 2, 3, 10, 500, 1009]) expect(new Set(spreadOrder(count)).size).toBe(count);
    const first = [...spreadOrder(1000)].slice(0, 50);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = first.filter((k) => Math.floor(k / 100) === tenth).length;
      expect(Math.abs(share - 5)).toBeLessThanOrEqual(2);
    }
  });

  it('there are never more chunks than files can be', () => {
    for (const runs of [1, 100, 1e4, 1e6, 1e8, 1e9]) expect(Math.ceil(runs / chunkRuns(runs))).toBeLessThanOrEqual(1e5);
  });
});

describe('estimates', () => {
  it('a dry run counts, times and weighs, and keeps nothing', async () => {
    const file = join(out, 'plan.yaml');
    writeFileSync(file, 'run: { cycles: 3 }\ngrid: { policy: [1C, 2C] }\nrepeats: 500\n');
    const plan = await planSweep(file);
    expect(plan).toMatchObject({ name: 'plan', runs: 1000 });
    expect(plan.core_s).toBeCloseTo(1000 * plan.run_s.mean, 6);
    expect(plan.run_s.least).toBeGreaterThan(0);
    expect(plan.tables_B).toBeGreaterThan(5 * 1000);
    expect(plan.tables_B).toBeLessThan(500 * 1000);
    expect(readdirSync(out)).toEqual(['plan.yaml']);
  });

  it('the time left follows the rate of the last minutes, and leaves out what was found done', () => {
    let now_s = 0;
    const pace = new Pace(1000, 400, () => now_s);
    for (let k = 0; k < 100; k++) {
      now_s += 1;
      pace.add(1);
    }
    expect(pace.rate).toBeCloseTo(1, 6);
    expect(pace.text).toBe('500 of 1,000 runs, 1.00 runs/s, about 8 min left');
    for (let k = 0; k < 40; k++) {
      now_s += 100;
      pace.add(2);
    }
    expect(pace.rate).toBeCloseTo(0.02, 2);
    expect(pace.fraction).toBeCloseTo(0.58, 6);
  });
});
