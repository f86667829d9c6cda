import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INTERRUPT_MS } from '../../firmware/protocol/interrupts';
import { type CycleRecord, EndedBy } from '../../firmware/protocol/protocol';
import { createStep, type ProtocolStep, Steered, StepKind } from '../../firmware/protocol/step';
import { CELL_MC, follow, interruptsOf, repeat, type Disturb, type Stretch, type Trace } from './follow';

const { Rest, Charge, Discharge, SlowStrip } = StepKind;

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
