import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missSample } from '../../firmware/estimate/estimate';
import { type Estimator } from '../../firmware/estimate/estimator';
import { Estimated, Why } from '../../firmware/estimate/estimates';
import { Lithium } from '../../firmware/estimate/inventory';
import { State } from '../../firmware/estimate/state';
import { LONG } from '../long';
import { CycledCell, LONGEST_GAP_S, PARTS, type Part, type Sample } from './cycledCell';
import { FAULT_NAMES, FAULTS, swapped, type FaultName } from './faults';

/** What is said of the present. */
const PRESENT = [Estimated.EtaConc_mV, Estimated.EtaFast_mV, Estimated.StateOfCharge_pct, Estimated.ToKnee_mAh];
/** No valid concentration overpotential outside the knee may be further off than five of its sigmas and this. */
const NONSENSE_MV = 20;
/** What a cycle changes of any pool at most, and how far the estimator may be off [mAh/cm2]. */
const CHANGE = 0.02;
const ERROR = 0.03;
const POOLS = [State.I, State.D, State.S] as const;
const MINUTES = 60;
const HOURS = 3600;

/** A cell that the estimator knows well, for all tests to start from. */
const known = new CycledCell();
known.cycles(3);
const clean = ((): CycledCell => {
  const cell = known.clone();
  cell.cycle();
  cell.cycle();
  return cell;
})();

/** What is looked at after every sample, looked up once: a name that is imported costs more than the estimator's work. */
const { EtaConc_mV } = Estimated;
const { Valid } = Why;
const STORED = [Lithium.lambda, Lithium.cathode, Lithium.active] as const;
const [STATES, AMOUNTS, SAID] = [State.length, Lithium.length, Estimated.length];

/** Checks after every sample what must hold whatever happens. */
function guard(cell: CycledCell, also: () => void = () => undefined): void {
  const before = known.estimator;
  const { x, v, known: said } = cell.estimator;
  const fail = (what: string): never => {
    throw new Error(`${what}, ${cell.part} after ${cell.since_s} s`);
  };
  cell.look = () => {
    const most = ERROR + CHANGE * cell.charges;
    if (cell.why(EtaConc_mV) === Valid && cell.plant.saturation < 0.85) {
      const off_mV = cell.etaError_mV();
      if (!(Math.abs(off_mV) <= 5 * cell.sigma(EtaConc_mV) + NONSENSE_MV)) fail(`eta_conc off by ${off_mV} mV`);
    }
    for (const pool of POOLS) {
      const moved = Math.abs((x[pool] as number) - (before.x[pool] as number));
      if (!(moved < most)) fail(`${State[pool]} moved by ${moved} mAh/cm2`);
    }
    for (const stored of STORED) {
      const moved = Math.abs((v[stored] as number) - (before.v[stored] as number));
      if (!(moved < most)) fail(`${Lithium[stored]} moved by ${moved} mAh/cm2`);
    }
    if (!(cell.estimator.cycles >= before.cycles && cell.estimator.cycles <= before.cycles + 4)) fail('cycles');
    for (let k = 0; k < STATES; k++) if (!isFinite(x[k] as number)) fail(`state ${State[k]} is ${x[k]}`);
    for (let k = 0; k < AMOUNTS; k++) if (!isFinite(v[k] as number)) fail(`inventory ${Lithium[k]} is ${v[k]}`);
    for (let k = 0; k < SAID; k++) {
      if (!isFinite(said.value[k] as number) || !((said.sigma[k] as number) >= 0)) fail(`${Estimated[k]} is no number`);
    }
    also();
  };
}

/** One cycle that runs `part` by part, as `cycle` does. */
function run(cell: CycledCell, part: Part): void {
  if (part === 'charge') cell.charge();
  else if (part === 'discharge') cell.discharge();
  else cell.rest(part);
}

