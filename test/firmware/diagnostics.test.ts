import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cyclerProtocol, type Cycling } from '../../firmware/protocol/cycler';
import {
  diagnosticCost,
  FULL_PULSE_MS,
  FULL_PULSE_REST_MS,
  fullPulseSteps,
  restSteps,
  SLOW_STRIP_REST_MS,
  slowStripSteps,
} from '../../firmware/protocol/diagnostics';
import { INTERRUPT_MS } from '../../firmware/protocol/interrupts';
import { type CycleRecord, EndedBy, Wait } from '../../firmware/protocol/protocol';
import { createStep, type ProtocolStep, StepKind } from '../../firmware/protocol/step';
import { faultName } from '../../firmware/protect/names';
import { channelBench } from './channelBench';

const MC_PER_MAH = 3600;
const STRIP_MA = 50;
const cycling: Cycling = {
  formationCycles: 1,
  formation_mA: 200,
  formationRest_ms: 300000,
  charge_mA: 200,
  discharge_mA: 999,
  rest_ms: 300000,
  chargeTo_mV: 4300,
  dischargeTo_mV: 3000,
  cycles: 2,
  interrupts: 4,
  slowStripEvery: 2,
  slowStrip_mA: STRIP_MA,
  slowStripRest_ms: SLOW_STRIP_REST_MS,
  fullPulseEvery: 2,
  holdTo_mA: 0,
  hold_ms: 0,
  steered: false,
  tail_mA: 0,
  checkupEvery: 0,
  checkup_mA: 0,
};

/** A time without current inside a discharge, as the wires of the channel show it. */
interface Pause {
  cycle: number;
  from_ms: number;
  to_ms: number;
  /** Charge of the discharge before it [mC]. */
  at_mC: number;
}

interface Outcome {
  fault: string;
  records: CycleRecord[];
  pauses: Pause[];
  /** Time of each visit of each step, by index. */
  visits: { index: number; time_ms: number }[];
  /** Active lithium that the cell itself had right after each main discharge [mC]. */
  left_mC: number[];
  /** Charge that passed in slow strips, taken at the wires [mC]. */
  stripped_mC: number;
}

/** The protocol through chips and firmware, on a cell that the chips alone connect to it. */
function cycle(change: Partial<Cycling>, period_ms: number): Outcome {
  const bench = channelBench('rest', (config) => {
    config.protocol = cyclerProtocol({ ...cycling, ...change });
    config.pace.period_ms = period_ms;
    const { limits } = config;
    limits.overDischarge_mA = 4000;
    limits.lastingDischarge_mA = 3800;
    limits.currentError_mA = limits.currentError_mA * 3;
    limits.chargeError_mC = limits.chargeError_mC * 3;
  });
  const { bms, channel } = bench;
  const { run } = bms;
  const outcome: Outcome = { fault: '', records: [], pauses: [], visits: [], left_mC: [], stripped_mC: 0 };
  let index = run.index;
  let began_ms = 0;
  let passed_mC = 0;
  let at_ms = 0;
  let pause: Pause | undefined;
  let { current_A } = channel;
  bench.run(1e9, () => {
    const now_ms = channel.clock.now_ms;
    const kind = run.steps[index]?.kind;
    passed_mC += current_A * (now_ms - at_ms);
    if (kind === StepKind.SlowStrip) outcome.stripped_mC += current_A * (now_ms - at_ms);
    ({ current_A } = channel);
    at_ms = now_ms;
    if (run.finished > outcome.records.length) outcome.records.push({ ...run.last });
    if (run.waits === Wait.Nothing && run.index !== index) {
      outcome.visits.push({ index, time_ms: now_ms - began_ms });
      if (kind === StepKind.Discharge && run.steps[index]!.interrupts > 0)
        outcome.left_mC.push(channel.cell.active * channel.cell.area_cm2 * MC_PER_MAH);
      index = run.index;
      began_ms = now_ms;
      passed_mC = 0;
      pause = undefined;
    } else if (kind === StepKind.Discharge) {
      if (!pause && current_A === 0)
        outcome.pauses.push((pause = { cycle: run.finished + 1, from_ms: now_ms, to_ms: NaN, at_mC: passed_mC }));
      else if (pause && current_A > 0) {
        pause.to_ms = now_ms;
        pause = undefined;
      }
    }
    return !run.running || bms.protection.fault !== 0;
  });
  outcome.fault = faultName(bms.protection.fault);
  return outcome;
}

