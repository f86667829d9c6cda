import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargeCounter } from '../../firmware/count/charge';
import { INTERRUPT_MS } from '../../firmware/protocol/interrupts';
import {
  createRun,
  createStep,
  type CycleRecord,
  EndedBy,
  nearTransition,
  type ProtocolStep,
  type Run,
  resume,
  runProtocol,
  Steered,
  StepKind,
  Wait,
  wished,
} from '../../firmware/protocol/protocol';
import type { Sense } from '../../firmware/sense/sense';
import type { Limits } from '../../firmware/config/config';
import { faultName } from '../../firmware/protect/names';
import { channelConfig } from '../../sim/campaign/channelRun';
import { cyclerProtocol } from '../../firmware/protocol/cycler';
import { channelBench } from './channelBench';
import { loadProfile } from '../../sim/profiles/profile';

/** Lets currents of this size pass. */
function allow(limits: Limits, most_mA: number): void {
  limits.overCharge_mA = limits.overDischarge_mA = most_mA;
  limits.lastingCharge_mA = limits.lastingDischarge_mA = 0.95 * most_mA;
}

const profile = loadProfile('afl-l1');
const NO_DIAGNOSTICS = {
  interrupts: 0,
  slowStripEvery: 0,
  slowStrip_mA: 0,
  slowStripRest_ms: 0,
  fullPulseEvery: 0,
  holdTo_mA: 0,
  hold_ms: 0,
  steered: false,
  tail_mA: 0,
  checkupEvery: 0,
  checkup_mA: 0,
};
const protocol = (cycles: number) => channelConfig(profile, { charge_C: 1, discharge_C: 2, cycles }).protocol;

