import fc from 'fast-check';
import { expect, it } from 'vitest';
import { releaseFault } from '../../firmware/protect/engine';
import { Fault, Policy } from '../../firmware/protect/faults';
import { createProtection, type Protection } from '../../firmware/protect/protection';
import { Slow } from '../../firmware/sense/sense';
import { type Inputs, quietInputs, superviseInputs } from './inputs';
import { exampleLimits } from './limits';
import { NaiveSupervisor } from './naive';

const limits = exampleLimits();

/** Values around every level, and everything that is no decent value. */
const near = (...levels: number[]): fc.Arbitrary<number> =>
  fc
    .tuple(fc.constantFrom(...levels), fc.constantFrom(-30, -5, -1, -0.01, 0, 0.01, 1, 5, 30))
    .map(([level, off]) => level + off);
const odd = fc.constantFrom(Infinity, -Infinity, 0, -1e9, 1e9);
const mostly = (calm: fc.Arbitrary<number>, edgy: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof({ weight: 60, arbitrary: calm }, { weight: 12, arbitrary: edgy }, { weight: 1, arbitrary: odd });
const seldom = (weight: number): fc.Arbitrary<boolean> =>
  fc.oneof({ weight, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const { overVoltage_mV, underVoltage_mV, deepDischarge_mV, overDischarge_mA, overCharge_mA } = limits;
const currents = [
  limits.lastingDischarge_mA,
  1.13 * limits.lastingDischarge_mA,
  overDischarge_mA,
  -limits.lastingCharge_mA,
  -1.13 * limits.lastingCharge_mA,
  -overCharge_mA,
];
const step = fc.record({
  passed_ms: fc.oneof(
    { weight: 12, arbitrary: fc.constant(100) },
    { weight: 1, arbitrary: fc.constantFrom(50, 200, 1000, 6000, 60000) },
  ),
  voltage_mV: mostly(
    fc.double({ min: 3600, max: 3640, noNaN: true }),
    fc.oneof(
      fc.double({ min: 3000, max: 4200, noNaN: true }),
      near(overVoltage_mV, overVoltage_mV - 20, underVoltage_mV, underVoltage_mV + 200, deepDischarge_mV, 250, 5250),
    ),
  ),
  current_mA: mostly(fc.constantFrom(0, 1, -1), near(...currents, 45, -45, 50, 1000)),
  set_mA: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constantFrom(45, -60, 1000, -200, 3000)),
  /** Whether the current is what it was set to, whatever `current_mA` says. */
  follows: seldom(1),
  error_mA: near(0, limits.currentError_mA, -limits.currentError_mA),
  sinceSet_ms: fc.constantFrom(0, 100, 150, 151, 60000),
  invalid: seldom(20),
  age_ms: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, fc.constantFrom(50, 100, 150, 200, 5000)),
  failedTicks: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, fc.constantFrom(1, 2, 3)),
  stuck: fc.boolean(),
  alerted: seldom(30),
  mismatch: seldom(20),
  unread_ms: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(100, 2500, 2600, 5001)),
  slowDue: fc.boolean(),
  slow: fc.nat({ max: Slow.length - 1 }),
  slowAge_ms: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(4000, 5000, 5001)),
  temperature_C: mostly(
    fc.double({ min: 24.9, max: 25.1, noNaN: true }),
    near(
      limits.overTemperature_C,
      limits.underTemperature_C,
      limits.chargeOverTemperature_C,
      limits.chargeUnderTemperature_C,
      25,
      -60,
      150,
      -273,
      999,
    ),
  ),
  thermistor_mV: fc.constantFrom(1650, 1651),
  /** Of the second opinions, of their limits. */
  gap: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(0.9, 1, 1.1, NaN)),
  settingsHold: fc.boolean(),
  clipped_mA: fc.constantFrom(0, 0, 1, 2),
  ambient_C: mostly(fc.constant(27), near(limits.boardTemperature_C, limits.boardTemperature_C - 10)),
  /** The same sample as before. */
  repeats: fc.nat({ max: 5 }).map((n) => (n === 0 ? 60 : 0)),
  /** All that has tripped is released, so that what is skipped is skipped again. */
  releases: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** All that others see of it. */
function summary({ state, busy, open, charge, discharge, whyCharge, whyDischarge }: Protection): string {
  return `${state} ${busy} ${open} ${charge.toPrecision(5)} ${discharge.toPrecision(5)} ${whyCharge} ${whyDischarge}`;
}

function inputsOf(s: Step, now_ms: number): Inputs {
  const current_mA = s.follows ? s.set_mA + s.error_mA : s.current_mA;
  return {
    alerted: s.alerted,
    counter: { error_mC: s.gap * limits.chargeError_mC },
    actuator: {
      set_mA: s.set_mA,
      since_ms: now_ms - s.sinceSet_ms,
      clipped_mA: s.clipped_mA,
      mismatch: s.mismatch,
      checkedAt_ms: now_ms - s.unread_ms,
    },
    sense: {
      // Where something failed there is no fresh sample.
      at_ms: now_ms - (s.failedTicks === 0 ? s.age_ms : Math.max(s.age_ms, 100 * s.failedTicks)),
      voltage_mV: s.voltage_mV,
      current_mA,
      invalid: s.invalid,
      failedTicks: s.failedTicks,
      // No bus is stuck on which nothing failed.
      stuckTicks: s.stuck ? s.failedTicks : 0,
      // Turns do not come closer to each other than this.
      slowDue: s.slowDue && s.passed_ms >= 100,
      slow: s.slow,
      slowAt_ms: new Float64Array(Slow.length).fill(now_ms - s.slowAge_ms),
      temperature_C: s.temperature_C,
      thermistor_mV: s.thermistor_mV,
      voltageGap_mV: s.gap * limits.voltageDisagreement_mV,
      temperatureGap_C: s.gap * limits.temperatureDisagreement_C,
      settingsHold: s.settingsHold,
      ambient_C: s.ambient_C,
    },
  };
}

it.each([
  ['cycler', Policy.Cycler],
  ['flight', Policy.Flight],
])('what is skipped because nothing can be wrong would have changed nothing, for any inputs, on a %s', (_, policy) => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.nat({ max: 20 }), (steps, calm) => {
      const p = createProtection(limits, policy);
      const q = createProtection(limits, policy);
      const naive = new NaiveSupervisor(q, limits);
      let now_ms = 0;
      const both = (inputs: Inputs): void => {
        superviseInputs(p, inputs, now_ms);
        naive.supervise(inputs, now_ms);
        expect(summary(p)).toBe(summary(q));
      };
      for (const s of steps) {
        for (let fault = 1; s.releases && fault < Fault.length; fault++) {
          releaseFault(p, fault);
          releaseFault(q, fault);
        }
        now_ms += s.passed_ms;
        both(inputsOf(s, now_ms));
        for (let k = 0; k < s.repeats; k++) {
          now_ms += 100;
          both(inputsOf(s, now_ms));
        }
        for (let k = 0; k < calm; k++) {
          now_ms += 100;
          const quiet = quietInputs(now_ms);
          quiet.sense.voltage_mV += k % 7;
          quiet.sense.slowDue = k % 2 === 0;
          both(quiet);
        }
      }
    }),
    { numRuns: 150 },
  );
});