describe('a discharge with interrupts, a slow strip and a full pulse, through the chips', () => {
  // The pace of a board: a tick a second in the plateaus, ten around transitions.
  const outcomes: Record<'plain' | 'slow' | 'fast', Outcome> = {} as never;
  beforeAll(() => {
    outcomes.plain = cycle({ interrupts: 0, slowStripEvery: 0, fullPulseEvery: 0 }, 1000);
    outcomes.slow = cycle({}, 1000);
    outcomes.fast = cycle({}, 100);
  });

  it.each(['slow', 'fast'] as const)('interrupts where and as long as it should at the %s pace', (pace) => {
    const { fault, records, pauses } = outcomes[pace];
    expect(fault).toBe('none');
    expect(records.map((one) => one.dischargeEnd)).toEqual([EndedBy.Voltage, EndedBy.Voltage, EndedBy.Voltage]);
    expect(pauses.map((one) => one.cycle)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    for (const { from_ms, to_ms } of pauses) expect(to_ms - from_ms).toBe(INTERRUPT_MS);
    // Formation and the first cycle go by their charge, the second by the discharge of the first.
    const capacity_mC = [records[0]!.charge_mC, records[1]!.charge_mC, records[1]!.discharge_mC];
    pauses.forEach(({ cycle, at_mC }, k) => {
      const expected_mC = (0.9 * capacity_mC[cycle - 1]! * ((k % 4) + 1)) / 5;
      // A tenth of a second of current, and what the firmware's counting may be off.
      expect(Math.abs(at_mC - expected_mC)).toBeLessThan(0.1 * cycling.discharge_mA + 5e-4 * capacity_mC[cycle - 1]!);
    });
  });

  it('counts apart what the strip wins back: nine tenths of the active lithium that the cell had left', () => {
    const { records, left_mC, stripped_mC } = outcomes.slow;
    expect(records.map((one) => one.stripEnd)).toEqual([EndedBy.Nothing, EndedBy.Nothing, EndedBy.Voltage]);
    expect(records.map((one) => one.strip_mC > 0)).toEqual([false, false, true]);
    const { strip_mC } = records[2]!;
    expect(Math.abs(strip_mC / stripped_mC - 1)).toBeLessThan(0.005);
    expect(strip_mC).toBeGreaterThan(0.85 * left_mC[2]!);
    expect(strip_mC).toBeLessThan(left_mC[2]!);
  });

  it('leaves charge and discharge of a cycle as they are', () => {
    const { plain, slow } = outcomes;
    for (const k of [0, 1, 2]) {
      const { charge_mC, discharge_mC } = plain.records[k]!;
      // At this rate; a faster discharge gives more when the electrolyte recovers in its interrupts.
      expect(Math.abs(slow.records[k]!.charge_mC / charge_mC - 1)).toBeLessThan(2e-4);
      expect(Math.abs(slow.records[k]!.discharge_mC / discharge_mC - 1)).toBeLessThan(2e-4);
    }
  });

  it('costs the time that is stated', () => {
    const time_ms = (outcome: Outcome, indices: number[]): number =>
      outcome.visits.reduce((sum, visit) => sum + (indices.includes(visit.index) ? visit.time_ms : 0), 0);
    const { plain, slow } = outcomes;
    const steps = cyclerProtocol(cycling);
    const [pulse, pulseRest, main, stripRest, strip] = [7, 8, 9, 10, 11];
    const strips = diagnosticCost([steps[stripRest]!, steps[strip]!], slow.records[2]!.strip_mC);
    expect(time_ms(slow, [stripRest, strip]) / strips.time_ms).toBeCloseTo(1, 2);
    const pulses = diagnosticCost([steps[pulse]!, steps[pulseRest]!], 0);
    const interrupts = diagnosticCost([steps[main]!], 0);
    const more_ms = time_ms(slow, [pulse, pulseRest, main]) - time_ms(plain, [7]);
    expect(Math.abs(more_ms - 2 * interrupts.time_ms - pulses.time_ms)).toBeLessThan(2000);
  });
});

describe('docs/diagnostics.md', () => {
  /** Capacity 1 Ah. What is expected to be left after 1C, 2C and 3C [mAh]. */
  const RESIDUAL_MAH = [25, 65, 140] as const;
  const EVERY = 10;
  const CHARGE_MA = 200;
  const interrupted: ProtocolStep = { ...createStep(StepKind.Discharge, 1000, 3000, 0), interrupts: 4 };
  const strip = slowStripSteps(SLOW_STRIP_REST_MS, STRIP_MA, 3000, 0, EVERY);
  const rows: [name: string, steps: ProtocolStep[], residual_mAh: number][] = [
    ['4 interrupts in each discharge', [interrupted], 0],
    ['rest of 20 min, every 10th cycle', restSteps(1200000, EVERY), 0],
    ...RESIDUAL_MAH.map((left_mAh, k): [string, ProtocolStep[], number] => [
      `slow strip after ${k + 1}C (${left_mAh} mAh left), every 10th cycle`,
      strip,
      left_mAh,
    ]),
    ['full pulse, every 10th cycle', fullPulseSteps(1000, 3000, FULL_PULSE_MS, FULL_PULSE_REST_MS, EVERY), 0],
  ];

  it('states what the function says', () => {
    const page = readFileSync(path.join(__dirname, '../../docs/diagnostics.md'), 'utf8');
    const cells = page.split('\n').map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
    for (const [name, steps, residual_mAh] of rows) {
      const cost = diagnosticCost(steps, residual_mAh * MC_PER_MAH);
      expect(cells).toContainEqual([
        name,
        (cost.time_ms / 60000).toFixed(1),
        (cost.charge_mC / MC_PER_MAH).toFixed(1),
        (cost.timePerCycle_ms / 60000).toFixed(2),
        (cost.chargePerCycle_mC / MC_PER_MAH).toFixed(1),
        (cost.charge_mC / CHARGE_MA / 60).toFixed(1),
      ]);
    }
  });

  it.each([1, 2, 3])('expects what the simulated cell leaves behind after %iC', (rate_C) => {
    const { fault, records } = cycle({ discharge_mA: 999 * rate_C, formationCycles: 0 }, 1000);
    expect(fault).toBe('none');
    const left_mAh = records[1]!.strip_mC / MC_PER_MAH;
    expect(Math.abs(left_mAh / RESIDUAL_MAH[rate_C - 1]! - 1)).toBeLessThan(0.05);
  });
});
