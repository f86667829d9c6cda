/** Some runs of a campaign, on a thread of its own. */
import { workerData } from 'piscina';
import type { Drawn } from './draw';
import { drawScenario } from './draw';
import { runScenario } from './runScenario';
import { useBuild } from './deviceBuild';
import type { Verdict } from './verdict';

export interface Batch {
  seed: number;
  /** Numbers of the runs. */
  runs: readonly number[];
  drawn: Drawn;
}

export interface Finished extends Verdict {
  n: number;
}

useBuild(workerData as Parameters<typeof useBuild>[0]);

export default ({ seed, runs, drawn }: Batch): Finished[] =>
  runs.map((n) => ({ n, ...runScenario(drawScenario(seed, n, drawn)) }));