describe('the cycler protocol', () => {
  it('is formation twice and then the cycle under test', () => {
    const steps = protocol(3);
    expect(steps.map((step) => step.kind)).toEqual([1, 0, 2, 0, 3, 1, 0, 2, 0, 3]);
    expect(steps[4]).toMatchObject({ to: 0, times: 2 });
    expect(steps[9]).toMatchObject({ to: 5, times: 3 });
    expect(steps[7]!.current_mA).toBeCloseTo(1998);
    expect(steps.every((step) => step.interrupts === 0 && step.every === 0)).toBe(true);
  });

  it('holds the diagnostics that are asked for', () => {
    const steps = cyclerProtocol({
      ...NO_DIAGNOSTICS,
      formationCycles: 2,
      formation_mA: 100,
      formationRest_ms: 600000,
      charge_mA: 200,
      discharge_mA: 1000,
      rest_ms: 300000,
      chargeTo_mV: 4300,
      dischargeTo_mV: 3000,
      cycles: 0,
      interrupts: 4,
      slowStripEvery: 10,
      slowStrip_mA: 50,
      slowStripRest_ms: 1800000,
      fullPulseEvery: 5,
    });
    const { Rest, Charge, Discharge, Repeat, SlowStrip } = StepKind;
    const row = (step: ProtocolStep): number[] => [
      step.kind,
      step.current_mA,
      step.time_ms,
      step.interrupts,
      step.every,
    ];
    expect(steps.map(row)).toEqual([
      [Charge, 100, 0, 0, 0],
      [Rest, 0, 600000, 0, 0],
      [Discharge, 100, 0, 4, 0],
      [Rest, 0, 600000, 0, 0],
      [Repeat, 0, 0, 0, 0],
      [Charge, 200, 0, 0, 0],
      [Rest, 0, 300000, 0, 0],
      [Discharge, 1000, 10000, 0, 5],
      [Rest, 0, 40000, 0, 5],
      [Discharge, 1000, 0, 4, 0],
      [Rest, 0, 1800000, 0, 10],
      [SlowStrip, 50, 0, 0, 10],
      [Rest, 0, 300000, 0, 0],
      [Repeat, 0, 0, 0, 0],
    ]);
    expect(steps.map(({ to, times }) => [to, times]).filter(([to, times]) => to || times)).toEqual([
      [0, 2],
      [5, 0],
    ]);
    expect(steps.filter((step) => step.current_mA > 0 && step.kind !== Charge).map((step) => step.until_mV)).toEqual(
      Array(4).fill(3000),
    );
  });

  it('holds what the steering may change, check-ups and a hold, after formation alone', () => {
    const { Rest, Charge, Discharge, Repeat, SlowStrip, Hold } = StepKind;
    const { Rate, Tail, Checkup } = Steered;
    const all = {
      ...NO_DIAGNOSTICS,
      formationCycles: 1,
      formation_mA: 100,
      formationRest_ms: 600000,
      charge_mA: 200,
      discharge_mA: 1000,
      rest_ms: 300000,
      chargeTo_mV: 4300,
      dischargeTo_mV: 3000,
      cycles: 0,
      interrupts: 4,
      holdTo_mA: 50,
      hold_ms: 3600000,
      steered: true,
      tail_mA: 90,
      checkupEvery: 20,
      checkup_mA: 210,
    };
    const rows = (steps: ProtocolStep[]): (number | undefined)[][] =>
      steps.map((step) => [
        step.kind,
        step.current_mA,
        step.until_mV,
        step.time_ms,
        step.interrupts,
        step.every,
        step.steer,
      ]);
    const first = [
      [Charge, 100, 4300, 0, 0, 0, undefined],
      [Rest, 0, 0, 600000, 0, 0, undefined],
      [Discharge, 100, 3000, 0, 4, 0, undefined],
      [Rest, 0, 0, 600000, 0, 0, undefined],
      [Repeat, 0, 0, 0, 0, 0, undefined],
      [Charge, 200, 4300, 0, 0, 0, undefined],
    ];
    const last = [
      [Rest, 0, 0, 300000, 0, 0, undefined],
      [Repeat, 0, 0, 0, 0, 0, undefined],
    ];
    expect(rows(cyclerProtocol(all))).toEqual([
      ...first,
      [Hold, 50, 4300, 3600000, 0, 0, undefined],
      [Rest, 0, 0, 300000, 0, 0, undefined],
      [Discharge, 1000, 3000, 0, 4, -20, Rate],
      [Discharge, 210, 3000, 0, 4, 20, Checkup],
      [Rest, 0, 0, -1, 0, -20, Steered.Rest],
      [SlowStrip, 90, 3000, -1, 0, -20, Tail],
      ...last,
    ]);
    expect(rows(cyclerProtocol({ ...all, holdTo_mA: 0, tail_mA: 0, checkupEvery: 0 }))).toEqual([
      ...first,
      [Rest, 0, 0, 300000, 0, 0, undefined],
      [Discharge, 1000, 3000, 0, 4, 0, Rate],
      ...last,
    ]);
  });

  it('runs on the chips: the record holds the charge that really passed, and the run ends after its cycles', () => {
    const bench = channelBench('rest', (config) => {
      config.protocol = cyclerProtocol({
        formationCycles: 1,
        formation_mA: 999,
        formationRest_ms: 60000,
        charge_mA: 999,
        discharge_mA: 1998,
        rest_ms: 60000,
        chargeTo_mV: 4300,
        dischargeTo_mV: 3000,
        cycles: 2,
        ...NO_DIAGNOSTICS,
      });
      allow(config.limits, 3000);
    });
    const { bms, channel } = bench;
    let charged_mC = 0;
    let discharged_mC = 0;
    let finished = 0;
    let at_ms = 0;
    const truth: number[][] = [];
    bench.run(1e8, () => {
      const passed_mC = channel.current_A * (channel.clock.now_ms - at_ms);
      at_ms = channel.clock.now_ms;
      if (passed_mC > 0) discharged_mC += passed_mC;
      else charged_mC -= passed_mC;
      if (bms.run.finished !== finished) {
        finished = bms.run.finished;
        truth.push([charged_mC, discharged_mC, bms.run.last.charge_mC, bms.run.last.discharge_mC]);
        expect(bms.run.last).toMatchObject({ chargeEnd: EndedBy.Voltage, dischargeEnd: EndedBy.Voltage });
        charged_mC = discharged_mC = 0;
      }
      return !bms.run.running;
    });
    expect(faultName(bms.protection.fault)).toBe('none');
    expect(truth).toHaveLength(3);
    expect(bms.run.last.n).toBe(2);
    // Gain error of the current monitor 1e-4, its offset, and the samples at the edges.
    for (const [charge, discharge, countedCharge, countedDischarge] of truth as [number, number, number, number][]) {
      expect(Math.abs(countedCharge / charge - 1)).toBeLessThan(5e-4);
      expect(Math.abs(countedDischarge / discharge - 1)).toBeLessThan(5e-4);
    }
    bench.run(10000);
    expect(channel.current_A).toBe(0);
  });

  it('a slower tick on the plateaus ends its steps where the fast one does', () => {
    const capacity = (period_ms: number): number => {
      const bench = channelBench('discharge', (config) => (config.pace.period_ms = period_ms));
      bench.run(1e7, () => !bench.bms.run.running);
      expect(faultName(bench.bms.protection.fault)).toBe('none');
      return bench.bms.counter.charge_mC / 3600;
    };
    const [fast, slow] = [capacity(100), capacity(1000)];
    expect(Math.abs(slow - fast)).toBeLessThan(999 / 3600); // mAh: less than one slow tick of about 3300
  });
});

