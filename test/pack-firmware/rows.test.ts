/**
 * Every row of the fault table that a pack has a use for: something breaks, and the row trips within what it promises. On the ground
 * the switches are then as its action says; in flight the output stays on, but for what the front end has opened. Judged at the
 * switches of the model.
 */
import { describe, expect, it } from 'vitest';
import { Wish } from '../../firmware/pack';
import { Action, Fault, Policy } from '../../firmware/protect/faults';
import { releaseFault, trip } from '../../firmware/protect/engine';
import { Row } from '../../firmware/protect/protection';
import { FAULT_TABLE } from '../../firmware/protect/table';
import { BusFault } from '../../sim/chips/bus';
import { WrongPart } from '../../sim/chips/wrongPart';
import { Random } from '../../sim/random';
import { charging, conducts, flying, packHarness, resting, type PackHarness } from './packHarness';

const FRONT_END = 0x08;

/** Makes something break, and whole again. */
interface Case {
  fault: Fault;
  from: (setup: { policy: Policy }) => PackHarness;
  breaks: (pack: PackHarness) => void;
  mends: (pack: PackHarness) => void;
  /** What breaks takes the power itself. */
  cuts?: boolean;
}

const whole = ({ bench }: PackHarness): void => void (bench.defects = undefined);
const cell =
  (offset_V: number) =>
  ({ bench }: PackHarness): void =>
    void (bench.defects = { cells: [undefined, undefined, { offset_V }] });
const thermistor =
  (offset: number) =>
  ({ bench }: PackHarness): void =>
    void (bench.defects = { thermistors: [undefined, { offset }] });
const reading =
  (change: (pack: PackHarness) => void) =>
  (pack: PackHarness): void => {
    const { measure } = pack.bench.afe;
    const advance = measure.advance.bind(measure);
    measure.advance = (dt_s) => {
      advance(dt_s);
      change(pack);
    };
  };
/** The part as it was before one of its methods was replaced. */
const unpatched = ({ bench }: PackHarness): void => {
  delete (bench.afe.wire as unknown as Record<string, unknown>).readReg;
  for (const own of ['advance', 'counted_mAs', 'permit']) {
    delete (bench.afe.measure as unknown as Record<string, unknown>)[own];
    delete (bench.afe.switches as unknown as Record<string, unknown>)[own];
  }
};
const bus =
  (defects: PackHarness['bench']['bus']['defects']) =>
  ({ bench }: PackHarness): void =>
    void (bench.bus.defects = defects && { ...defects });

