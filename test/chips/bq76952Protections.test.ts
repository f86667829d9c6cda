import { describe, expect, it } from 'vitest';
import { Bq76952Fault, Bq76952Fet, Bq76952Subcommand, bq76952Send } from '../../hal/chips/bq76952';
import { ALL_FAULTS, Bench, CONFIG, IDEAL, LIMITS } from './bq76952Bench';
import { BOTH, calm, SILENT_FOR_EVER } from './bq76952Bench';

describe('protections of a BQ76952, with the host silent', () => {
  it.each([0, 15, 90, 450])('short circuit: both switches open %i us after it began', (shortDelay_us) => {
    const bench = new Bench(IDEAL, { ...CONFIG, limits: { ...LIMITS, shortDelay_us } }).close();
    bench.current_A = 260;
    const opened_s = bench.live(0.002);
    expect(opened_s).toBeLessThan(1e-3);
    expect(opened_s * 1e6).toBeCloseTo(Math.max(shortDelay_us, 1), 3);
    expect(bench.fets() & BOTH).toBe(0);
    expect(bench.faults()).toBe(Bq76952Fault.Short | Bq76952Fault.ShortLatched);
  });

  it.each([
    [121, 39.6, Bq76952Fault.DischargeOver1, Bq76952Fet.Charge],
    [151, 19.8, Bq76952Fault.DischargeOver2, Bq76952Fet.Charge],
    [-31, 39.6, Bq76952Fault.ChargeOver, Bq76952Fet.Discharge],
  ])('over-current of %d A: after %d ms', (current_A, delay_ms, fault, left) => {
    const bench = new Bench().close();
    bench.current_A = current_A;
    const opened_s = bench.untilMoved(0.1);
    expect(opened_s * 1000).toBeCloseTo(delay_ms, 6);
    expect(opened_s).toBeLessThan(0.05);
    bench.current_A = 0;
    expect(bench.faults() & 0xff).toBe(fault);
    // Nothing flows any more, so no body diode keeps a switch closed.
    bench.live(0.01);
    expect(bench.fets() & BOTH).toBe(left);
  });

  it.each([119.9, -29.9])('%d A for ever: nothing', (current_A) => {
    const bench = new Bench().close();
    bench.current_A = current_A;
    expect(bench.live(1)).toBe(1);
    expect(bench.faults()).toBe(0);
  });

  it('an over-current that ends before its delay leaves nothing behind', () => {
    const bench = new Bench().close();
    for (let k = 0; k < 20; k++) {
      bench.current_A = 130;
      expect(bench.live(0.035)).toBe(0.035);
      bench.current_A = 20;
      bench.live(0.005);
    }
    expect(bench.faults()).toBe(0);
  });

  it.each([
    [4.31, Bq76952Fault.CellOver, Bq76952Fet.Discharge],
    [2.52, Bq76952Fault.CellUnder, Bq76952Fet.Charge],
  ])('one cell at %d V: after its delay and at most 3.3 ms', (volts, fault, left) => {
    const bench = new Bench().close();
    bench.live(0.0123);
    bench.cells_V[4] = volts;
    const opened_ms = 1000 * bench.live(0.22);
    expect(opened_ms).toBeGreaterThan(198);
    expect(opened_ms).toBeLessThan(198 + 3.3 + 1e-6);
    expect(bench.faults()).toBe(fault);
    expect(bench.fets() & BOTH).toBe(left);
  });

  it('cells within their limits: nothing', () => {
    const bench = calm();
    bench.cells_V.set([4.3, 2.54, 3.8]);
    expect(bench.live(100)).toBe(100);
    expect(bench.faults()).toBe(0);
  });

  it('the host is silent for 2 s: both open, until it is heard', () => {
    const bench = new Bench().close();
    for (let k = 0; k < 30; k++) {
      bench.live(0.1);
      bench.cells();
    }
    const opened_s = bench.live(3);
    expect(opened_s).toBeGreaterThan(1.999);
    expect(opened_s).toBeLessThan(2.26);
    expect(bench.model.chargeConducts || bench.model.dischargeConducts).toBe(false);
    bench.cells();
    bench.live(0.26);
    expect(bench.fets() & BOTH).toBe(BOTH);
  });

  it.each([
    ['charge, hot', 46, 25, Bq76952Fault.ChargeHot, Bq76952Fet.Discharge],
    ['charge, cold', 25, -1, Bq76952Fault.ChargeCold, Bq76952Fet.Discharge],
    ['both, hot', 25, 61, Bq76952Fault.ChargeHot | Bq76952Fault.DischargeHot, 0],
    ['both, cold', -21, 25, Bq76952Fault.ChargeCold | Bq76952Fault.DischargeCold, 0],
  ])('%s: within its delay and a second', (_, ts1_C, ts2_C, faults, left) => {
    const bench = calm();
    bench.temperatures_C.set([ts1_C, ts2_C]);
    const opened_s = bench.live(3);
    expect(opened_s).toBeLessThan(2.3);
    expect(bench.faults()).toBe(faults);
    expect(bench.fets() & BOTH).toBe(left);
    bench.temperatures_C.fill(25);
    bench.live(5);
    expect(bench.faults()).toBe(0);
    expect(bench.fets() & BOTH).toBe(BOTH);
  });

  it('a hot die opens both', () => {
    const bench = calm();
    bench.model.measure.ambient_C = 101;
    bench.live(3);
    expect(bench.faults()).toBe(Bq76952Fault.DieHot);
    expect(bench.fets() & BOTH).toBe(0);
  });

  it.each([
    ['open', Bq76952Fault.ChargeCold | Bq76952Fault.DischargeCold],
    ['short', Bq76952Fault.ChargeHot | Bq76952Fault.DischargeHot],
  ] as const)('a thermistor with its wire %s opens both', (wire, faults) => {
    const bench = calm();
    bench.model.measure.thermistor[1] = wire;
    bench.live(3);
    expect(bench.faults()).toBe(faults);
  });

  it('each protection that is off stays quiet', () => {
    for (const [fault, provoke] of [
      [Bq76952Fault.Short, (bench: Bench) => void (bench.current_A = 260)],
      [Bq76952Fault.DischargeOver1, (bench: Bench) => void (bench.current_A = 130)],
      [Bq76952Fault.CellOver, (bench: Bench) => void (bench.cells_V[2] = 4.6)],
      [Bq76952Fault.CellUnder, (bench: Bench) => void (bench.cells_V[2] = 1.6)],
      [Bq76952Fault.ChargeHot, (bench: Bench) => void bench.temperatures_C.fill(50)],
      [Bq76952Fault.HostSilent, (bench: Bench) => void bench.live(5)],
    ] as const) {
      const bench = new Bench(IDEAL, { ...CONFIG, protections: ALL_FAULTS & ~fault }).close();
      provoke(bench);
      bench.live(1.9);
      expect(bench.faults() & fault).toBe(0);
    }
  });
});

