import { describe, expect, it } from 'vitest';
import { Bq76952Fault, Bq76952Subcommand, bq76952Send } from '../../hal/chips/bq76952';
import { Bench } from './bq76952Bench';
import { calm } from './bq76952Bench';

describe('balancing', () => {
  const asked = (): Bench => {
    const bench = calm();
    bq76952Send(bench.afe, Bq76952Subcommand.BalanceCells, 0x8002, 2);
    bench.live(1);
    return bench;
  };

  it('drains the cells asked for, less while they are measured, and ends by itself', () => {
    const bench = asked();
    bench.live(0.1);
    const [, second_A, ...others] = bench.model.balancing.mean_A;
    // Two resistors of 20 Ohm and the switch; 3 of 20 slots are for measuring.
    expect(second_A).toBeCloseTo((3.8 / 68) * 0.85, 4);
    expect(others[3]).toBeCloseTo(second_A!, 9);
    expect(others.slice(0, 3)).toEqual([0, 0, 0]);
    bench.live(20);
    bench.live(0.1);
    expect([...bench.model.balancing.mean_A]).toEqual(new Array(6).fill(0));
  });

  it('goes on while it is asked for again, and stops when it is taken back', () => {
    const bench = asked();
    for (let k = 0; k < 40; k++) {
      bq76952Send(bench.afe, Bq76952Subcommand.BalanceCells, 0x8002, 2);
      bench.live(1);
    }
    expect(bench.model.balancing.mean_A[1]).toBeGreaterThan(0.04);
    bq76952Send(bench.afe, Bq76952Subcommand.BalanceCells, 0, 2);
    bench.live(0.1);
    expect(bench.model.balancing.mean_A[1]).toBe(0);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['a cell under its limit', (bench) => void (bench.cells_V[0] = 2.4)],
    ['a hot cell', (bench) => void (bench.temperatures_C[0] = 61)],
    ['a hot die', (bench) => void (bench.model.measure.ambient_C = 71)],
    ['an over-current', (bench) => void (bench.current_A = 130)],
    ['a reset', (bench) => bench.model.reset()],
  ])('stops at %s', (_, happen) => {
    const bench = asked();
    happen(bench);
    bench.live(2.5);
    bench.live(0.1);
    expect(bench.model.balancing.mean_A[1]).toBe(0);
  });

  it('delays the look at the cells by a second at most', () => {
    const bench = asked();
    bench.live(0.3);
    bench.cells_V[5] = 4.4;
    const opened_s = bench.live(2);
    expect(opened_s).toBeGreaterThan(0.198);
    expect(opened_s).toBeLessThan(1.21);
    expect(bench.faults()).toBe(Bq76952Fault.CellOver);
  });
});