const CASES: Case[] = [
  { fault: Fault.OverVoltage, from: charging, breaks: cell(0.475), mends: whole },
  { fault: Fault.OverVoltage, from: resting, breaks: cell(0.285), mends: whole },
  { fault: Fault.UnderVoltage, from: flying, breaks: cell(-1.6), mends: whole },
  { fault: Fault.DeepDischarge, from: resting, breaks: cell(-2.7), mends: whole },
  { fault: Fault.OutOfRange, from: flying, breaks: adc(1.4), mends: adc(0) },
  { fault: Fault.OverTemperature, from: flying, breaks: thermistor(43), mends: whole },
  { fault: Fault.UnderTemperature, from: flying, breaks: thermistor(-52), mends: whole },
  { fault: Fault.ChargeOverTemperature, from: charging, breaks: thermistor(32), mends: whole },
  { fault: Fault.ChargeUnderTemperature, from: charging, breaks: thermistor(-47), mends: whole },
  { fault: Fault.TemperaturesDisagree, from: flying, breaks: thermistor(20), mends: whole },
  { fault: Fault.ThermistorOpen, from: flying, breaks: wire('open'), mends: wire(undefined) },
  { fault: Fault.ThermistorShort, from: charging, breaks: wire('short'), mends: wire(undefined) },
  {
    fault: Fault.OverChargeCurrent,
    from: charging,
    breaks: ({ bench }) => void (bench.charger = () => ({ current_A: 0.75, voltage_V: 25.8 })),
    mends: ({ bench }) => void (bench.charger = () => ({ current_A: 0.5, voltage_V: 25.8 })),
  },
  {
    fault: Fault.OverDischargeCurrent,
    from: flying,
    breaks: ({ bench }) => void (bench.load = () => 6.5),
    mends: ({ bench }) => void (bench.load = () => 0),
  },
  {
    fault: Fault.FrontEnd,
    from: flying,
    cuts: true,
    breaks: ({ bench }) => void (bench.defects = { short_A: 60 }),
    mends: (pack) => {
      whole(pack);
      pack.bench.load = () => 0;
    },
  },
  {
    fault: Fault.CurrentWhenOpen,
    from: resting,
    breaks: ({ bench }) => {
      bench.afe.switches.dischargeStuck = true;
      bench.load = () => 0.5;
    },
    mends: ({ bench }) => {
      bench.afe.switches.dischargeStuck = undefined;
      bench.load = () => 0;
    },
  },
  {
    fault: Fault.InvalidData,
    from: flying,
    breaks: reading(({ bench }) => void (bench.afe.measure.current_mA = 40000)),
    mends: unpatched,
  },
  {
    fault: Fault.ImpossibleSlope,
    from: flying,
    breaks: (pack) => {
      let up = false;
      pack.onTick = () => adc((up = !up) ? 0.8 : 0)(pack);
      pack.onTick();
    },
    mends: (pack) => {
      pack.onTick = undefined;
      adc(0)(pack);
    },
  },
  {
    fault: Fault.StuckData,
    from: flying,
    breaks: ({ bench }) => {
      bench.afe.measure.advance = () => {};
      bench.afe.measure.counted_mAs = () => 0;
    },
    mends: unpatched,
  },
  {
    fault: Fault.StaleData,
    from: flying,
    breaks: ({ bench }) => bench.bus.detach(FRONT_END),
    mends: ({ bench }) => bench.bus.attach(FRONT_END, bench.afe.wire),
  },
  {
    fault: Fault.NoAcknowledge,
    from: charging,
    breaks: bus({ noAddress: true }),
    mends: bus(undefined),
  },
  {
    fault: Fault.StaleSlowData,
    from: flying,
    breaks: ({ bench }) => {
      const { wire } = bench.afe;
      const readReg = wire.readReg.bind(wire);
      wire.readReg = (register, out, time_ms) => {
        if (register === 0x66) throw new BusFault('no acknowledge');
        readReg(register, out, time_ms);
      };
    },
    mends: unpatched,
  },
  {
    fault: Fault.WrongChecksum,
    from: flying,
    breaks: bus({ bitErrors: { chance: 0.02, random: new Random(1, 'bits') } }),
    mends: bus(undefined),
  },
  { fault: Fault.BusStuck, from: flying, breaks: bus({ sdaHeld_clocks: Infinity }), mends: bus(undefined) },
  { fault: Fault.BusStuck, from: resting, breaks: bus({ sclHeld: true }), mends: bus(undefined) },
  {
    fault: Fault.ActuatorMismatch,
    from: charging,
    breaks: ({ bench }) => void (bench.afe.switches.enabled = false),
    mends: ({ bench }) => void (bench.afe.switches.enabled = true),
    cuts: true,
  },
  {
    fault: Fault.ActuatorMismatch,
    from: flying,
    breaks: ({ bench }) => void (bench.precharge.level = true),
    mends: ({ bench }) => void (bench.precharge.level = false),
  },
  {
    fault: Fault.SwitchNotClosing,
    from: flying,
    breaks: ({ bench }) => void (bench.afe.switches.dischargeStuck = false),
    mends: ({ bench }) => void (bench.afe.switches.dischargeStuck = undefined),
    cuts: true,
  },
  {
    fault: Fault.TemperatureSlope,
    from: flying,
    breaks: (pack) => {
      const begin_ms = pack.bench.clock.now_ms;
      pack.onTick = () => thermistor(0.0015 * (pack.bench.clock.now_ms - begin_ms))(pack);
    },
    mends: (pack) => {
      pack.onTick = undefined;
      whole(pack);
    },
  },
  {
    fault: Fault.ChargeCountDisagrees,
    from: flying,
    breaks: ({ bench }) => {
      const { measure } = bench.afe;
      const counted = measure.counted_mAs.bind(measure);
      measure.counted_mAs = (dt_s) => 1.2 * counted(dt_s);
    },
    mends: unpatched,
  },
  { fault: Fault.PartReset, from: flying, cuts: true, breaks: ({ bench }) => bench.afe.reset(), mends: () => {} },
  {
    fault: Fault.BoardTemperature,
    from: flying,
    breaks: ({ bench }) => void (bench.ambient_C = 84),
    mends: ({ bench }) => void (bench.ambient_C = 25),
  },
  { fault: Fault.Imbalance, from: charging, breaks: cell(-0.13), mends: whole },
  {
    fault: Fault.OpenSenseWire,
    from: flying,
    breaks: ({ bench }) => void (bench.afe.measure.openWire[2] = true),
    mends: ({ bench }) => void (bench.afe.measure.openWire[2] = false),
  },
  {
    fault: Fault.OpenSenseWire,
    from: charging,
    breaks: ({ bench }) => void (bench.afe.measure.openWire[5] = true),
    mends: ({ bench }) => void (bench.afe.measure.openWire[5] = false),
  },
];

