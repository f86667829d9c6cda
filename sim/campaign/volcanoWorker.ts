/** One rate of a volcano, on a thread of its own. */
import type { MessagePort } from 'node:worker_threads';
import type { VolcanoOptions, VolcanoPoint } from '../results/types';
import { simulate } from './simulate';

export interface RateTask {
  rate_C: number;
  options: VolcanoOptions;
  /** Takes the finished fraction. */
  port: MessagePort;
}

export default async function runRate({ rate_C, options, port }: RateTask): Promise<VolcanoPoint> {
  const settings = { ...options, discharge_C: rate_C, untilRetention_pct: null, sampleEvery_s: null };
  const { cycles, summary } = await simulate(settings, (fraction) => port.postMessage(fraction));
  const first = cycles[0];
  const hundredth = cycles[99];
  return {
    strategy: 'fixed',
    rate_C,
    cyclesTo80: summary.cyclesTo80,
    checkupLife: summary.checkupLife,
    retention100_pct: first && hundredth ? (100 * hundredth.discharge_mAh) / first.discharge_mAh : null,
    averageCe_pct: summary.averageCe_pct,
    energyToEol_Wh: summary.energyToEol_Wh,
    energyFirst100_Wh: summary.energyFirst100_Wh,
  };
}