/** A time of one wish within one step; `from_mC` is the step's charge when it began. */
interface Stretch {
  index: number;
  current_mA: number;
  from_ms: number;
  to_ms: number;
  from_mC: number;
}

/** What a run did. */
interface Trace {
  stretches: Stretch[];
  records: CycleRecord[];
  charge_mC: number;
}

/** A voltage read instead of the cell's [mV], or undefined; `since_ms` the present stretch began. */
type Disturb = (since_ms: number, now: Stretch, before: Stretch | undefined) => number | undefined;

const { Rest, Charge, Discharge, Repeat, SlowStrip, Hold, Power } = StepKind;
const CELL_MC = 3600;
const repeat = (times: number, to = 0): ProtocolStep => ({ ...createStep(Repeat, 0, 0, 0), times, to });

/** Runs steps on a cell of 1 mAh whose voltage is a straight line, 3 V empty and 4 V full, less 10 mV per mA. */
function follow(
  steps: ProtocolStep[],
  more: { period_ms?: number; until_ms?: number; disturb?: Disturb; steer?: (run: Run) => void } = {},
): Trace {
  const { period_ms = 100, until_ms = Infinity, disturb, steer } = more;
  const run = createRun(steps);
  const counter = { charge_mC: 0 } as ChargeCounter;
  const sense = { voltage_mV: 0 } as Sense;
  const trace: Trace = { stretches: [], records: [], charge_mC: 0 };
  const { stretches } = trace;
  let last = { current_mA: 0, voltage_mV: 3000, at_ms: 0 };
  for (let now_ms = 100, dt_ms = 100; run.running && now_ms < until_ms; now_ms += dt_ms) {
    counter.charge_mC += (last.current_mA * (now_ms - last.at_ms)) / 1000;
    const voltage_mV = 3000 - (1000 * counter.charge_mC) / CELL_MC - 10 * last.current_mA;
    const stretch = stretches.at(-1);
    sense.voltage_mV = (stretch && disturb?.(now_ms - stretch.from_ms, stretch, stretches.at(-2))) ?? voltage_mV;
    const { finished } = run;
    let current_mA = runProtocol(run, sense, counter, now_ms);
    if (run.waits !== Wait.Nothing) {
      if (run.steps[run.index]?.steer === Steered.Rate) steer?.(run);
      resume(run, now_ms);
      current_mA = wished(run, sense);
    }
    expect(run.finished - finished).toBeLessThanOrEqual(1);
    if (run.finished > finished) trace.records.push({ ...run.last });
    if (!stretch || stretch.index !== run.index || stretch.current_mA !== current_mA) {
      if (stretch) stretch.to_ms = now_ms;
      const from_mC = counter.charge_mC - run.beganCharge_mC;
      stretches.push({ index: run.index, current_mA, from_ms: now_ms, to_ms: Infinity, from_mC });
    }
    const slope_mV_ms = (voltage_mV - last.voltage_mV) / (now_ms - last.at_ms);
    last = { current_mA, voltage_mV, at_ms: now_ms };
    dt_ms = nearTransition(run, sense, counter.charge_mC, slope_mV_ms, 3000, now_ms) ? 100 : period_ms;
  }
  trace.charge_mC = counter.charge_mC;
  return trace;
}

