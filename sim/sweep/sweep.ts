/** `caldera sweep`: a design of experiments, on the threads of this machine or on workers elsewhere. */
import type { OnProgress } from '../results/types';
import { readDesign } from './design/readDesign';
import { createCampaign } from './engine/campaign';
import { workHere } from './engine/embedded';
import { estimate, type Estimate } from './engine/estimate';
import { openPool } from './engine/pool';
import { runCampaign, type CampaignResult } from './engine/runCampaign';
import { workByRedis } from './redis/coordinator';

export interface SweepOptions {
  /** YAML or JSON. */
  file: string;
  out: string | null;
  threads: number | null;
  /** Runs to a chunk; null: by the number of runs. */
  chunk: number | null;
  restart: boolean;
  /** URL of a Redis whose workers do the runs; null: this machine's threads. */
  redis: string | null;
  version: string;
}

export interface SweepResult extends CampaignResult {
  name: string;
}

/** @throws InputError */
export async function runSweep(
  { file, out, threads, redis, ...options }: SweepOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
  say: (text: string) => void = () => undefined,
): Promise<SweepResult> {
  const design = readDesign(file);
  const campaign = { ...options, spec: { kind: 'design' as const, design }, out: out ?? `results/${design.name}` };
  if (redis !== null) {
    const result = await runCampaign(campaign, (work) => workByRedis(work, redis, say), onProgress, signal);
    return { name: design.name, ...result };
  }
  const pool = openPool(threads);
  try {
    const result = await runCampaign(campaign, (work) => workHere(work, pool), onProgress, signal);
    return { name: design.name, ...result };
  } finally {
    await pool.close();
  }
}

/** What a design would take. @throws InputError */
export async function planSweep(file: string, signal?: AbortSignal): Promise<Estimate & { name: string }> {
  const design = readDesign(file);
  const campaign = createCampaign({ kind: 'design', design });
  await campaign.check();
  return { name: design.name, ...(await estimate(campaign, signal)) };
}
