import { describe, expect, it } from 'vitest';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';
import { Random } from '../../sim/random';
import { isLearned, isLearning, learnRate, restartTrials, SETTLING } from '../../firmware/steer/learn';
import { createSteering, PRIOR_SIGMA, Reason, Steer, type Steering } from '../../firmware/steer/steering';

const m = new Float64Array(cellModelOf(loadProfile('afl-l1')).parameters);
const settings = { default_mA: 1, slowest_mA: 0.1, fastest_mA: 9, recovery_min: 0, taper: false };

/** Cycles with a loss that depends on the trial, measured with a scatter. */
function cycles(count: number, loss: (faster: boolean) => number, scatter = 0): Steering {
  const steering = createSteering(settings, Infinity);
  const { s } = steering;
  s[Steer.planned] = SETTLING + 1;
  const noise = new Random(1, 'lambda');
  let lambda = 0.3;
  for (let k = 0; k < count && isLearning(s); k++) {
    const faster = s[Steer.sign]! > 0;
    steering.reason = faster ? Reason.Faster : Reason.Slower;
    lambda += loss(faster);
    // What is left behind changes at once with the rate.
    const measured = lambda + (faster ? 0.03 : 0) + scatter * noise.normal();
    learnRate(steering, m, measured);
    s[Steer.lambda] = measured;
  }
  return steering;
}

describe('learning where the top lies', () => {
  const loss = 0.006;
  /** What a loss that rises by this many per cent for each per cent of rate makes of the target. */
  const shift = (rise: number, count = 200, scatter = 0): number =>
    cycles(count, (faster) => loss * (1 + (faster ? 0.08 : -0.08) * rise), scatter).s[Steer.shift]!;

  it('goes slower where the loss rises steeply with the rate, faster where it falls', () => {
    expect(shift(3)).toBeLessThan(-0.1);
    expect(shift(-0.5)).toBeGreaterThan(0.1);
  });

  it('stays where the loss rises as it does at the top', () => {
    expect(Math.abs(shift(1.4))).toBeLessThan(0.01);
  });

  it('stays within its bounds whatever it is shown', () => {
    expect(shift(30)).toBeCloseTo(-0.288, 9);
    expect(shift(-30)).toBeCloseTo(0.288, 9);
  });

  it('ends its trials when it knows enough, after some 25 cycles', () => {
    const steering = cycles(200, () => loss);
    expect(isLearning(steering.s)).toBe(false);
    const { blocks } = Steer;
    expect(steering.s[blocks]).toBeGreaterThan(6);
    expect(steering.s[blocks]).toBeLessThan(11);
  });

  it('says nothing before three blocks are done', () => {
    expect(isLearned(cycles(8, () => loss).s)).toBe(false);
    expect(isLearned(cycles(9, () => loss).s)).toBe(true);
  });

  it('keeps the prior where lambda scatters more than the trials tell', () => {
    const steering = cycles(40, (faster) => loss * (faster ? 1.24 : 0.76), 0.05);
    expect(Math.abs(steering.s[Steer.shift]!)).toBeLessThan(PRIOR_SIGMA);
    expect(Math.sqrt(steering.s[Steer.variance]!)).toBeGreaterThan(0.9 * PRIOR_SIGMA);
  });

  it('learns nothing from a cell that loses nothing, or gains', () => {
    expect(cycles(40, () => 0).s[Steer.variance]).toBe(cycles(0, () => 0).s[Steer.variance]);
    expect(cycles(40, () => -0.001).s[Steer.shift]).toBe(0);
  });

  it('begins its blocks anew after a cycle that cannot be compared', () => {
    const steering = cycles(10, () => loss);
    restartTrials(steering.s);
    expect(steering.s[Steer.inBlock]).toBe(0);
    expect(steering.s[Steer.blocks]).toBe(0);
  });

  it('takes no cycle whose rate was not the trial that was planned', () => {
    const steering = cycles(10, () => loss);
    steering.reason = Reason.Fastest;
    learnRate(steering, m, 0.5);
    expect(steering.s[Steer.blocks]).toBe(0);
  });
});
