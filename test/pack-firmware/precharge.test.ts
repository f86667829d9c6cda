/** Switching the output on: through a resistor first, judged at the terminals and by the largest current into the load's capacitors. */
import { describe, expect, it } from 'vitest';
import { Wish } from '../../firmware/pack';
import { Fault, Policy } from '../../firmware/protect/faults';
import { Row } from '../../firmware/protect/protection';
import { Switch } from '../../firmware/protect/switches';
import { CHARGER, conducts, packHarness, resting } from './packHarness';

describe('switching on', () => {
  it('fills the capacitors first, then closes, then takes the resistor away', () => {
    const pack = resting();
    const { bench, bms } = pack;
    bms.wish = Wish.On;
    pack.run(250);
    expect(bms.switches).toBe(Switch.Precharge);
    expect(bench.precharge.level).toBe(true);
    expect(conducts(pack)).toBe('none');
    let lapse = false;
    pack.onTick = () => (lapse ||= conducts(pack) === 'none' && !bench.precharge.level);
    pack.run(2000);
    expect(lapse).toBe(false);
    expect(conducts(pack)).toBe('both');
    expect(bench.precharge.level).toBe(false);
    // A tenth of the stack's 24.6 V at most, over the 0.1 Ohm of the bench.
    expect(bench.inrush_A).toBeLessThan(26);
    expect(pack.busy()).toEqual([]);
  });

  it('without the resistor the inrush would be ten times as large: the bench would see it', () => {
    const pack = resting();
    pack.bench.afe.switches.chargeStuck = pack.bench.afe.switches.dischargeStuck = true;
    pack.run(1000);
    expect(pack.bench.inrush_A).toBeGreaterThan(200);
  });

  it.each<[string, (pack: ReturnType<typeof resting>) => void]>([
    ['into a short', ({ bench }) => (bench.defects = { short_A: 30 })],
    ['with a broken resistor', ({ bench }) => (bench.defects = { prechargeOpen: true })],
    ['with a load that is on', ({ bench }) => (bench.load = (_, terminals_V) => (terminals_V > 3 ? 1 : 0))],
  ])('%s is given up within its time, with the reason, and tried again only when wished again', (_, breaks) => {
    for (const policy of [Policy.Flight, Policy.Cycler]) {
      const pack = resting({ policy });
      const { bench, bms, config } = pack;
      breaks(pack);
      bms.wish = Wish.On;
      const took_ms = pack.run(5000, () => pack.state(Fault.SwitchNotClosing) === Row.Tripped);
      expect(took_ms).toBeLessThanOrEqual(config.board.precharge.longest_ms + 200);
      pack.run(200);
      expect(bench.precharge.level).toBe(false);
      expect(bms.wish).toBe(Wish.Off);
      let on = false;
      pack.onTick = () => (on ||= bench.precharge.level || conducts(pack) !== 'none');
      pack.run(10000);
      expect(on).toBe(false);
    }
  });

  it('a charge begins the same way where no charger is at the terminals yet', () => {
    const pack = resting();
    const { bench, bms } = pack;
    bms.wish = Wish.Charge;
    pack.run(250);
    expect(bms.switches).toBe(Switch.Precharge);
    pack.run(3000);
    expect(bms.switches).toBe(Switch.Charge);
    expect(conducts(pack)).toBe('both');
    expect(bench.inrush_A).toBeLessThan(26);
    expect(bench.precharge.level).toBe(false);
    expect(pack.busy()).toEqual([]);
    // With one, it closes at once.
    const other = resting();
    other.bench.charger = () => CHARGER;
    other.run(1000);
    other.bms.wish = Wish.Charge;
    other.run(100);
    expect(other.bms.switches).toBe(Switch.Charge);
  });

  it('switched off in the middle, all is open at the next tick', () => {
    const pack = resting();
    pack.bms.wish = Wish.On;
    pack.run(200);
    pack.bms.wish = Wish.Off;
    pack.run(200);
    expect(pack.bench.precharge.level).toBe(false);
    expect(pack.bms.switches).toBe(Switch.Idle);
  });

  it('from the charger to the output and back the switches stay closed', () => {
    const pack = packHarness({ charged_V: 3.9 });
    const { bench, bms } = pack;
    bms.wish = Wish.Charge;
    bench.charger = () => CHARGER;
    pack.run(5000);
    expect(bench.current_A).toBeCloseTo(-0.5, 2);
    let open = false;
    pack.onTick = () => (open ||= conducts(pack) !== 'both');
    bench.charger = undefined;
    bms.wish = Wish.On;
    pack.run(2000);
    bench.load = () => 1.5;
    pack.run(5000);
    bench.load = () => 0;
    bms.wish = Wish.Charge;
    pack.run(2000);
    expect(open).toBe(false);
    expect(pack.tripped()).toEqual([]);
  });
});

describe('a charge that is not allowed', () => {
  it('is stopped at the charge switch, the output stays', () => {
    const pack = packHarness({ charged_V: 3.9 });
    const { bench, bms } = pack;
    bms.wish = Wish.On;
    pack.run(5000);
    bench.charger = () => CHARGER;
    pack.run(5000);
    expect(bench.current_A).toBeCloseTo(-0.5, 2);
    bench.defects = { thermistors: [{ offset: 32 }] };
    pack.run(3000);
    expect(bms.protection.whyCharge).toBe(Fault.ChargeOverTemperature);
    expect([bms.charge_mA, bms.discharge_mA]).toEqual([0, bms.config.limits.lastingDischarge_mA]);
    expect(conducts(pack)).toBe('discharge');
    expect(bench.current_A).toBe(0);
    // A load still gets its current: past the body diode, until the front end has closed that switch for it.
    bench.charger = undefined;
    bench.load = () => 3;
    pack.run(1000);
    expect(bench.current_A).toBe(3);
    expect(conducts(pack)).toBe('both');
    expect(pack.tripped()).toEqual(['over-temperature for charge', 'temperatures disagree']);
    // Cooler again, it may be charged.
    bench.load = () => 0;
    bench.defects = undefined;
    bench.charger = () => CHARGER;
    pack.run(10000);
    expect(bench.current_A).toBeCloseTo(-0.5, 2);
    expect(pack.tripped()).toEqual([]);
  });

  it('says so when a welded charge switch lets it flow all the same', () => {
    const pack = packHarness({ charged_V: 3.9 });
    const { bench, bms } = pack;
    bms.wish = Wish.On;
    pack.run(5000);
    bench.charger = () => CHARGER;
    bench.afe.switches.chargeStuck = true;
    bench.defects = { thermistors: [{ offset: -47 }] };
    pack.run(5000);
    expect(pack.tripped()).toContain('current flows with the switches open');
    expect(conducts(pack)).toBe('both');
  });
});