/** After one whole clean cycle everything is valid again, and as good as without the fault. */
function expectRecovered(cell: CycledCell, most_mAh_cm2 = 0.03): void {
  cell.closeCycle();
  const reference = clean.clone();
  reference.closeCycle();
  // It spans from one bottom to the next: a fault in the rest between two cycles spoils it for both.
  if (cell.why(Estimated.CoulombicEfficiency_pct) === Why.Incomplete) {
    cell.cycle();
    cell.closeCycle();
  }
  for (let what = 0; what < Estimated.length; what++)
    expect([Estimated[what], Why[cell.why(what)]]).toEqual([Estimated[what], 'Valid']);
  expect(clean.eta.rms_mV).toBeLessThan(5);
  expect(cell.eta.rms_mV).toBeLessThan(clean.eta.rms_mV + 3);
  expect(cell.eta.valid).toBeGreaterThan(0.99);
  for (const [what, truth] of [
    [Estimated.Lambda_mAh, cell.atEnd.lambda],
    [Estimated.Active_mAh, cell.atEnd.active],
    [Estimated.Isolated_mAh, cell.atEnd.isolated],
    [Estimated.Dead_mAh, cell.atEnd.dead],
    [Estimated.Sei_mAh, cell.atEnd.sei],
  ] as const)
    expect(Math.abs(cell.amount(what) - truth), Estimated[what]).toBeLessThan(most_mAh_cm2);
  expect(
    Math.abs(cell.value(Estimated.CoulombicEfficiency_pct) - reference.value(Estimated.CoulombicEfficiency_pct)),
  ).toBeLessThan(0.1);
  expect(Math.abs(cell.amount(Estimated.Capacity_mAh) - cell.discharged_mAh_cm2)).toBeLessThan(0.01);
}

const anyFault = fc.constantFrom(...FAULT_NAMES);
const anyPart = fc.constantFrom(...PARTS);
/** Where within a part, 0 to 1 of what it lasts in the clean cell. */
const LASTS_S = { charge: 6900, top: 300, discharge: 3500, bottom: 300 };

interface Befall {
  name: FaultName | 'swapped';
  part: Part;
  at: number;
  lasts_s: number;
}

/** Lets faults befall one cycle, each from a moment in a part for so long, wherever that ends. */
function befall(cell: CycledCell, faults: readonly Befall[]): { started: () => boolean; over: () => boolean } {
  const began: (Sample | undefined)[] = faults.map(() => undefined);
  const ends_ms = faults.map(() => 0);
  cell.onItsWay = (sample) => {
    let changed: Sample | undefined = sample;
    faults.forEach((fault, k) => {
      if (!began[k] && cell.part === fault.part && cell.since_s >= fault.at * LASTS_S[fault.part]) {
        began[k] = sample;
        ends_ms[k] = cell.now_ms + 1000 * fault.lasts_s;
      }
      if (!began[k] || cell.now_ms > (ends_ms[k] as number) || !changed) return;
      changed = fault.name === 'swapped' ? swapped(changed) : FAULTS[fault.name].befall(changed, began[k]);
    });
    return changed;
  };
  return {
    started: () => began.every((sample) => sample !== undefined),
    over: () => began.every((sample) => sample !== undefined) && ends_ms.every((end) => cell.now_ms > end),
  };
}

/** Runs whole cycles until the faults are over, then one more; at most five. */
function rideThrough(cell: CycledCell, over: () => boolean): void {
  for (let n = 0; n < 4 && !over(); n++) for (const part of PARTS) run(cell, part);
  expect(over()).toBe(true);
  for (const part of PARTS) run(cell, part);
}

const durations = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 10 * MINUTES }),
  fc.integer({ min: 10 * MINUTES, max: 3 * HOURS }),
);
const anyMoment = { part: anyPart, at: fc.double({ min: 0, max: 0.95, noNaN: true }), lasts_s: durations };

