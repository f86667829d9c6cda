/** `caldera faults`: a fault-injection campaign, or one scenario. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { build } from '../build/build';
import { InputError } from '../errors';
import { loadProfile } from '../profiles/profile';
import type { OnProgress } from '../results/types';
import { runCampaign } from './campaign';
import { drawScenario, type Drawn } from './draw';
import type { Finished } from './faultsWorker';
import { smallest } from './minimise';
import { useBuild } from './deviceBuild';
import { faultOfName } from './names';
import { needsDevice } from './rigs';
import type { Scenario } from './scenario';
import { sourcesDigest } from './sources';
import { CampaignFolder } from './store';
import { summarize, type FaultsReport } from './summary';
import { traceScenario, type Trace } from './trace';
import { fails, signature } from './verdict';

export interface FaultsOptions {
  runs: number;
  seed: number;
  /** Name of a row; null: all. */
  fault: string | null;
  /** Name of a cell profile or a file; null: several. */
  cell: string | null;
  out: string | null;
  resume: boolean;
  threads: number | null;
  version: string;
}

export interface FaultsResult {
  report: FaultsReport;
  folder: CampaignFolder | undefined;
  /** Failures of different kinds, each as the smallest scenario that still fails, by number of the run. */
  smallest: Map<number, Scenario>;
}

/** As many different failures are made smaller. */
const MADE_SMALLER = 5;

/** @throws InputError */
export async function runFaults(
  options: FaultsOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<FaultsResult> {
  const { runs, seed, fault, cell, out, resume, threads, version } = options;
  if (resume && out === null) throw new InputError('--resume goes on with a result folder; allowed: with --out DIR');
  const drawn = drawnOf(options);
  const key = { seed, fault, cell, sources: sourcesDigest() };
  const folder = out === null ? undefined : new CampaignFolder(out, key, version, resume);
  const all = new Map<number, Finished>(folder?.finished);
  await runCampaign(
    { runs, seed, drawn, threads: threads ?? undefined },
    new Set(all.keys()),
    (finished) => {
      folder?.add(finished);
      for (const run of finished) all.set(run.n, run);
    },
    onProgress,
    signal,
  );
  const finished = [...all.values()].filter(({ n }) => n < runs);
  const smallest =
    folder && !signal?.aborted ? await smallestFailures(finished, seed, drawn) : new Map<number, Scenario>();
  return { report: summarize(finished), folder, smallest };
}

async function smallestFailures(
  finished: readonly Finished[],
  seed: number,
  drawn: Drawn,
): Promise<Map<number, Scenario>> {
  const kinds = new Map<string, number>();
  for (const run of [...finished].sort((a, b) => a.n - b.n))
    if (fails(run) && !kinds.has(signature(run))) kinds.set(signature(run), run.n);
  const found = new Map<number, Scenario>();
  if (kinds.size > 0) useBuild(await build({ board: 'cycler' }));
  for (const n of [...kinds.values()].slice(0, MADE_SMALLER)) {
    await nextTurn();
    found.set(n, smallest(drawScenario(seed, n, drawn)));
  }
  return found;
}

/** The n-th scenario of a campaign, from 0. @throws InputError */
export const scenarioOfRun = (n: number, campaign: Pick<FaultsOptions, 'seed' | 'fault' | 'cell'>): Scenario =>
  drawScenario(campaign.seed, n, drawnOf(campaign));

function drawnOf({ fault, cell }: Pick<FaultsOptions, 'fault' | 'cell'>): Drawn {
  if (cell !== null && loadProfile(cell).kind === 'half')
    throw new InputError(`--cell: "${cell}" is a half cell, which no channel can charge; allowed: a full cell`);
  return { fault: fault === null ? undefined : faultOfName(fault), cell: cell ?? undefined };
}

/** One scenario with a trace. */
export async function traceFaults(scenario: Scenario): Promise<Trace> {
  if (needsDevice(scenario)) useBuild(await build({ board: 'cycler' }));
  return traceScenario(scenario);
}
