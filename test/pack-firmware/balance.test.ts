/** Passive balancing, judged at the front end's own switches and by the cells' true voltages and charges. */
import { describe, expect, it } from 'vitest';
import { BalanceStop } from '../../firmware/balance/balance';
import { Wish } from '../../firmware/pack';
import { Policy } from '../../firmware/protect/faults';
import { CHARGER, conducts, packHarness, type Difference, type PackHarness, type Setup } from './packHarness';

const MINUTE_MS = 60e3;
/** 40 mV between the fullest and the emptiest at the top of the charge. */
const UNEQUAL: Difference[] = [0, 12, 25, 8, 42, 18].map((less_mAh) => ({ less_mAh }));

/** Notes what the cells lose through the part's switches, and whether that ever happens when it must not. */
interface Judge {
  wrong: string[];
  drained_mAh: Float64Array;
  active_s: number;
}

function judged(setup: Setup = {}): PackHarness & Judge {
  const pack = Object.assign(packHarness({ differences: UNEQUAL, ...setup }), {
    wrong: [] as string[],
    drained_mAh: new Float64Array(6),
    active_s: 0,
  });
  const { bench, bms } = pack;
  bench.onStep = (dt_s, current_A) => {
    const { active, mean_A } = bench.afe.balancing;
    for (let k = 0; k < 6; k++) pack.drained_mAh[k]! += (1000 * mean_A[k]! * dt_s) / 3600;
    if (active === 0) return;
    pack.active_s += dt_s;
    if (current_A > 0.02) pack.wrong.push(`discharge of ${current_A} A`);
    if (active & (active << 1)) pack.wrong.push('neighbours');
    if (active & ~bench.board.afe.cells) pack.wrong.push('an input without a cell');
  };
  // What it goes by is read in the tick in which a round of draining begins, or would.
  let before = 0;
  pack.onTick = () => {
    const { drains } = bms.balance;
    if (drains !== 0 && before === 0 && bench.afe.balancing.mean_A.some((mean_A) => mean_A > 0))
      pack.wrong.push('measured while draining');
    before = drains;
  };
  return pack;
}

const spread_mV = ({ bench }: PackHarness): number =>
  1000 *
  (Math.max(...bench.cells.map((cell) => cell.voltage_V)) - Math.min(...bench.cells.map((cell) => cell.voltage_V)));

const isOver =
  ({ bms }: PackHarness) =>
  (): boolean =>
    bms.balance.drains === 0 && bms.balance.stop === BalanceStop.Balanced;

