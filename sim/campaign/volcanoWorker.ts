/** One run of a volcano, on a thread of its own. */
import type { MessagePort } from 'node:worker_threads';
import type { SimulateOptions, SimulateResult } from '../results/types';
import { simulate } from './simulate';

export interface RunTask {
  options: SimulateOptions;
  /** Takes the finished fraction. */
  port: MessagePort;
}

export default function run({ options, port }: RunTask): Promise<SimulateResult> {
  return simulate(options, (fraction) => port.postMessage(fraction));
}
