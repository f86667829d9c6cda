/** What a campaign's engine costs beside its runs: processor time of all threads of this process, so that neighbours on the machine do not count. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageVersion } from '../cli/version';
import { simulate } from '../campaign/simulate';
import { checkDesign } from '../sweep/design/readDesign';
import { runsOf } from '../sweep/design/runs';
import { workHere } from '../sweep/engine/embedded';
import { openPool } from '../sweep/engine/pool';
import { runCampaign } from '../sweep/engine/runCampaign';
import { simulateOptions } from '../sweep/runs/cycling';
import type { Row } from './row';

const RUNS = 200;
const REPEATS = 3;

export async function sweepRow(): Promise<Row> {
  const design = checkDesign(
    { run: { cycles: 100, mismatch: 0.2 }, grid: { policy: ['1C', '2C'] }, repeats: RUNS / 2 },
    '',
  );
  const runs = runsOf(design);
  const pool = openPool(1);
  const out = mkdtempSync(join(tmpdir(), 'caldera-bench-'));
  const loop = async (): Promise<void> => {
    for (let n = 0; n < RUNS; n++) await simulate(simulateOptions(runs.at(n)));
  };
  const sweep = async (): Promise<void> => {
    const campaign = {
      spec: { kind: 'design' as const, design },
      out,
      version: packageVersion(),
      chunk: null,
      restart: true,
    };
    await runCampaign(campaign, (work) => workHere(work, pool));
  };
  try {
    // Both are compiled by then.
    await loop();
    await sweep();
    const ratios: number[] = [];
    for (let k = 0; k < REPEATS; k++) ratios.push((await processor_s(loop)) / (await processor_s(sweep)));
    const [, median] = ratios.sort((a, b) => a - b);
    return {
      what: 'sweep against a plain loop over the same runs, processor time',
      value: `${median!.toFixed(2)} of its speed`,
      leibniz: null,
      target: '0.9',
    };
  } finally {
    await pool.close();
    rmSync(out, { recursive: true, force: true });
  }
}

async function processor_s(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
