import { describe, expect, it } from 'vitest';
import { Fault } from '../../firmware/protect/faults';
import { Row } from '../../firmware/protect/protection';
import type { Inputs } from './inputs';
import { exampleLimits } from './limits';
import { bench, busyRows } from './superviseBench';

const limits = exampleLimits();

describe('lasting over-current', () => {
  const flows = (fault: Fault, of: number): ((inputs: Inputs) => void) => {
    const discharge = fault === Fault.LastingDischargeCurrent;
    const lasting_mA = discharge ? limits.lastingDischarge_mA : limits.lastingCharge_mA;
    return ({ sense, actuator }) => (sense.current_mA = actuator.set_mA = (discharge ? of : -of) * lasting_mA);
  };
  const both = [
    ['discharge', Fault.LastingDischargeCurrent],
    ['charge', Fault.LastingChargeCurrent],
  ] as const;

  it.each(both)('a tenth more for fifty seconds, more for less, the lasting current for ever: %s', (_, fault) => {
    const took_s = (of: number): number => bench().untilTripped(fault, 200000, flows(fault, of), 100) / 1000;
    expect(took_s(0.999)).toBe(Infinity);
    // The debounce comes on top.
    expect(took_s(1.1) - 50).toBeGreaterThan(0);
    expect(took_s(1.1) - 50).toBeLessThan(0.35);
    expect(Math.abs(took_s(1.2) - 10.5 / 0.44)).toBeLessThan(0.35);
    // No more than 1.9 times the lasting current counts.
    expect(Math.abs(took_s(1.9) - 10.5 / 2.61)).toBeLessThan(0.35);
    expect(took_s(2)).toBe(took_s(1.9));
  });

  it.each(both)('begins to take current away at half of that, and stops all of it at the end: %s', (_, fault) => {
    const { p, tick } = bench();
    const share = (): number => (fault === Fault.LastingDischargeCurrent ? p.discharge : p.charge);
    for (let t_s = 0; t_s < 24.8; t_s += 0.1) tick(flows(fault, 1.1));
    expect(share()).toBe(1);
    for (let t_s = 0; t_s < 12.5; t_s += 0.1) tick(flows(fault, 1.1));
    expect(share()).toBeCloseTo(0.5, 1);
    expect([p.charge, p.discharge].filter((room) => room === 1)).toHaveLength(1);
  });

  it.each(both)('cools as it has warmed, and goes on to be looked at until it has: %s', (_, fault) => {
    const { p, tick, untilTripped } = bench();
    for (let t_s = 0; t_s < 40; t_s += 0.1) tick(flows(fault, 1.1));
    expect(p.state[fault]).toBe(Row.Early);
    // 0.8 of what is allowed is gone after 8.4 s without a current; half of it is left after 4.2 s.
    for (let t_s = 0; t_s < 4.2; t_s += 0.1) tick();
    const again_s = untilTripped(fault, 100000, flows(fault, 1.1)) / 1000;
    expect(Math.abs(again_s - 30)).toBeLessThan(0.6);
    const rested = bench();
    for (let t_s = 0; t_s < 40; t_s += 0.1) rested.tick(flows(fault, 1.1));
    for (let t_s = 0; t_s < 60; t_s += 0.1) rested.tick();
    expect(Math.abs(rested.untilTripped(fault, 100000, flows(fault, 1.1)) / 1000 - 50)).toBeLessThan(0.35);
  });

  it('counts the time that passes between samples, not the samples', () => {
    const took_ms = [50, 100, 500].map((passed_ms) =>
      bench().untilTripped(Fault.LastingDischargeCurrent, 100000, flows(Fault.LastingDischargeCurrent, 1.1), passed_ms),
    );
    for (const ms of took_ms) expect(Math.abs(ms - 50000)).toBeLessThanOrEqual(1100);
  });

  it('a charge does not warm the discharge', () => {
    const { p, tick } = bench();
    for (let t_s = 0; t_s < 100; t_s += 0.1) tick(flows(Fault.LastingChargeCurrent, 1.5));
    expect(p.state[Fault.LastingChargeCurrent]).toBe(Row.Tripped);
    expect(p.state[Fault.LastingDischargeCurrent]).toBe(Row.Ok);
  });
});