describe('bad data', () => {
  test.each(FAULT_NAMES)('%s: invalid with its reason while it lasts', (name) => {
    const fault = FAULTS[name];
    fc.assert(
      fc.property(
        anyPart,
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.integer({ min: 150, max: 1500 }),
        (part, at, lasts_s) => {
          const cell = known.clone();
          const { started, over } = befall(cell, [{ name, part, at, lasts_s }]);
          let shown = 0;
          let first_ms = 0;
          guard(cell, () => {
            if (!started() || over()) return;
            if (first_ms === 0) first_ms = cell.now_ms;
            // Time that stands still or samples that do not come show after a while; a clock that was set shows once.
            const passed_s = (cell.now_ms - first_ms) / 1000;
            const waits_s = name === 'missing' ? LONGEST_GAP_S + 5 : name === 'time repeated' ? 105 : 0;
            if (passed_s < waits_s || (fault.edges && passed_s > 0)) return;
            shown++;
            for (const what of PRESENT) {
              const why = cell.why(what);
              if (why !== fault.told && why !== Why.NotYet) throw new Error(`${Estimated[what]} says ${Why[why]}`);
            }
          });
          for (const next of PARTS) run(cell, next);
          for (const next of PARTS) if (!over()) run(cell, next);
          expect(shown).toBeGreaterThan(0);
        },
      ),
      { numRuns: 6 },
    );
  });

  test('one fault of any kind at any moment: as good as before after one clean cycle', () => {
    fc.assert(
      fc.property(fc.record({ name: anyFault, ...anyMoment }), (fault) => {
        const cell = known.clone();
        const { over } = befall(cell, [fault]);
        guard(cell);
        rideThrough(cell, over);
        expectRecovered(cell);
      }),
      { numRuns: LONG ? 200 : 40 },
    );
  });

  test('several faults of several kinds, one over another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: fc.oneof(anyFault, fc.constant('swapped' as const)), ...anyMoment }), {
          minLength: 2,
          maxLength: 5,
        }),
        (faults) => {
          const cell = known.clone();
          const { over } = befall(cell, faults);
          guard(cell);
          rideThrough(cell, over);
          expectRecovered(cell);
        },
      ),
      { numRuns: LONG ? 200 : 40 },
    );
  });

  test('a clock that is set back while no sample comes: what was said of the present does not stay', () => {
    const cell = known.clone();
    const { over } = befall(cell, [
      { name: 'clock ahead', part: 'charge', at: 0, lasts_s: 7515 },
      { name: 'missing', part: 'discharge', at: 0, lasts_s: 109 },
    ]);
    guard(cell);
    rideThrough(cell, over);
    expectRecovered(cell);
  });

  test.each([
    { name: 'missing', part: 'charge', at: 0, lasts_s: 7395 },
    { name: 'missing', part: 'charge', at: 0, lasts_s: 10090 },
    { name: 'missing', part: 'top', at: 0, lasts_s: 2851 },
    { name: 'voltage NaN', part: 'discharge', at: 0, lasts_s: 2288 },
  ] as const)(
    '$name from $part on for $lasts_s s: found again in the middle of a discharge, nothing wrong learned',
    (fault) => {
      const cell = known.clone();
      const { over } = befall(cell, [fault]);
      guard(cell);
      const learned = [State.rho, State.h, State.k, State.pace] as const;
      for (const part of PARTS) run(cell, part);
      for (const what of learned)
        expect(cell.estimator.x[what], State[what]).toBeCloseTo(known.estimator.x[what] as number, 1);
      rideThrough(cell, over);
      expectRecovered(cell);
    },
  );

  test('in the cold, where the electrolyte settles slowly', () => {
    const cold = new CycledCell({ temperature_C: -5, rate: 0.5 });
    cold.cycles(3);
    const cell = cold.clone();
    const { over } = befall(cell, [{ name: 'missing', part: 'charge', at: 0, lasts_s: 7000 }]);
    let valid = 0;
    cell.look = () => {
      if (!over() || cell.part !== 'discharge' || cell.why(Estimated.EtaConc_mV) !== Why.Valid) return;
      if (cell.plant.saturation > 0.85) return;
      valid++;
      const off_mV = Math.abs(cell.etaError_mV());
      if (off_mV > 3 * cell.sigma(Estimated.EtaConc_mV) + 10) throw new Error(`off by ${off_mV} mV`);
    };
    cell.cycle();
    expect(valid).toBeGreaterThan(1000);
  });

  test('a doubt about the sign outlasts other faults', () => {
    const cell = known.clone();
    befall(cell, [
      { name: 'swapped', part: 'discharge', at: 0, lasts_s: Infinity },
      { name: 'voltage NaN', part: 'discharge', at: 0.2, lasts_s: 60 },
    ]);
    guard(cell, () => {
      if (cell.part === 'discharge' && cell.since_s > 2) expect(Why[cell.why(Estimated.EtaConc_mV)]).toBe('Sign');
    });
    cell.cycle();
  });

  test('another voltage after a gap is no answer to another current', () => {
    const cell = known.clone();
    befall(cell, [{ name: 'missing', part: 'discharge', at: 0.3, lasts_s: 2650 }]);
    guard(cell);
    cell.cycle();
    expect(cell.plant.soc).toBeLessThan(0.2);
    expect(['Gap', 'Valid']).toContain(Why[cell.why(Estimated.EtaConc_mV)]);
  });

  test.each(FAULT_NAMES)('%s for ever: nothing is said of the present, what is stored stays', (name) => {
    const fault = FAULTS[name];
    if (fault.edges) return;
    const cell = known.clone();
    const { started } = befall(cell, [{ name, part: 'discharge', at: 0.4, lasts_s: Infinity }]);
    let before: Estimator | undefined;
    guard(cell, () => {
      if (started()) before ??= structuredClone(cell.estimator);
    });
    for (let n = 0; n < 3; n++) cell.cycle();
    for (const what of PRESENT) expect(Why[cell.why(what)]).toBe(Why[fault.told]);
    expect(cell.estimator.cycles).toBe(before?.cycles);
    for (const stored of [Lithium.lambda, Lithium.cathode, Lithium.active, Lithium.strip, Lithium.measured] as const)
      expect(cell.estimator.v[stored], Lithium[stored]).toBe(before?.v[stored]);
    for (const pool of POOLS) expect(cell.estimator.x[pool]).toBeCloseTo(before?.x[pool] as number, 2);
  });

  test('a sign that is swapped at any moment is found at the next step of current', () => {
    fc.assert(
      fc.property(anyMoment.part, anyMoment.at, (part, at) => {
        const cell = known.clone();
        const { started } = befall(cell, [{ name: 'swapped', part, at, lasts_s: Infinity }]);
        guard(cell);
        for (const next of PARTS) {
          run(cell, next);
          // The current of a charge or discharge has at least begun or ended since.
          if (started() && next !== part) expect(Why[cell.why(Estimated.EtaConc_mV)]).toBe('Sign');
        }
        for (let n = 0; n < 2; n++) cell.cycle();
        for (const what of PRESENT) expect(Why[cell.why(what)]).toBe('Sign');
      }),
      { numRuns: LONG ? 50 : 12 },
    );
  });

  test('a sign that is swapped from the first sample of a new cell on, until somebody turns the wires', () => {
    const cell = new CycledCell();
    cell.onItsWay = swapped;
    cell.cycles(2);
    expect(cell.estimator.cycles).toBe(0);
    for (const what of [Estimated.Lambda_mAh, Estimated.Capacity_mAh]) expect(Why[cell.why(what)]).toBe('NotYet');
    for (const what of PRESENT) expect(['Sign', 'NotYet']).toContain(Why[cell.why(what)]);
    cell.onItsWay = (sample) => sample;
    for (let n = 0; n < 2; n++) cell.cycle();
    cell.closeCycle();
    for (let what = 0; what < Estimated.length; what++)
      expect(`${Estimated[what]} ${Why[cell.why(what)]}`).toMatch('Valid');
    expect(cell.eta.rms_mV).toBeLessThan(clean.eta.rms_mV + 3);
    expect(Math.abs(cell.amount(Estimated.Lambda_mAh) - cell.atEnd.lambda)).toBeLessThan(0.03);
  });

  test('a clock that is set back once, for good: ages stay true', () => {
    const cell = known.clone();
    cell.cycle();
    cell.closeCycle();
    const at_ms = cell.estimator.known.at_ms[Estimated.Lambda_mAh] as number;
    const age_ms = cell.now_ms - at_ms;
    const BACK_MS = 24 * HOURS * 1000;
    cell.onItsWay = (sample) => ({ ...sample, at_ms: sample.at_ms - BACK_MS });
    cell.step(-0.5, 5);
    expect(Why[cell.why(Estimated.EtaConc_mV)]).toBe('Gap');
    const later_ms = cell.now_ms - BACK_MS - (cell.estimator.known.at_ms[Estimated.Lambda_mAh] as number);
    expect(later_ms - age_ms).toBeLessThanOrEqual(10_000);
    expect(later_ms - age_ms).toBeGreaterThanOrEqual(0);
    cell.charge();
    cell.rest('top');
    cell.discharge();
    cell.rest('bottom');
    cell.cycle();
    expectRecovered(cell);
  });

  test('hours without a sample, the cell at rest', () => {
    for (const part of ['top', 'bottom'] as const) {
      const cell = known.clone();
      guard(cell);
      for (const next of PARTS) {
        run(cell, next);
        if (next !== part) continue;
        for (let s = 0; s < 10 * HOURS; s += 10) cell.plant.advance(0, 10);
        cell.now_ms += 10 * HOURS * 1000;
      }
      cell.cycle();
      // What a rest of this length brings back of the isolated lithium, nobody has seen.
      expectRecovered(cell, 0.05);
    }
  });

  test('a tick without a sample is no gap until it has lasted', () => {
    const { estimator, now_ms } = known.clone();
    const why = (): string => Why[estimator.known.why[Estimated.EtaConc_mV] as number] as string;
    missSample(estimator, now_ms + 1000 * LONGEST_GAP_S);
    expect(why()).toBe('Valid');
    missSample(estimator, now_ms + 1000 * LONGEST_GAP_S + 1);
    expect(why()).toBe('Gap');
  });
});