describe('the end of a fault', () => {
  it('over-voltage: when the cell is lower by the hysteresis, for the time of recovery', () => {
    const bench = calm();
    bench.cells_V[3] = 4.32;
    bench.live(1);
    bench.cells_V[3] = 4.2;
    bench.live(10);
    expect(bench.fets() & BOTH).toBe(Bq76952Fet.Discharge);
    bench.cells_V[3] = 4.14;
    const closed_s = bench.live(4);
    expect(closed_s).toBeGreaterThan(2.7);
    expect(closed_s).toBeLessThan(3.6);
    expect(bench.fets() & BOTH).toBe(BOTH);
  });

  it.each([
    [260, Bq76952Subcommand.ReleaseShort],
    [130, Bq76952Subcommand.ReleaseOverCurrent],
  ])('%d A: latched until released, and only when its cause is gone', (current_A, release) => {
    const bench = calm();
    bench.current_A = current_A;
    bench.untilMoved(0.1);
    bench.current_A = 0;
    bench.live(60);
    expect(bench.model.dischargeConducts).toBe(false);
    expect(bench.faults() & 0xff).toBe(0);
    bq76952Send(bench.afe, release, 0, 0);
    bench.live(0.3);
    expect(bench.fets() & BOTH).toBe(BOTH);
    expect(bench.faults()).toBe(0);
  });

  it('without the latch a short circuit is tried again after its time', () => {
    const protections = ALL_FAULTS & ~(Bq76952Fault.ShortLatched | Bq76952Fault.DischargeLatched);
    const bench = new Bench(IDEAL, { ...SILENT_FOR_EVER, protections }).close();
    bench.current_A = 260;
    bench.live(0.001);
    bench.current_A = 0;
    const closed_s = bench.live(6);
    expect(closed_s).toBeGreaterThan(4.7);
    expect(closed_s).toBeLessThan(5.3);
  });

  it('the third of three within ten seconds of each other latches', () => {
    const bench = new Bench(IDEAL, {
      ...SILENT_FOR_EVER,
      limits: { ...SILENT_FOR_EVER.limits, latchAfter: 3, shortRecovery_s: 1 },
    }).close();
    for (let k = 1; k <= 3; k++) {
      expect(bench.faults()).toBe(0);
      bench.current_A = 260;
      bench.live(0.001);
      bench.current_A = 0;
      bench.live(5);
    }
    expect(bench.faults()).toBe(Bq76952Fault.ShortLatched);
  });
});
