import { describe, expect, test } from 'vitest';
import { beginCharge, openCircuit_V, openCircuitSlope_V, searchCharge } from '../../firmware/estimate/openCircuit';
import { Search } from '../../firmware/estimate/rest';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { CATHODES, openCircuit } from '../../sim/cell/openCircuit';
import { loadProfile } from '../../sim/profiles/profile';

/** A profile's model with another cathode: only the curve differs. */
const curveOf = (cathode: (typeof CATHODES)[number]): Float64Array =>
  Float64Array.from(cellModelOf({ ...loadProfile('afl-l1'), cathode }).ocv);

function stateOfCharge(ocv: Float64Array, voltage_V: number): number {
  const search = new Float64Array(Search.length);
  beginCharge(search, voltage_V);
  while (!searchCharge(search, ocv));
  return 0.5 * ((search[Search.low] as number) + (search[Search.high] as number));
}

const FULL = CATHODES.filter((cathode) => cathode !== 'none');

describe('open-circuit voltage', () => {
  test.each(FULL)('%s: the curve of the cell model', (cathode) => {
    const ocv = curveOf(cathode);
    for (let k = 0; k <= 1000; k++)
      expect(Math.abs(openCircuit_V(ocv, k / 1000) - openCircuit(cathode, k / 1000))).toBeLessThan(1e-12);
  });

  test.each(FULL)('%s: rises everywhere, also beyond its ends', (cathode) => {
    const ocv = curveOf(cathode);
    for (let k = -100; k < 1100; k++)
      expect(openCircuit_V(ocv, (k + 1) / 1000)).toBeGreaterThan(openCircuit_V(ocv, k / 1000));
  });

  test.each(FULL)('%s: the inverse gives back the state of charge', (cathode) => {
    const ocv = curveOf(cathode);
    for (let k = -90; k <= 1040; k++) {
      const s = k / 1000;
      expect(Math.abs(stateOfCharge(ocv, openCircuit_V(ocv, s)) - s)).toBeLessThan(1e-6);
    }
  });

  test('the inverse is held within its range, whatever the voltage', () => {
    const ocv = curveOf('ncm811');
    for (const voltage_V of [-10, -1]) expect(stateOfCharge(ocv, voltage_V)).toBeCloseTo(-0.1, 5);
    for (const voltage_V of [5.5, 100]) expect(stateOfCharge(ocv, voltage_V)).toBeCloseTo(1.05, 5);
  });

  test.each(FULL)('%s: the slope is the difference quotient, and never below a millivolt', (cathode) => {
    const ocv = curveOf(cathode);
    for (let k = 0; k <= 100; k++) {
      const s = k / 100;
      const slope_V = (openCircuit_V(ocv, s + 0.005) - openCircuit_V(ocv, s - 0.005)) / 0.01;
      expect(openCircuitSlope_V(ocv, s)).toBeCloseTo(Math.max(slope_V, 0.001), 9);
    }
  });

  test('a half cell has no state of charge to tell', () => {
    expect(() => curveOf('none')).toThrow(RangeError);
  });
});