describe('samples', () => {
  it('stuck: fifty equal ones in a row, and not one less', () => {
    const { p, tick } = bench();
    const same = ({ sense }: Inputs): void => void (sense.voltage_mV = 3700);
    tick(same);
    for (let k = 1; k < 50; k++) tick(same);
    expect(p.state[Fault.StuckData]).toBe(Row.Ok);
    tick(same);
    expect(p.state[Fault.StuckData]).toBe(Row.Tripped);
  });

  it.each<[what: string, change: (inputs: Inputs, k: number) => void]>([
    ['the voltage', ({ sense }, k) => (sense.voltage_mV = 3800 + (k % 20 === 0 ? 0.2 : 0))],
    ['the current', ({ sense }, k) => Object.assign(sense, { voltage_mV: 3800, current_mA: k % 20 === 0 ? 0.02 : 0 })],
  ])('are not stuck as long as %s moves now and then', (_, change) => {
    const { p, tick } = bench();
    for (let k = 0; k < 200; k++) tick((inputs) => change(inputs, k));
    expect(busyRows(p)).toBe(0);
  });

  it('an impossible slope is one at a steady current', () => {
    const slope = (mV_s: number, jump_mA: number): Row => {
      const { p, tick } = bench();
      let mV = 3800;
      for (let k = 0; k < 4; k++)
        tick(({ sense, actuator }) => {
          sense.voltage_mV = mV += mV_s / 10;
          sense.current_mA = actuator.set_mA = 500 + (k % 2) * jump_mA;
        });
      return p.state[Fault.ImpossibleSlope]!;
    };
    expect(slope(-4900, 49)).toBe(Row.Ok);
    expect(slope(-5100, 49)).toBe(Row.Tripped);
    expect(slope(5100, 49)).toBe(Row.Tripped);
    expect(slope(-5100, 50)).toBe(Row.Ok);
    expect(slope(-5100, 51)).toBe(Row.Ok);
    // A current that falls as much is no steadier.
    expect(slope(-5100, -51)).toBe(Row.Ok);
  });

  it('the slope is that over the time that has passed', () => {
    const { p, tick } = bench();
    let mV = 3400;
    for (let k = 0; k < 2; k++) tick(({ sense }) => (sense.voltage_mV = mV += 450), 100);
    expect(p.state[Fault.ImpossibleSlope]).toBe(Row.Ok);
    for (let k = 0; k < 5; k++) tick(({ sense }) => (sense.voltage_mV = mV -= 300), 50);
    expect(p.state[Fault.ImpossibleSlope]).toBe(Row.Tripped);
  });

  it('two at the same time have no slope', () => {
    const { p, tick } = bench();
    for (let k = 0; k < 4; k++) tick(({ sense }) => (sense.voltage_mV = 3800 + 200 * (k % 2)), 0);
    expect(p.state[Fault.ImpossibleSlope]).toBe(Row.Ok);
  });

  it.each<[what: string, voltage_mV: number, row: Row]>([
    ['0 V, an open wire', 0, Row.Tripped],
    ['0.26 V', 260, Row.Ok],
    ['5.24 V', 5240, Row.Ok],
    ['5.26 V', 5260, Row.Tripped],
  ])('%s: out of range or not', (_, voltage_mV, row) => {
    const { p, tick } = bench();
    for (let k = 0; k < 3; k++) tick(({ sense }) => (sense.voltage_mV = voltage_mV));
    expect(p.state[Fault.OutOfRange]).toBe(row);
  });

  it('the current is held against its set-point from 150 ms after a change on, in one row or the other', () => {
    const state = (set_mA: number, current_mA: number, sinceChange_ms: number): Row[] => {
      const { p, tick } = bench();
      for (let k = 0; k < 3; k++)
        tick(({ sense, actuator }) => {
          sense.current_mA = current_mA;
          actuator.set_mA = set_mA;
          actuator.since_ms = sense.at_ms - sinceChange_ms;
        });
      return [p.state[Fault.CurrentWhenOpen]!, p.state[Fault.CurrentNotFollowing]!];
    };
    const beyond_mA = limits.currentError_mA + 1;
    const within_mA = limits.currentError_mA - 1;
    expect(state(0, beyond_mA, 150)).toEqual([Row.Ok, Row.Ok]);
    expect(state(0, beyond_mA, 151)).toEqual([Row.Tripped, Row.Ok]);
    expect(state(0, -beyond_mA, 151)).toEqual([Row.Tripped, Row.Ok]);
    expect(state(0, within_mA, 151)).toEqual([Row.Ok, Row.Ok]);
    for (const set_mA of [1000, -100])
      for (const sign of [1, -1]) {
        expect(state(set_mA, set_mA + sign * beyond_mA, 150)).toEqual([Row.Ok, Row.Ok]);
        expect(state(set_mA, set_mA + sign * beyond_mA, 151)).toEqual([Row.Ok, Row.Tripped]);
        expect(state(set_mA, set_mA + sign * within_mA, 151)).toEqual([Row.Ok, Row.Ok]);
      }
  });

  it('each has its row', () => {
    const cases: [Fault, (inputs: Inputs) => void][] = [
      [Fault.OverVoltage, ({ sense }) => (sense.voltage_mV = limits.overVoltage_mV + 1)],
      [Fault.UnderVoltage, ({ sense }) => (sense.voltage_mV = limits.underVoltage_mV - 1)],
      [Fault.DeepDischarge, ({ sense }) => (sense.voltage_mV = limits.deepDischarge_mV - 1)],
      [Fault.OverDischargeCurrent, ({ sense }) => (sense.current_mA = limits.overDischarge_mA + 1)],
      [Fault.OverChargeCurrent, ({ sense }) => (sense.current_mA = -limits.overCharge_mA - 1)],
      [Fault.InvalidData, ({ sense }) => (sense.invalid = true)],
    ];
    for (const [fault, change] of cases) {
      const { p, tick } = bench();
      tick(change);
      expect(p.state[fault]).toBe(Row.Suspect);
      tick(change);
      expect(p.state[fault]).toBe(Row.Tripped);
      expect(p.charge * p.discharge).toBe(0);
    }
  });

  it('that are no numbers trip whatever looks at them, and nothing throws', () => {
    for (const [field, rows] of [
      ['voltage_mV', [Fault.OverVoltage, Fault.UnderVoltage, Fault.DeepDischarge, Fault.OutOfRange]],
      ['current_mA', [Fault.OverDischargeCurrent, Fault.OverChargeCurrent, Fault.CurrentWhenOpen]],
    ] as const) {
      const { p, tick } = bench();
      for (let k = 0; k < 2; k++) tick(({ sense }) => (sense[field] = NaN));
      for (const fault of rows) expect(p.state[fault]).toBe(Row.Tripped);
      expect([p.open, p.charge, p.discharge]).toEqual([true, 0, 0]);
    }
  });
});

