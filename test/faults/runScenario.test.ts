import { describe, expect, it } from 'vitest';
import { Action, Fault, Release } from '../../firmware/protect/faults';
import { setLevel } from '../../firmware/protect/protection';
import { Of } from '../../firmware/protect/protection';
import type { ProcessRig } from '../../sim/faults/processRig';
import { runScenario } from '../../sim/faults/runScenario';
import type { Scenario } from '../../sim/faults/scenario';
import type { Verdict } from '../../sim/faults/verdict';
import { clean, scenario } from './scenarios';

const stuckHigh = scenario('voltage stuck high', 30, 'discharge');
const tooMuch = scenario('power stage drives too much discharge current', 1.5, 'discharge');

/** Runs with a firmware that somebody has broken. */
const broken = (what: Scenario, breaks: (rig: ProcessRig) => void): Verdict =>
  runScenario(what, (rig) => breaks(rig as ProcessRig));

function change(rig: ProcessRig, fault: Fault, of: Of, to: (was: number) => number): void {
  const { rows } = rig.bms!.protection;
  const at = fault * Of.length + of;
  rows[at] = to(rows[at]!);
}
const withRelease =
  (release: Release) =>
  (response: number): number =>
    (response & ~12) | (release << 2);

describe('the firmware as it is', () => {
  it('finds a fault in its time, stops the current and comes back', () => {
    const verdict = runScenario(stuckHigh);
    expect(verdict).toMatchObject({ id: 'OverVoltage', case: 'fault', detected: true, violations: [], falseTrips: [] });
    expect(verdict.reaction_ms).toBeGreaterThan(50);
    expect(verdict.reaction_ms).toBeLessThanOrEqual(verdict.promised_ms!);
  });

  it('does not trip where nothing is wrong, nor where a fault is too small', () => {
    expect(runScenario(clean('mission', 60000))).toMatchObject({ case: 'clean', violations: [], falseTrips: [] });
    const small = scenario('voltage reads with an offset', 80, 'rest', { must: 'not trip' });
    expect(runScenario(small)).toMatchObject({ case: 'small fault', violations: [], falseTrips: [] });
  });

  it('is the same each time', () => {
    expect(runScenario(stuckHigh)).toEqual(runScenario(stuckHigh));
  });

  it('leaves a short to the front end when the processor has stopped', () => {
    const verdict = runScenario(scenario('short circuit with the processor stopped', 5, 'discharge'));
    expect(verdict).toMatchObject({ id: null, hardware: 'ShortCircuit', detected: true, violations: [] });
    expect(verdict.reaction_ms).toBeLessThan(1);
  });
});

describe('a firmware that was broken on purpose is found out', () => {
  it('when a limit was moved', () => {
    const verdict = broken(stuckHigh, ({ bms }) => setLevel(bms!.protection, Fault.OverVoltage, 5000));
    expect(verdict.detected).toBe(false);
    expect(verdict.violations.join()).toMatch(/over-voltage did not find it/);
  });

  it('when it no longer acts, by what the cell really goes through', () => {
    const verdict = broken(tooMuch, (rig) => {
      for (const fault of [Fault.OverDischargeCurrent, Fault.CurrentNotFollowing])
        change(rig, fault, Of.response, () => Action.Warn);
    });
    expect(verdict.violations.join()).toMatch(/discharged with too much current/);
  });

  it('when it waits too long', () => {
    const verdict = broken(stuckHigh, (rig) => change(rig, Fault.OverVoltage, Of.time_100ms, () => 9));
    expect(verdict.violations.join()).toMatch(/over-voltage took \d+ ms; promised: 300 ms/);
  });

  it('when a latch releases itself', () => {
    const verdict = broken(stuckHigh, (rig) => change(rig, Fault.OverVoltage, Of.response, withRelease(Release.Auto)));
    expect(verdict.violations.join()).toMatch(/released itself/);
  });

  it('when there is no way back', () => {
    const verdict = broken(stuckHigh, ({ bms }) => {
      if (bms!.ticks > 80) bms!.protection.open = true;
    });
    expect(verdict.violations.join()).toMatch(/no way back/);
  });

  it('when it trips with nothing wrong', () => {
    const verdict = broken(clean('discharge', 10000), ({ bms }) => setLevel(bms!.protection, Fault.UnderVoltage, 4000));
    expect(verdict.falseTrips).toContain('UnderVoltage');
  });

  it('when it throws', () => {
    const verdict = broken(clean('rest', 10000), ({ bms }) => {
      Object.defineProperty(bms!.sense, 'slowDue', {
        get: () => {
          throw new Error('broken');
        },
      });
    });
    expect(verdict.violations.join()).toMatch(/the firmware threw: broken/);
  });
});
