/** One rate of a volcano, on a thread of its own. */
import type { MessagePort } from 'node:worker_threads';
import type { SimulateResult, VolcanoOptions } from '../results/types';
import { simulate } from './simulate';

export interface RateTask {
  rate_C: number;
  options: VolcanoOptions;
  /** Takes the finished fraction. */
  port: MessagePort;
}

export default function runRate({ rate_C, options, port }: RateTask): Promise<SimulateResult> {
  const settings = { ...options, discharge_C: rate_C, untilRetention_pct: null, sampleEvery_s: null };
  return simulate(settings, (fraction) => port.postMessage(fraction));
}
