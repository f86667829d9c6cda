import { describe, expect, it } from 'vitest';
import {
  Bq76952Fet,
  Bq76952FetOff,
  Bq76952Register,
  Bq76952Status,
  Bq76952Subcommand,
  bq76952Send,
  bq76952Write,
} from '../../hal/chips/bq76952';
import { BOTH, calm } from './bq76952Bench';

describe('the switches', () => {
  it('open at once, close within 250 ms', () => {
    const bench = calm();
    bq76952Send(bench.afe, Bq76952Subcommand.FetControl, Bq76952FetOff.All, 1);
    expect(bench.fets() & BOTH).toBe(0);
    bq76952Send(bench.afe, Bq76952Subcommand.FetControl, Bq76952FetOff.Charge, 1);
    expect(bench.fets() & BOTH).toBe(0);
    expect(bench.live(0.3)).toBeLessThanOrEqual(0.25 + 1e-9);
    expect(bench.fets() & BOTH).toBe(Bq76952Fet.Discharge);
    bq76952Send(bench.afe, Bq76952Subcommand.AllFetsOff, 0, 0);
    expect(bench.fets() & BOTH).toBe(0);
  });

  it('one through whose body diode a current flows is closed, and opens again without it', () => {
    const bench = calm();
    bq76952Send(bench.afe, Bq76952Subcommand.FetControl, Bq76952FetOff.Charge, 1);
    expect(bench.fets() & BOTH).toBe(Bq76952Fet.Discharge);
    bench.current_A = 10;
    expect(bench.live(0.01)).toBeLessThan(0.0031);
    expect(bench.fets() & BOTH).toBe(BOTH);
    bench.current_A = 0;
    bench.live(0.01);
    expect(bench.fets() & BOTH).toBe(Bq76952Fet.Discharge);
  });

  it('are open in CONFIG_UPDATE, where nothing is measured or protected', () => {
    const bench = calm();
    bq76952Send(bench.afe, Bq76952Subcommand.EnterConfigUpdate, 0, 0);
    expect(bench.fets() & BOTH).toBe(0);
    bench.cells_V.fill(4.9);
    bench.current_A = 300;
    bench.live(5);
    expect(bench.faults()).toBe(0);
    expect(bench.cells()[0]).toBe(3800);
  });

  it('stuck ones conduct, or do not, whatever the part says', () => {
    const bench = calm();
    bench.model.switches.dischargeStuck = true;
    bench.model.switches.chargeStuck = false;
    expect(bench.model.chargeConducts).toBe(false);
    bq76952Send(bench.afe, Bq76952Subcommand.AllFetsOff, 0, 0);
    expect(bench.model.dischargeConducts).toBe(true);
    expect(bench.fets() & BOTH).toBe(0);
  });

  it('ALERT falls with a fault and rises when that is acknowledged, though the fault lasts', () => {
    const bench = calm();
    expect(bench.model.alertPin).toBe(true);
    expect(bench.status() & Bq76952Status.Fault).toBe(0);
    bench.cells_V[0] = 4.5;
    bench.live(0.3);
    expect(bench.model.alertPin).toBe(false);
    expect(bench.fets() & Bq76952Fet.Alert).not.toBe(0);
    bq76952Write(bench.afe, Bq76952Register.AlarmStatus, [0xff, 0xff]);
    bench.live(1);
    expect(bench.model.alertPin).toBe(true);
    expect(bench.status() & Bq76952Status.Fault).not.toBe(0);
    bench.cells_V[0] = 3.8;
    bench.live(4);
    expect(bench.status() & Bq76952Status.Fault).toBe(0);
    bench.cells_V[0] = 4.5;
    bench.live(0.3);
    expect(bench.model.alertPin).toBe(false);
    bench.cells_V[0] = 3.8;
    bench.live(4);
    expect(bench.model.alertPin).toBe(false);
  });
});