describe('what may be wrong although nothing fresh was read', () => {
  it('each has its row, and stands in it until it is over', () => {
    const cases: [Fault, (inputs: Inputs) => void][] = [
      [Fault.FrontEnd, (inputs) => (inputs.alerted = true)],
      [Fault.NoAcknowledge, ({ sense }) => Object.assign(sense, { failedTicks: 2, at_ms: sense.at_ms - 1 })],
      [Fault.StaleData, ({ sense }) => (sense.at_ms -= limits.maxAge_ms + 1)],
      [Fault.BusStuck, ({ sense }) => Object.assign(sense, { failedTicks: 2, stuckTicks: 2, at_ms: sense.at_ms - 1 })],
    ];
    for (const [fault, change] of cases) {
      const { p, tick } = bench();
      tick(change);
      expect(p.state[fault]).toBe(Row.Tripped);
      expect(p.open).toBe(true);
      for (let t_ms = 0; t_ms < 4900; t_ms += 100) tick();
      expect(p.state[fault]).toBe(Row.Tripped);
      for (let t_ms = 0; t_ms < 300; t_ms += 100) tick();
      expect(p.state[fault]).toBe(fault === Fault.FrontEnd ? Row.Tripped : Row.Ok);
    }
  });

  it('one failed tick is none', () => {
    const { p, tick } = bench();
    tick(({ sense }) => Object.assign(sense, { failedTicks: 1, stuckTicks: 1, at_ms: sense.at_ms - 1 }));
    expect(busyRows(p)).toBe(0);
  });
});
