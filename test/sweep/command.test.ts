import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCampaign } from '../../sim/sweep/engine/campaign';
import { readDesign } from '../../sim/sweep/design/readDesign';
import { planSweep } from '../../sim/sweep/sweep';
import { cli } from '../cli/harness';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'caldera-sweep-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const done = { name: 'a', out: '/r/a', runs: 1200, finished: 1200, found: 200, setAside: 2, complete: true };

describe('sweep', () => {
  it('passes on what it is told, and says what came of it', async () => {
    const seen: unknown[] = [];
    const outcome = await cli(
      ['sweep', 'a.yaml', '--threads', '2', '--chunk', '5', '--redis', 'redis://h:1', '--restart'],
      {
        sweep: async (options) => (seen.push(options), done),
      },
    );
    expect(seen).toMatchObject([
      { file: 'a.yaml', out: null, threads: 2, chunk: 5, redis: 'redis://h:1', restart: true },
    ]);
    expect(outcome.stdout).toBe(
      'a: 1,200 runs, 200 of them found done\n2 set aside; why stands in the column setAside\nTable: /r/a/runs.parquet\nTables and pictures of it: caldera report /r/a\n',
    );
  });

  it('stopped early it says how to go on, with exit code 130', async () => {
    const outcome = await cli(['sweep', 'a.yaml'], {
      sweep: async () => ({ ...done, finished: 700, complete: false }),
    });
    expect(outcome).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringContaining('stopped after 700 of 1200 runs'),
    });
  });

  it('a dry run is one JSON document', async () => {
    const file = join(folder, 'small.yaml');
    writeFileSync(file, 'run: { cycles: 2 }\nrepeats: 50\n');
    const outcome = await cli(['sweep', file, '--dry-run', '--threads', '2', '--json'], { planSweep });
    const plan = JSON.parse(outcome.stdout) as { core_s: number; wall_s: number };
    expect(plan).toMatchObject({ name: 'small', runs: 50, threads: 2 });
    expect(plan.wall_s).toBeCloseTo(plan.core_s / 2, 9);
  });

  it('the example designs can be run', async () => {
    for (const name of ['climates', 'sensitivity', 'missions-and-faults'])
      await createCampaign({ kind: 'design', design: readDesign(`docs/examples/${name}.yaml`) }).check();
  });
});

describe('worker', () => {
  it('needs a Redis', async () => {
    expect(await cli(['worker'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--redis') });
  });

  it('says what it does on stderr, and leaves with 0', async () => {
    const outcome = await cli(['worker', '--redis', 'redis://h:1', '--idle', '60'], {
      worker: async ({ redis, idle_s, lost_s }, say) => {
        say(`at ${redis}, ${idle_s} s, ${lost_s} s`);
        return { runs: 7 };
      },
    });
    expect(outcome).toEqual({
      code: 0,
      stdout: '',
      stderr: 'caldera: at redis://h:1, 60 s, 30 s\ncaldera: left after 7 runs\n',
    });
  });
});