/** The interrupts of the step at `index`. */
function interruptsOf(trace: Trace, index: number): Stretch[] {
  return trace.stretches.filter((one) => one.index === index && one.current_mA === 0);
}

describe('interrupts of a discharge', () => {
  const cycling = (count: number, current_mA: number, times: number): ProtocolStep[] => [
    createStep(Charge, 10, 4000, 0),
    { ...createStep(Discharge, current_mA, 3000, 0), interrupts: count },
    repeat(times),
  ];

  it('last ten seconds each, evenly spaced in charge within nine tenths of what the discharge last gave', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 5, max: 40 }),
        fc.constantFrom(100, 1000),
        (count, current_mA, period_ms) => {
          const steps = cycling(count, current_mA, 2);
          const trace = follow(steps, { period_ms });
          const all = interruptsOf(trace, 1);
          const first = trace.records[0] as CycleRecord;
          // Before there was a discharge, the charge stands for it.
          const expected = [first.charge_mC, first.discharge_mC].flatMap((capacity_mC) =>
            Array.from({ length: count }, (_, k) => (0.9 * capacity_mC * (k + 1)) / (count + 1)),
          );
          // The charge gives more than this discharge when the polarisations differ: some of the first may not come.
          // The first discharge may be faster than the charge was and end before its last interrupts.
          const missed = expected.splice(all.length - count, 2 * count - all.length);
          // The last tick may have seen the cut-off and an interrupt fall due at once.
          for (const charge_mC of missed)
            expect(charge_mC).toBeGreaterThanOrEqual(first.discharge_mC - current_mA * 0.1 - 1e-6);
          expect(all.length).toBeGreaterThanOrEqual(count);
          all.forEach(({ from_mC, from_ms, to_ms }, k) => {
            expect(from_mC - expected[k]!).toBeGreaterThanOrEqual(-1e-6);
            expect(from_mC - expected[k]!).toBeLessThanOrEqual(current_mA * 0.1 + 1e-6);
            expect(to_ms - from_ms).toBe(INTERRUPT_MS);
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('leave the charge of the discharge as it is', () => {
    const [none, many] = [0, 6].map((count) => follow(cycling(count, 20, 3)).records);
    for (let k = 0; k < 3; k++)
      expect(Math.abs(many![k]!.discharge_mC - none![k]!.discharge_mC)).toBeLessThanOrEqual(20 * 0.1 + 1e-6);
  });

  it('hide the cut-off until a second after them, and no longer', () => {
    const steps = cycling(1, 20, 1);
    /** The parts of the discharge when the voltage is far too low in its interrupt and for so long after it. */
    const parts = (low_ms: number): Stretch[] => {
      const disturb: Disturb = (since_ms, now, before) => {
        const interrupt = now.index === 1 && now.current_mA === 0;
        const after = before?.index === 1 && before.current_mA === 0 && since_ms < low_ms;
        return interrupt || after ? 1000 : undefined;
      };
      return follow(steps, { disturb }).stretches.filter((one) => one.index === 1);
    };
    const plain = follow(steps).stretches.filter((one) => one.index === 1);
    expect(plain.map((one) => one.current_mA)).toEqual([20, 0, 20]);
    expect(parts(1000)).toEqual(plain);
    const short = parts(1100);
    expect(short.map((one) => one.current_mA)).toEqual([20, 0, 20]);
    expect(short[2]!.to_ms - short[2]!.from_ms).toBe(1000);
  });

  it('do not count towards the time limit', () => {
    const steps = [
      createStep(Charge, 10, 4000, 0),
      { ...createStep(Discharge, 10, 3000, 250000), interrupts: 2 },
      createStep(Rest, 0, 0, 1000),
    ];
    const trace = follow(steps);
    const parts = trace.stretches.filter((one) => one.index === 1);
    expect(parts.map((one) => one.current_mA)).toEqual([10, 0, 10, 0, 10]);
    expect(parts.at(-1)!.to_ms - parts[0]!.from_ms).toBe(250000 + 2 * INTERRUPT_MS);
  });

  it('do not come when nothing is known of the capacity, nor from a configuration without the field', () => {
    const alone = [{ ...createStep(Discharge, 10, 2000, 60000), interrupts: 3 }];
    expect(follow(alone).stretches.map((one) => one.current_mA)).toEqual([10, 0]);
    const old = cycling(0, 20, 2).map(({ interrupts: _, every: __, ...step }) => step as ProtocolStep);
    expect(follow(old)).toEqual(follow(cycling(0, 20, 2)));
  });
});

describe('steps of some turns', () => {
  const visits = (trace: Trace): number[] => trace.stretches.map((one) => one.index);

  it('are passed over in the others without taking time', () => {
    const rest = (every: number): ProtocolStep => ({ ...createStep(Rest, 0, 0, 1000), every });
    const trace = follow([rest(2), rest(0), rest(3), rest(1), repeat(6)]);
    expect(visits(trace)).toEqual([[1, 3], [0, 1, 3], [1, 2, 3], [0, 1, 3], [1, 3], [0, 1, 2, 3], [5]].flat());
    for (const { from_ms, to_ms } of trace.stretches.slice(0, -1)) expect(to_ms - from_ms).toBe(1000);
    expect(trace.records.map((one) => one.n)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('count the turns of their own loop', () => {
    const rest = (every: number): ProtocolStep => ({ ...createStep(Rest, 0, 0, 1000), every });
    const trace = follow([rest(0), repeat(3), rest(2), rest(0), repeat(4, 2)]);
    expect(visits(trace)).toEqual([0, 0, 0, 3, 2, 3, 3, 2, 3, 5].filter((index, k, all) => index !== all[k - 1]));
    expect(trace.records.map((one) => [one.loop, one.n])).toEqual([
      ...[1, 2, 3].map((n) => [1, n]),
      ...[1, 2, 3, 4].map((n) => [4, n]),
    ]);
  });

  it('may be all that a loop has: each empty turn is one cycle and one tick', () => {
    const trace = follow([{ ...createStep(Rest, 0, 0, 1000), every: 3 }, repeat(0)], { until_ms: 10000 });
    expect(trace.records.slice(0, 3).map((one) => one.at_ms)).toEqual([100, 200, 1200]);
  });
});

describe('a slow strip', () => {
  it('is counted apart, in the turns that have one, and the balance of each cycle holds', () => {
    const steps = [
      createStep(Charge, 10, 4000, 0),
      createStep(Discharge, 40, 3000, 0),
      { ...createStep(Rest, 0, 0, 60000), every: 2 },
      { ...createStep(SlowStrip, 5, 3000, 0), every: 2 },
      repeat(4),
    ];
    const { records, charge_mC } = follow(steps);
    expect(records.map((one) => one.stripEnd)).toEqual(
      [0, 1, 0, 1].map((on) => (on ? EndedBy.Voltage : EndedBy.Nothing)),
    );
    for (const { n, discharge_mC, strip_mC } of records) {
      // 400 mV of polarisation leave four tenths behind, 50 mV a twentieth.
      if (n > 1) expect(discharge_mC).toBeLessThan(CELL_MC);
      if (n % 2 === 1) expect(strip_mC).toBe(0);
      else expect(strip_mC).toBeCloseTo(0.35 * CELL_MC, -1);
    }
    const net_mC = records.reduce((sum, one) => sum + one.discharge_mC + one.strip_mC - one.charge_mC, 0);
    expect(net_mC).toBeCloseTo(charge_mC, 6);
  });
});

describe('a steered discharge', () => {
  const steps = (): ProtocolStep[] => {
    const main = { ...createStep(Discharge, 40, 3000, 0), steer: Steered.Rate };
    const rest = { ...createStep(Rest, 0, 0, -1), steer: Steered.Rest };
    const tail = { ...createStep(SlowStrip, 5, 3000, -1), steer: Steered.Tail };
    return [createStep(Charge, 10, 4000, 0), main, rest, tail, createStep(Rest, 0, 0, 1000), repeat(4)];
  };

  it('has the current that it is given in the tick in which it begins, from that tick on', () => {
    const given = [20, 30, 10, 15];
    let turn = 0;
    const { stretches } = follow(steps(), { steer: (run) => (run.steps[run.index]!.current_mA = given[turn++]!) });
    expect(stretches.filter((one) => one.index === 1).map((one) => [one.current_mA, one.from_mC])).toEqual(
      given.map((current_mA) => [current_mA, 0]),
    );
  });

  it('has a rest and a tail behind it in the turns in which the steering gives them a time', () => {
    const times = [
      [-1, -1],
      [60000, 90000],
      [30000, -1],
      [60000, 0],
    ];
    let turn = 0;
    const { stretches, records } = follow(steps(), {
      steer: (run) => {
        [run.steps[2]!.time_ms, run.steps[3]!.time_ms] = times[turn++] as [number, number];
      },
    });
    const time_ms = (index: number): number[] =>
      stretches.filter((one) => one.index === index).map((one) => one.to_ms - one.from_ms);
    expect(stretches.map((one) => one.index)).toEqual([0, 1, 4, 0, 1, 2, 3, 4, 0, 1, 2, 4, 0, 1, 2, 3, 4, 6]);
    expect(time_ms(2)).toEqual([60000, 30000, 60000]);
    expect(time_ms(3)[0]).toBe(90000);
    const { Nothing, Time, Voltage } = EndedBy;
    expect(records.map((one) => one.stripEnd)).toEqual([Nothing, Time, Nothing, Voltage]);
    expect(records[1]!.strip_mC).toBeCloseTo(5 * 90, 6);
    // The unbounded one: from 400 mV of polarisation down to 50 mV.
    expect(records[3]!.strip_mC).toBeCloseTo(0.35 * CELL_MC, -1);
  });
});

describe('a check-up', () => {
  const steps = (every: number, times: number): ProtocolStep[] => [
    createStep(Charge, 10, 4000, 0),
    { ...createStep(Discharge, 40, 3000, 0), interrupts: 2, every: -every },
    { ...createStep(Discharge, 2, 3000, 0), interrupts: 2, every, steer: Steered.Checkup },
    repeat(times),
  ];

  it('takes the place of the main discharge in its turns alone, and the record says so', () => {
    const { stretches, records } = follow(steps(3, 7));
    const visits = stretches.map((one) => one.index).filter((index, k, all) => index !== all[k - 1]);
    expect(visits).toEqual([0, 1, 0, 1, 0, 2, 0, 1, 0, 1, 0, 2, 0, 1, 4]);
    expect(records.map((one) => one.checkup)).toEqual([false, false, true, false, false, true, false]);
    // It ends with 20 mV of polarisation and not 400.
    expect(records[2]!.discharge_mC - records[1]!.discharge_mC).toBeCloseTo(0.38 * CELL_MC, -1);
  });

  it('leaves each discharge the interrupts that its own last capacity gives', () => {
    const trace = follow(steps(3, 7));
    const { records } = trace;
    const main = interruptsOf(trace, 1).map((one) => one.from_mC);
    const slow = interruptsOf(trace, 2).map((one) => one.from_mC);
    const thirds = (capacity_mC: number): number[] => [0.3 * capacity_mC, 0.6 * capacity_mC];
    const near = (found: number[], expected: number[], tick_mC: number): void =>
      expected.forEach((charge_mC, k) => {
        expect(found[k]! - charge_mC).toBeGreaterThan(-1e-6);
        expect(found[k]! - charge_mC).toBeLessThan(tick_mC + 1e-6);
      });
    // The fourth cycle's main discharge goes by the second's, over the check-up between them; the second check-up by the first.
    near(main.slice(-4, -2), thirds(records[3]!.discharge_mC), 40 * 0.1 + 0.001 * CELL_MC);
    near(slow.slice(-2), thirds(records[2]!.discharge_mC), 2 * 0.1);
    expect(slow).toHaveLength(4);
  });

  it('may be in each turn', () => {
    const { stretches, records } = follow(steps(1, 2));
    expect(new Set(stretches.map((one) => one.index))).toEqual(new Set([0, 2, 4]));
    expect(records.map((one) => one.checkup)).toEqual([true, true]);
  });

  it('is forgotten in a turn without a discharge', () => {
    // Two records take turns: the third turn's held the first one's.
    const { records } = follow([
      { ...createStep(Charge, 10, 4000, 0), every: -3 },
      { ...createStep(Discharge, 2, 3000, 0), every: -3, steer: Steered.Checkup },
      { ...createStep(Rest, 0, 0, 1000), every: 3 },
      repeat(3),
    ]);
    expect(records.map((one) => one.checkup)).toEqual([true, true, false]);
  });
});

describe('a hold at the cut-off of a charge, through the chips', () => {
  const LIMIT_MA = 50;
  const holds = (charge_mA: number, noise: number, period_ms: number, hold_ms: number) => {
    const bench = channelBench('rest', (config) => {
      const charge = createStep(Charge, charge_mA, 4300, 0);
      config.protocol = [charge, createStep(Hold, LIMIT_MA, 4300, hold_ms), createStep(Rest, 0, 0, 1000), repeat(1)];
      config.pace.period_ms = period_ms;
      allow(config.limits, 2000);
    });
    const { bms, channel } = bench;
    const errors = (channel.ina as unknown as { errors: { busNoise_V: number } }).errors;
    errors.busNoise_V *= noise;
    const found = { voltages_mV: [] as number[], wishes_mA: [] as number[], passed_mC: 0, time_ms: 0 };
    let at_ms = 0;
    bench.run(1e8, () => {
      const now_ms = channel.clock.now_ms;
      found.passed_mC -= channel.current_A * (now_ms - at_ms);
      if (bms.run.index === 1) {
        found.voltages_mV.push(channel.cell.voltage_V * 1000);
        found.wishes_mA.push(-bms.actuator.wish_mA);
        found.time_ms += now_ms - at_ms;
      }
      at_ms = now_ms;
      return !bms.run.running || bms.protection.fault !== 0;
    });
    expect(faultName(bms.protection.fault)).toBe('none');
    return { ...found, last: bms.run.last };
  };

  it.each([
    [1000, 1, 100],
    [1000, 3, 100],
    [1000, 1, 1000],
    [200, 1, 100],
    [200, 3, 100],
  ])(
    'from %i mA, noise times %i, at a pace of %i ms: within millivolts, until the current has fallen',
    (charge_mA, noise, period_ms) => {
      const { voltages_mV, wishes_mA, passed_mC, last } = holds(charge_mA, noise, period_ms, 0);
      expect(last.chargeEnd).toBe(EndedBy.Current);
      expect(Math.max(...voltages_mV)).toBeLessThan(4300 + 2);
      expect(Math.min(...voltages_mV)).toBeGreaterThan(4300 - 4);
      expect(wishes_mA[0]).toBe(charge_mA);
      for (let k = 1; k < wishes_mA.length; k++) expect(wishes_mA[k]!).toBeLessThanOrEqual(wishes_mA[k - 1]!);
      expect(wishes_mA.at(-1)).toBeLessThan(LIMIT_MA * 1.02);
      expect(wishes_mA.at(-1)).toBeGreaterThan(LIMIT_MA);
      expect(Math.abs(last.charge_mC / passed_mC - 1)).toBeLessThan(5e-4);
    },
  );

  it('ends after its time, and at once without a charge before it', () => {
    const { last, time_ms } = holds(1000, 1, 100, 120000);
    expect(last.chargeEnd).toBe(EndedBy.Time);
    expect(time_ms).toBe(120000);
    const alone = follow([createStep(Hold, 1, 4000, 0), createStep(Rest, 0, 0, 1000)]);
    expect(alone.charge_mC).toBe(0);
    expect(alone.stretches[0]!.to_ms - alone.stretches[0]!.from_ms).toBe(100);
  });
});

describe('a discharge of constant power, through the chips', () => {
  const POWER_MW = 5000;
  const powers = (time_ms: number) => {
    const bench = channelBench('rest', (config) => {
      config.protocol = [createStep(Power, POWER_MW, 3000, time_ms), createStep(Rest, 0, 0, 1000), repeat(1)];
      allow(config.limits, 3000);
    });
    const { bms, channel } = bench;
    const found = { powers_mW: [] as number[], changes: 0, passed_mC: 0, time_ms: 0 };
    let at_ms = 0;
    let wish_mA = 0;
    bench.run(1e8, () => {
      const now_ms = channel.clock.now_ms;
      if (bms.selfTest === undefined) found.passed_mC += channel.current_A * (now_ms - at_ms);
      if (channel.current_A > 0 && bms.selfTest === undefined) {
        found.powers_mW.push(channel.current_A * channel.cell.voltage_V * 1000);
        found.time_ms += now_ms - at_ms;
      }
      if (bms.actuator.wish_mA !== wish_mA) found.changes++;
      wish_mA = bms.actuator.wish_mA;
      at_ms = now_ms;
      return !bms.run.running || bms.protection.fault !== 0;
    });
    expect(faultName(bms.protection.fault)).toBe('none');
    return { ...found, run: bms.run };
  };

  it('keeps its power while the voltage falls, and counts as the discharge', () => {
    const { powers_mW, changes, passed_mC, run } = powers(0);
    // The first tick goes by the voltage at rest; then a 256th, the power stage's gain and the monitor's errors.
    expect(Math.abs(powers_mW[0]! / POWER_MW - 1)).toBeLessThan(0.01);
    for (const power_mW of powers_mW.slice(1)) expect(Math.abs(power_mW / POWER_MW - 1)).toBeLessThan(1 / 256 + 0.003);
    expect(run.last.dischargeEnd).toBe(EndedBy.Voltage);
    expect(run.capacity_mC[0]).toBe(run.last.discharge_mC);
    expect(Math.abs(run.last.discharge_mC / passed_mC - 1)).toBeLessThan(5e-4);
    expect(changes).toBeGreaterThan(50);
    expect(changes).toBeLessThan(200);
  });

  it('ends after its time', () => {
    const { time_ms, run } = powers(60000);
    expect(time_ms).toBe(60000);
    expect(run.last.dischargeEnd).toBe(EndedBy.Time);
  });
});
