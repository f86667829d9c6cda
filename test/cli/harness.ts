import { actionText } from '../../firmware/steer/explain';
import { Reason, Recovery, type Steering } from '../../firmware/steer/steering';
import type { Services } from '../../sim/cli/services';
import { run } from '../../sim/cli/run';
import { InputError } from '../../sim/errors';
import type { CycleResult, SimulateResult, VolcanoResult } from '../../sim/results/types';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

const refuse = (): never => {
  throw new Error('this service was not expected to be called');
};

/** Runs a command line in this process; services that the test does not give fail when called. */
export async function cli(
  args: readonly string[],
  services: Partial<Services> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome> {
  const outcome: Outcome = { code: -1, stdout: '', stderr: '' };
  const all: Services = {
    simulate: refuse,
    volcano: refuse,
    missions: refuse,
    reproduce: refuse,
    replay: refuse,
    pack: refuse,
    faults: refuse,
    faultTrace: refuse,
    sweep: refuse,
    planSweep: refuse,
    worker: refuse,
    report: refuse,
    build: refuse,
    measureBuild: refuse,
    flash: refuse,
    hil: refuse,
    monitor: refuse,
    openDevice: refuse,
    dashboard: refuse,
    ...services,
  };
  outcome.code = await run(args, all, {
    stdout: (text) => void (outcome.stdout += text),
    stderr: (text) => void (outcome.stderr += text),
    showsProgress: false,
    signal,
  });
  return outcome;
}

function cycle(n: number): CycleResult {
  return {
    n,
    rate_C: 1,
    charge_mAh: 1000 - 3 * n,
    discharge_mAh: 995 - 3 * n,
    ce_pct: 99.5,
    etaConc_mV: 53.9,
    etaConcEstimated_mV: null,
    lithium_mAh: { active: 35, residual: 25, isolated: 10, dead: n, sei: 75 + 2 * n },
    lithiumEstimated_mAh: { active: null, residual: null, isolated: null, dead: null, sei: null },
    action: 'fixed',
  };
}

export function simulated(cycles: number): SimulateResult {
  return {
    cell: 'afl-l1',
    strategy: 'fixed',
    cycles: Array.from({ length: cycles }, (_, index) => cycle(index + 1)),
    summary: {
      cyclesTo80: 52.4,
      checkupLife: null,
      retention_pct: 68.7,
      averageCe_pct: 99.59,
      energyToEol_Wh: 179,
      energyFirst100_Wh: null,
      meanDischargePower_W: 3.7,
      simulatedSeconds: 1e6,
      wallSeconds: 2,
    },
  };
}

/** Of a steered run; the tenth and later cycles with a tail. */
export function steered(cycles: number): SimulateResult {
  const result = simulated(cycles);
  return {
    ...result,
    strategy: 'adaptive+tail',
    cycles: result.cycles.map((one) => ({
      ...one,
      rate_C: 1.6 - one.n / 100,
      etaConcEstimated_mV: 52,
      etaConcThen_mV: 53,
      ...(one.n < 10
        ? { action: one.n < 5 ? words(Reason.Prior) : words(Reason.Faster) }
        : { action: words(Reason.Faster, Recovery.Tail), strip_mAh: 4, recovery_s: 1200 }),
    })),
    summary: { ...result.summary, recoveryMinutes: 20 * Math.max(0, cycles - 9) },
  };
}

export const words = (reason: Reason, recovery = Recovery.None): string => actionText({ reason, recovery } as Steering);

/** With a row of each strategy that chooses its rate; that with a tail has not reached its end. */
export function steeredVolcanoOf(cell: string): VolcanoResult {
  const fixed = volcanoOf(cell);
  const [, one] = fixed.points;
  return {
    ...fixed,
    points: [
      ...fixed.points,
      { ...one!, strategy: 'adaptive', rate_C: 1.44, cyclesTo80: 57.5 },
      { ...one!, strategy: 'adaptive+tail', rate_C: 1.45, cyclesTo80: null, checkupLife: null },
      { ...one!, strategy: 'adaptive+taper', rate_C: 0.84, cyclesTo80: 65, checkupLife: 64.8 },
    ],
  };
}

export function volcanoOf(cell: string): VolcanoResult {
  const point = (rate_C: number, cyclesTo80: number | null, retention100_pct: number | null) => ({
    strategy: 'fixed' as const,
    rate_C,
    cycles: retention100_pct === null ? 60 : 100,
    cyclesTo80,
    checkupLife: cyclesTo80 === null ? null : cyclesTo80 + 8,
    retention100_pct,
    averageCe_pct: 99.5,
    energyToEol_Wh: 150,
    energyFirst100_Wh: 300,
  });
  return {
    cell,
    points: [point(0.5, 36.9, 54.4), point(1, 52.4, 68.7), point(2, 34.4, 65.6), point(3, 0, null)],
    optimum_C: 1,
  };
}

export { InputError };
