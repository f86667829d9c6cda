import { describe, expect, it } from 'vitest';
import { anodeFreeCell } from '../../firmware/config/anodeFree';
import { cyclerConfig, type Diagnostics } from '../../firmware/config/defaults';
import { Steered, StepKind } from '../../firmware/protocol/step';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';

it('a board without a configuration takes its cell for the one of the profile afl-l1', () => {
  expect(anodeFreeCell()).toEqual(cellModelOf(loadProfile('afl-l1')));
});

describe('the configuration of a cycler channel', () => {
  const cell = { capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 };
  const config = (more: Partial<Diagnostics>, discharge_C = 1) =>
    cyclerConfig(cell, 0.2, discharge_C, 0, { interrupts: 4, slowStripEvery: 10, ...more });

  it('has no hold, no check-up and nothing to steer unless they are asked for', () => {
    const { protocol } = config({});
    expect(protocol.every((step) => step.steer === undefined && step.time_ms >= 0 && step.every >= 0)).toBe(true);
    expect(protocol.map((step) => step.kind)).toEqual([1, 0, 2, 0, 3, 1, 0, 2, 0, 4, 0, 3]);
  });

  it('has the rates of what is asked for, and limits that let the steering have its fastest', () => {
    const { protocol, limits } = config({ steerTo_C: 3, checkupEvery: 20, hold: true });
    const main = protocol.slice(5).map((step) => [step.kind, step.current_mA, step.steer]);
    expect(main).toEqual([
      [StepKind.Charge, 200, undefined],
      [StepKind.Hold, 50, undefined],
      [StepKind.Rest, 0, undefined],
      [StepKind.Discharge, 1000, Steered.Rate],
      [StepKind.Discharge, 200, Steered.Checkup],
      [StepKind.Rest, 0, Steered.Rest],
      [StepKind.SlowStrip, 100, Steered.Tail],
      [StepKind.Rest, 0, undefined],
      [StepKind.SlowStrip, 50, undefined],
      [StepKind.Rest, 0, undefined],
      [StepKind.Repeat, 0, undefined],
    ]);
    expect(limits).toEqual(config({}, 3).limits);
    expect(limits.overDischarge_mA).toBeGreaterThan(3000);
    expect(limits.overCharge_mA).toBe(config({}).limits.overCharge_mA);
  });

  it('lets a check-up be faster than the discharge', () => {
    const { limits, protocol } = config({ checkupEvery: 5 }, 0.05);
    const checkup = protocol.find((step) => step.steer === Steered.Checkup);
    expect(checkup!.current_mA).toBeLessThan(limits.overDischarge_mA);
  });
});
