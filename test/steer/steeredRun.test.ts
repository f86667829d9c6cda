import { describe, expect, it } from 'vitest';
import { Steered } from '../../firmware/protocol/step';
import { Recovery, Steer } from '../../firmware/steer/steering';
import { ChannelRun } from '../../sim/campaign/channelRun';
import type { CyclingRun, Observation } from '../../sim/campaign/cyclingRun';
import { SteeredRun } from '../../sim/campaign/steeredRun';
import { InputError } from '../../sim/errors';
import { believedCell, drawnCell } from '../../sim/profiles/drawn';
import { loadProfile } from '../../sim/profiles/profile';
import { LONG } from '../long';

const options = {
  charge_C: 0.2,
  discharge_C: 1,
  cycles: 400,
  temperature_C: 25,
  seed: 1,
  interrupts: 4,
  sampleEvery_s: Infinity,
};
const l1 = loadProfile('afl-l1');
const l2 = loadProfile('afl-l2');

function live(run: CyclingRun, cycles: number): Observation[] {
  const observed: Observation[] = [];
  while (observed.length < cycles && run.stopped === undefined) {
    const cycle = run.advance(1000);
    if (cycle) observed.push(cycle);
  }
  return observed;
}

describe('a steered run', () => {
  it('finds the rate of another electrolyte than it was told, in its second cycle', () => {
    const rate = (truth = l1): number =>
      live(new SteeredRun(truth, { ...options, strategy: 'adaptive' }, l1), 3)[2]!.rate_C!;
    expect(rate(l2) / rate(l1)).toBeCloseTo(l2.parameters.ilim / l1.parameters.ilim, 1);
  });

  it.skipIf(!LONG)('chooses the same as the whole firmware on its chips', () => {
    const truth = drawnCell(l1, 1);
    const told = believedCell(l1, 1);
    const strategy = 'adaptive+tail';
    const bare = live(new SteeredRun(truth, { ...options, strategy }, told), 16);
    const chips = live(new ChannelRun(truth, { ...options, strategy }, told), 16);
    expect(bare).toHaveLength(16);
    expect(chips).toHaveLength(16);
    chips.forEach((cycle, k) => {
      expect(cycle.rate_C! / bare[k]!.rate_C!).toBeCloseTo(1, 1);
      expect(cycle.action).toBe(bare[k]!.action);
      expect(Math.abs(cycle.recovery_s! - bare[k]!.recovery_s!)).toBeLessThan(120);
    });
  });

  it('keeps tails within the time that it was given', () => {
    const observed = live(new SteeredRun(l1, { ...options, strategy: 'adaptive+tail', recovery_min: 10 }), 20);
    expect(Math.max(...observed.map((cycle) => cycle.recovery_s!))).toBeGreaterThan(500);
    for (const { recovery_s } of observed) expect(recovery_s).toBeLessThanOrEqual(610);
  });

  it('gives up tails on a cell that they hurt', () => {
    const run = new SteeredRun(l1, { ...options, strategy: 'adaptive+tail', plant: 'detailed' }, l1);
    const observed = live(run, 40);
    expect(observed.filter((cycle) => cycle.action!.endsWith('tail'))).toHaveLength(1);
    expect(run.steering!.s[Steer.candidate]).not.toBe(Recovery.Tail);
  });

  it('slows down at the end of life when asked to, and not before', () => {
    const observed = live(new SteeredRun(drawnCell(l1, 8), { ...options, strategy: 'adaptive+taper' }, l1), 60);
    const first = observed[0]!.checkup_mAh;
    const slow = observed.findIndex((cycle) => cycle.action === 'taper' && cycle.rate_C! < 0.5);
    expect(slow).toBeGreaterThan(10);
    expect(observed[slow - 1]!.discharge_mAh / first).toBeLessThan(0.82);
    expect(observed[5]!.rate_C).toBeGreaterThan(1);
  });

  it('holds the floor of the load', () => {
    const slowest_C = 2;
    const observed = live(new SteeredRun(l1, { ...options, strategy: 'adaptive', slowest_C }), 4);
    for (const cycle of observed) {
      expect(cycle.rate_C).toBe(2);
      expect(cycle.action).toBe('slowest allowed');
    }
  });

  it('leaves a fixed rate alone', () => {
    const run = new SteeredRun(l1, options);
    expect(run.steering).toBeUndefined();
    expect(run.run.steps.every((step) => (step.steer ?? Steered.Fixed) === Steered.Fixed)).toBe(true);
    expect(live(run, 2)).toHaveLength(2);
  });

  it('refuses a half cell', () => {
    expect(() => new SteeredRun(loadProfile('afl-l1-half'), options)).toThrow(InputError);
  });
});