/** Rows that have tests of their own below or elsewhere, and rows that a pack has no use for, with the reason. */
const ELSEWHERE: Partial<Record<Fault, string>> = {
  [Fault.LastingChargeCurrent]: 'below',
  [Fault.LastingDischargeCurrent]: 'below',
  [Fault.WrongPart]: 'below',
  [Fault.SelfTestFailed]: 'below',
  [Fault.CurrentNotFollowing]: 'a pack sets no current',
  [Fault.SetPointOutOfRange]: 'a pack sets no current',
  [Fault.VoltagesDisagree]: 'the second opinion is OpenSenseWire',
  [Fault.ThermistorStuck]: 'one converter for all, watched by StuckData',
  [Fault.SoftShort]: 'needs the model of a cell',
  [Fault.SelfHeating]: 'needs the model of a cell',
  [Fault.PolarizationRunaway]: 'needs the model of a cell',
  [Fault.PlatingTooFast]: 'needs the model of a cell',
  [Fault.EndOfLife]: 'needs the model of a cell',
  [Fault.BusSlow]: 'the device entry',
  [Fault.TickOverrun]: 'the device entry',
  [Fault.ClockJump]: 'the device entry',
  [Fault.ConfigurationInvalid]: 'the device entry',
  [Fault.ConfigurationUnsigned]: 'the device entry',
  [Fault.StoreCorrupt]: 'the device entry',
  [Fault.FlashWorn]: 'the device entry',
  [Fault.MemoryLow]: 'the device entry',
  [Fault.ResetStorm]: 'the device entry',
  [Fault.BrownOut]: 'the device entry',
};

function adc(offset_V: number) {
  return ({ bench }: PackHarness): void => void (bench.afe.measure.adcOffset_V[2] = offset_V);
}
function wire(defect: 'open' | 'short' | undefined) {
  return ({ bench }: PackHarness): void => void (bench.afe.measure.thermistor[1] = defect);
}

const rowOf = (fault: Fault) => FAULT_TABLE.find((row) => row.fault === fault)!;

it('every row of the table is tested here, or said where', () => {
  const here = new Set(CASES.map(({ fault }) => fault));
  for (const { fault, name } of FAULT_TABLE) expect(here.has(fault) !== fault in ELSEWHERE, name).toBe(true);
});

const named = CASES.flatMap((one) =>
  [Policy.Flight, Policy.Cycler].map((policy) => ({
    ...one,
    policy,
    row: rowOf(one.fault).name,
    state: one.from.name,
    policyName: Policy[policy],
  })),
);

