import { describe, expect, it } from 'vitest';
import { Bq76952Fault } from '../../hal/chips/bq76952';
import { Bq76952Model } from '../../sim/chips/bq76952';
import { Random } from '../../sim/random';
import { Bench, IDEAL } from './bq76952Bench';
import { BOTH, calm, SILENT_FOR_EVER } from './bq76952Bench';

describe('wires and converters', () => {
  it('an open wire to a cell: its reading falls, that above rises, and the switches open within 15 s', () => {
    const bench = calm();
    bench.model.measure.openWire[2] = true;
    bench.live(1);
    const words = bench.cells();
    expect(words[2]!).toBeLessThan(3300);
    expect(words[2]! + words[3]!).toBeGreaterThan(7590);
    expect(words[1]!).toBe(3800);
    bench.live(14);
    expect(bench.faults()).toBe(Bq76952Fault.CellUnder | Bq76952Fault.CellOver);
    expect(bench.fets() & BOTH).toBe(0);
    bench.model.measure.openWire[2] = false;
    bench.live(5);
    expect(bench.cells()[2]).toBe(3800);
  });

  it('an error of the converter is not one of the comparators', () => {
    const bench = calm();
    bench.model.measure.adcOffset_V[0] = 0.6;
    bench.live(2);
    expect(bench.cells()[0]).toBe(4400);
    expect(bench.faults()).toBe(0);
  });

  it('a specimen is within what the datasheet states: 5 mV, 1 % of the current', () => {
    for (let seed = 0; seed < 20; seed++) {
      const model = new Bq76952Model([0, 1, 15], new Random(seed, 'part'));
      const cells_V = Float64Array.of(3.7, 3.8, 3.9);
      for (let k = 0; k < 20; k++) {
        model.run(0.1, cells_V, 100, Float64Array.of(25, 25, 25));
        for (const [n, input] of [0, 1, 15].entries())
          expect(Math.abs(model.measure.cell_mV[input]! - 1000 * cells_V[n]!)).toBeLessThan(6);
        expect(Math.abs(model.measure.current_mA / 100e3 - 1)).toBeLessThan(0.02);
      }
    }
  });

  it('a result is at most one loop old: 63 ms', () => {
    const bench = calm();
    bench.cells_V.fill(3.9);
    bench.live(0.063);
    expect([...bench.cells().subarray(0, 6)]).toEqual(new Array(6).fill(3900));
  });

  it('a word can be put together of two results; then it is off by 256 mV', () => {
    const bench = new Bench({ ...IDEAL, torn: 1 }, SILENT_FOR_EVER).close();
    bench.cells_V.fill(3.84);
    bench.live(0.1);
    bench.cells_V.fill(3.839);
    bench.live(0.063);
    expect(bench.cells()[0]).toBe(3584);
    bench.live(0.063);
    expect(bench.cells()[0]).toBe(3839);
  });
});