describe('balancing', () => {
  it('at rest brings 40 mV below 10 mV, stops, and stays there; what it says it cost is what it cost', () => {
    const pack = judged();
    const { bms, bench } = pack;
    const lithium = bench.cells.map((one) => one.lithium_mAh_cm2);
    const inactive = bench.cells.map((one) => one.inactive);
    expect(spread_mV(pack)).toBeGreaterThan(35);
    expect(pack.run(4.9 * MINUTE_MS, () => bms.balance.drains !== 0)).toBeCloseTo(4.9 * MINUTE_MS, -3);
    pack.run(300 * MINUTE_MS, isOver(pack));
    expect(bms.balance.stop).toBe(BalanceStop.Balanced);
    expect(spread_mV(pack)).toBeLessThan(10);
    pack.run(30 * MINUTE_MS);
    expect(spread_mV(pack)).toBeLessThan(10);
    expect(bms.balance.stop).toBe(BalanceStop.Balanced);
    expect(pack.wrong).toEqual([]);
    for (let k = 0; k < 6; k++)
      expect(Math.abs(bms.balance.drained_mC[k]! / 3600 - pack.drained_mAh[k]!)).toBeLessThan(
        0.05 * pack.drained_mAh[k]! + 0.1,
      );
    expect(pack.drained_mAh[4]).toBe(0);
    // The balance of lithium of each cell is whole; what became inactive is what a strip so slow leaves behind.
    bench.cells.forEach((one, k) => {
      one.settle();
      expect(one.lithium_mAh_cm2 - lithium[k]!).toBeCloseTo(0, 9);
      const lost_mAh = (one.inactive - inactive[k]!) * one.area_cm2;
      expect(lost_mAh).toBeLessThan(0.01 * pack.drained_mAh[k]! + 0.5);
    });
  });

  it('at the end of a charge works while the charger holds the voltage', () => {
    const pack = judged({
      charged_V: 4.15,
      differences: [0, 5, 14, 2, 28, 9].map((less_mAh) => ({ less_mAh })),
      change: (config) => {
        config.chargeTo_mV = 4250;
        config.balance.chargeEnd_mV = 4220;
      },
    });
    const { bms, bench } = pack;
    bms.wish = Wish.Charge;
    bench.charger = () => ({ current_A: 0.5, voltage_V: 25.5 });
    expect(spread_mV(pack)).toBeGreaterThan(20);
    pack.run(60 * MINUTE_MS, () => bms.balance.drains !== 0);
    expect(bench.current_A).toBeLessThan(-0.02);
    expect(bench.current_A).toBeGreaterThan(-0.11);
    pack.run(300 * MINUTE_MS, isOver(pack));
    expect(spread_mV(pack)).toBeLessThan(10);
    expect(pack.wrong).toEqual([]);
  });

  it('left on the charger with 40 mV all cells come to the top, and none beyond it', () => {
    const pack = judged({ charged_V: 4.2, policy: Policy.Cycler });
    const { bms, bench } = pack;
    bms.wish = Wish.Charge;
    bench.charger = () => CHARGER;
    let highest_V = 0;
    const judge = pack.onTick;
    pack.onTick = () => {
      judge?.();
      highest_V = Math.max(highest_V, ...bench.cells_V);
    };
    const ended = isOver(pack);
    pack.run(300 * MINUTE_MS, () => ended() && !bms.isFull && bench.current_A > -0.001);
    expect(bms.isFull || bms.sense.current_mA > -50).toBe(true);
    expect(spread_mV(pack)).toBeLessThan(10);
    expect(Math.min(...bench.cells_V)).toBeGreaterThan(4.265);
    expect(highest_V).toBeLessThan(4.325);
    expect(pack.tripped()).toEqual([]);
    expect(pack.wrong).toEqual([]);
  });

  it('never works with the output on, not even at no current', () => {
    const pack = judged();
    const { bms, bench } = pack;
    bms.wish = Wish.On;
    pack.run(20 * MINUTE_MS);
    bench.load = () => 1;
    pack.run(2 * MINUTE_MS);
    bench.load = () => 0;
    pack.run(20 * MINUTE_MS);
    expect(conducts(pack)).toBe('both');
    expect(pack.active_s).toBe(0);
    expect(bms.balance.stop).toBe(BalanceStop.NotAtRest);
  });

  it('ends before a switch closes, and a load at the charger ends it with the next tick', () => {
    const pack = judged();
    const { bms, bench } = pack;
    pack.run(20 * MINUTE_MS, () => pack.active_s > 10);
    bms.wish = Wish.On;
    bench.load = (_, terminals_V) => (conducts(pack) === 'both' && terminals_V > 20 ? 1.5 : 0);
    pack.run(5000);
    expect(bench.current_A).toBe(1.5);
    expect(pack.wrong).toEqual([]);

    const charged = judged();
    charged.bms.wish = Wish.Charge;
    charged.bench.charger = () => CHARGER;
    charged.run(30 * MINUTE_MS, () => charged.active_s > 10);
    const active_s = charged.active_s;
    charged.bench.load = () => 2;
    charged.run(10000);
    expect(charged.active_s - active_s).toBeLessThanOrEqual(0.2);
  });

  it.each<[string, BalanceStop, (pack: PackHarness) => void]>([
    ['a cell is hot', BalanceStop.TooHot, ({ bench }) => (bench.defects = { thermistors: [{ offset: 23 }] })],
    ['the board is hot', BalanceStop.TooHot, ({ bench }) => void (bench.ambient_C = 66)],
    ['a thermistor is open', BalanceStop.Fault, ({ bench }) => void (bench.afe.measure.thermistor[0] = 'open')],
    ['a sense wire is open', BalanceStop.Fault, ({ bench }) => void (bench.afe.measure.openWire[1] = true)],
    ['the bus is dead', BalanceStop.Fault, ({ bench }) => (bench.bus.defects = { noAddress: true })],
  ])('stops when %s, with the reason', (_, stop, breaks) => {
    const pack = judged();
    const { bms, bench } = pack;
    pack.run(20 * MINUTE_MS, () => pack.active_s > 10);
    breaks(pack);
    // A wire is not looked at while something is drained; a part that is not reached ends it by itself.
    pack.run(1.3 * MINUTE_MS);
    expect(bms.balance.stop).toBe(stop);
    expect(bench.afe.balancing.active).toBe(0);
    const active_s = pack.active_s;
    pack.run(10 * MINUTE_MS);
    expect(pack.active_s).toBe(active_s);
  });

  it('does not begin in the middle of the charge, where voltages say little', () => {
    const pack = judged({ charged_V: 3.9 });
    pack.run(20 * MINUTE_MS);
    expect(pack.bms.balance.stop).toBe(BalanceStop.NotFull);
    expect(pack.active_s).toBe(0);
  });

  it('gives a cell that will not come down, and all together, only so much time', () => {
    const change: Setup['change'] = ({ balance }) => {
      balance.longestCell_s = 600;
      balance.longest_s = 1800;
    };
    const one = judged({ differences: [{}, ...UNEQUAL.slice(1).map(() => ({ less_mAh: 60 }))], change });
    one.run(120 * MINUTE_MS, () => one.bms.balance.stop === BalanceStop.CellTimeOut);
    expect(one.bms.balance.stop).toBe(BalanceStop.CellTimeOut);
    expect(one.active_s).toBeGreaterThan(500);
    expect(one.active_s).toBeLessThan(700);
    const all = judged({
      differences: UNEQUAL.map((_, k) => ({ less_mAh: 120 - 20 * k })),
      change: ({ balance }) => void (balance.longest_s = 1800),
    });
    all.run(180 * MINUTE_MS, () => all.bms.balance.stop === BalanceStop.TimeOut);
    expect(all.bms.balance.stop).toBe(BalanceStop.TimeOut);
    expect(all.active_s).toBeLessThan(1900);
    // The next use gives them time again.
    all.bms.wish = Wish.On;
    all.run(5000);
    all.bms.wish = Wish.Off;
    const active_s = all.active_s;
    all.run(20 * MINUTE_MS);
    expect(all.active_s).toBeGreaterThan(active_s);
  });

  it('rests between its two levels: what it brought together it leaves alone', () => {
    const within: Difference[] = [0, 7, 2, 0, 4, 3].map((less_mAh) => ({ less_mAh }));
    const pack = judged({ differences: within, policy: Policy.Cycler, charged_V: 4.2 });
    expect(spread_mV(pack)).toBeGreaterThan(3);
    pack.run(20 * MINUTE_MS);
    expect(pack.bms.balance.stop).toBe(BalanceStop.Balanced);
    expect(pack.active_s).toBe(0);
  });
});