describe('a fault trips its row in its time', () => {
  it.each(named)('$row, $state, policy $policyName', ({ fault, from, breaks, mends, cuts, policy }) => {
    const row = rowOf(fault);
    for (const offset_ms of [0.5, 61, 137]) {
      const pack = from({ policy });
      const { bench, bms } = pack;
      expect(pack.tripped()).toEqual([]);
      const onset_ms = bench.clock.now_ms + offset_ms;
      let cut = false;
      bench.clock.at(onset_ms, () => {
        bench.live();
        breaks(pack);
      });
      pack.run(offset_ms + row.promised_ms + 200, () => pack.state(fault) === Row.Tripped);
      expect(bench.clock.now_ms - onset_ms).toBeLessThanOrEqual(row.promised_ms);
      expect(pack.state(fault)).toBe(Row.Tripped);

      // What it says is done, and stays so.
      const { action, release } = policy === Policy.Flight ? row.flight : row.cycler;
      const before = pack.onTick;
      pack.onTick = () => {
        before?.();
        cut ||= !bench.afe.dischargeConducts;
      };
      pack.run(1000);
      if (from === flying && policy === Policy.Flight && !cuts) expect(cut).toBe(false);
      if (action === Action.Open) {
        expect(bms.charge_mA + bms.discharge_mA).toBe(0);
        // Without a bus the front end opens them, when it has not heard of anybody for three seconds.
        if (bench.bus.defects || fault === Fault.StaleData) pack.run(3000);
        if (fault !== Fault.CurrentWhenOpen) expect(conducts(pack)).toBe('none');
      }
      if (action === Action.StopCharge)
        expect([bms.charge_mA, bench.afe.chargeConducts && bench.current_A < 0]).toEqual([0, false]);

      // The way back: the cause goes, and whoever may releases what waits for it.
      mends(pack);
      pack.onTick = undefined;
      bench.load = () => 0;
      pack.run(12000);
      if (release !== 0) expect(pack.state(fault)).toBe(Row.Tripped);
      for (const { fault: other } of FAULT_TABLE) releaseFault(bms.protection, other);
      pack.run(200000, () => pack.tripped().length === 0);
      if (fault !== Fault.PartReset || policy === Policy.Flight) expect(pack.tripped()).toEqual([]);
    }
  });
});

describe('rows that other things than a value trip', () => {
  it.each([
    ['discharge', Fault.LastingDischargeCurrent, flying, 6.02],
    ['charge', Fault.LastingChargeCurrent, charging, -0.69],
  ])('lasting over-current in %s', (_, fault, from, current_A) => {
    const pack = from({ policy: Policy.Cycler });
    const { bench, config } = pack;
    const lasting_A = (current_A > 0 ? config.limits.lastingDischarge_mA : config.limits.lastingCharge_mA) / 1000;
    if (current_A > 0) bench.load = () => current_A;
    else bench.charger = () => ({ current_A: -current_A, voltage_V: 25.8 });
    const took_ms = pack.run(3600e3, () => pack.state(fault) === Row.Tripped);
    // What is above the lasting limit, squared, over 10.5 s; gain and offset of the front end move that.
    const due_ms = 10500 / ((current_A / lasting_A) ** 2 - 1);
    expect(Math.abs(took_ms - due_ms)).toBeLessThan(0.15 * due_ms + rowOf(fault).promised_ms);
    pack.run(500);
    expect(conducts(pack)).toBe('none');
  });

  it('stuck data at rest, where nothing but noise moves them, take longer and are found too', () => {
    const pack = resting();
    const { measure } = pack.bench.afe;
    measure.current_mA = 0;
    measure.advance = () => {};
    expect(pack.run(120000, () => pack.state(Fault.StuckData) === Row.Tripped)).toBeLessThan(60000);
  });

  it('another part at the address is no front end', () => {
    expect(() => packHarness({ part: new WrongPart(0x42) })).toThrow(/not a BQ76952|does not answer/);
  });

  it('a current at open switches fails the self-test, also in flight', () => {
    const pack = packHarness();
    pack.bench.afe.switches.dischargeStuck = true;
    pack.bench.load = () => 1;
    pack.bms.wish = Wish.On;
    pack.run(3000);
    expect(pack.tripped()).toContain('self-test failed');
    expect(pack.bms.fets.closed).toBe(0);
    expect(pack.bms.discharge_mA).toBe(0);
  });
});

it('a row that warned of a current beside an open switch stays until it is released, though both have closed', () => {
  const pack = flying();
  const { bms } = pack;
  trip(bms.protection, Fault.CurrentWhenOpen, pack.bench.clock.now_ms);
  expect(conducts(pack)).toBe('both');
  pack.run(12000);
  expect(pack.state(Fault.CurrentWhenOpen)).toBe(Row.Tripped);
  releaseFault(bms.protection, Fault.CurrentWhenOpen);
  pack.run(2000);
  expect(pack.state(Fault.CurrentWhenOpen)).toBe(Row.Ok);
});
