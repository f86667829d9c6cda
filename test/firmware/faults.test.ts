import { describe, expect, it } from 'vitest';
import { restart } from '../../firmware/restart';
import type { Config } from '../../firmware/config/config';
import type { Device } from '../../firmware/device';
import { createStep, StepKind } from '../../firmware/protocol/protocol';
import { releaseFault, releaseOf } from '../../firmware/protect/engine';
import { Action, Fault, Policy, Release } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { Row } from '../../firmware/protect/protection';
import { FAULT_TABLE } from '../../firmware/protect/table';
import { Alarm, clear, Level, raise, Reason } from '../../firmware/watch/alarms';
import { channelConfig } from '../../sim/campaign/channelRun';
import type { ChannelDefects } from '../../sim/bench/faults';
import type { I2cPart } from '../../sim/chips/bus';
import type { Ina228Errors } from '../../sim/chips/ina228';
import { loadProfile } from '../../sim/profiles/profile';
import { channelBench, WHAT, type ChannelBench } from './channelBench';

type State = keyof typeof WHAT;
const STATES = Object.keys(WHAT) as State[];
const FLOWS: State[] = ['charge', 'discharge'];
/** Longest until a row that may releases itself: good for so long, seen again by the slowest reading, recovered. */
const RELEASE_MS = 5000;
const SLOWEST_MS = 2400;
const RECOVERY_MS = 2000;
/** How long after a trip the device sets up its parts anew. */
const RESTART_MS = 5000;
/** What the self-test tries. */
const TRIED_MA = 120;
/** The offset of the power stage. */
const NOTHING_A = 0.001;

/** Breaks something in a running channel. @returns what mends it */
type Break = (bench: ChannelBench) => () => void;

interface Case {
  fault: Fault;
  /** What breaks, where a row has more than one way to it. */
  how?: string;
  states: State[];
  breaks: Break;
  /** Of the configuration, so that nothing else trips. */
  change?: (config: Config) => void;
  /** How long it takes until the value is beyond its level. */
  grows_ms?: number;
  /** The row is not the only one that trips by it: what it takes away by itself is not to be seen. */
  shared?: boolean;
  /** The DAC, or a switch, does not do what it is told: that no current flows is all that can be asked for. */
  deaf?: boolean;
  /** Setting up the parts anew is all it takes. */
  heals?: boolean;
  /** How long what is compared still holds what was wrong. */
  lasts_ms?: number;
  /** It is the watchers of the lithium that say so. */
  watched?: boolean;
}

const defect =
  (defects: ChannelDefects): Break =>
  ({ channel }) => {
    channel.defects = defects;
    return () => (channel.defects = undefined);
  };

const temperature =
  (temperature_C: number): Break =>
  ({ channel }) => {
    channel.sensorTemperature_C = temperature_C;
    return () => (channel.sensorTemperature_C = undefined);
  };

const detached =
  (which: 'ina' | 'dac' | 'ads'): Break =>
  ({ channel, config: { board } }) => {
    const address =
      which === 'ina' ? board.ina228.address : which === 'dac' ? board.dac.address : board.ads1115.address;
    channel.bus.detach(address);
    return () => channel.bus.attach(address, channel[which]);
  };

/** A part whose result registers are never written again. */
const frozen =
  (which: 'ina' | 'ads', registers: number[]): Break =>
  ({ channel, config: { board } }) => {
    const part: I2cPart = channel[which];
    const address = which === 'ina' ? board.ina228.address : board.ads1115.address;
    const held = new Map<number, Uint8Array>();
    channel.bus.attach(address, {
      readFrom: (out, time_ms) => part.readFrom(out, time_ms),
      writeTo: (bytes, time_ms) => part.writeTo(bytes, time_ms),
      readReg(register, out, time_ms) {
        part.readReg(register, out, time_ms);
        if (!registers.includes(register)) return;
        if (!held.has(register)) held.set(register, out.slice());
        out.set(held.get(register)!);
      },
    });
    return () => channel.bus.attach(address, part);
  };

/** Both sensors see this, so that they agree. */
const voltage = (volts: number): Break => defect({ voltage: { stuck: volts }, coarseVoltage: { stuck: volts } });

/** Does something again and again, from half-way between two ticks on. */
const repeated =
  (every_ms: number, act: (bench: ChannelBench, n: number) => void, mend: (bench: ChannelBench) => void): Break =>
  (bench) => {
    const { clock } = bench.channel;
    let on = true;
    let n = 0;
    const again = (): void => {
      if (!on) return;
      bench.channel.live();
      act(bench, n++);
      clock.at(clock.now_ms + every_ms, again);
    };
    again();
    return () => {
      on = false;
      mend(bench);
    };
  };

const alarm =
  (which: Alarm, reason: Reason): Break =>
  ({ bms, channel }) => {
    const { alarms } = bms.watch!;
    raise(alarms, which, Level.Alarm, reason, 1, channel.clock.now_ms);
    return () => clear(alarms, which);
  };

/** The lasting limits far enough below the others. */
const lastingLess = ({ limits }: Config): void => {
  limits.lastingDischarge_mA = limits.lastingCharge_mA = 800;
};

const CASES: Case[] = [
  { fault: Fault.OverVoltage, states: STATES, breaks: voltage(4.37) },
  { fault: Fault.UnderVoltage, states: STATES, breaks: voltage(2.45) },
  { fault: Fault.OverTemperature, states: STATES, breaks: temperature(70), shared: true },
  { fault: Fault.UnderTemperature, states: STATES, breaks: temperature(-40), shared: true },
  { fault: Fault.ChargeOverTemperature, states: STATES, breaks: temperature(57) },
  { fault: Fault.ChargeUnderTemperature, states: STATES, breaks: temperature(-22) },
  {
    fault: Fault.LastingDischargeCurrent,
    states: ['rest'],
    change: lastingLess,
    breaks: defect({ shortBeforeSwitch_A: 1.2 }),
    grows_ms: 8400,
    shared: true,
  },
  {
    fault: Fault.LastingChargeCurrent,
    states: ['rest'],
    change: lastingLess,
    breaks: defect({ current: { offset: -1.2 } }),
    grows_ms: 8400,
    shared: true,
  },
  { fault: Fault.DeepDischarge, states: STATES, breaks: voltage(1.2), shared: true },
  { fault: Fault.OverChargeCurrent, states: STATES, breaks: defect({ current: { stuck: -1.4 } }), shared: true },
  { fault: Fault.OverDischargeCurrent, states: STATES, breaks: defect({ current: { stuck: 1.4 } }), shared: true },
  {
    fault: Fault.FrontEnd,
    how: 'a short behind the switch',
    states: ['discharge'],
    breaks: defect({ shortBehindSwitch_A: 30 }),
    shared: true,
  },
  {
    fault: Fault.FrontEnd,
    how: 'the wire to ground',
    states: STATES,
    breaks: defect({ alertWire: 'low' }),
    shared: true,
  },
  {
    fault: Fault.CurrentWhenOpen,
    how: 'a welded switch',
    states: ['rest'],
    breaks: defect({ dischargeSwitch: 'welded', shortBehindSwitch_A: 0.1 }),
  },
  { fault: Fault.CurrentWhenOpen, how: 'a short', states: ['rest'], breaks: defect({ shortBeforeSwitch_A: 0.06 }) },
  {
    fault: Fault.CurrentNotFollowing,
    how: 'half of it',
    states: FLOWS,
    breaks({ channel }) {
      channel.stageGain = 0.5;
      return () => (channel.stageGain = 1.002);
    },
  },
  { fault: Fault.CurrentNotFollowing, how: 'a dead DAC', states: FLOWS, breaks: defect({ dacDead: true }) },
  {
    fault: Fault.CurrentNotFollowing,
    how: 'a sensor with its wires swapped',
    states: FLOWS,
    breaks: defect({ current: { gain: -1 } }),
  },
  {
    fault: Fault.InvalidData,
    how: 'saturated',
    states: STATES,
    breaks: defect({ current: { stuck: 1000 } }),
    shared: true,
  },
  {
    fault: Fault.InvalidData,
    how: 'a part that reset itself',
    states: STATES,
    breaks({ channel }) {
      channel.ina.reset();
      return () => undefined;
    },
    shared: true,
    heals: true,
  },
  {
    fault: Fault.OutOfRange,
    how: 'an open wire',
    states: STATES,
    breaks: defect({ voltage: { open: true } }),
    shared: true,
  },
  {
    fault: Fault.OutOfRange,
    how: 'swapped wires',
    states: STATES,
    breaks: defect({ voltage: { gain: -1 } }),
    shared: true,
  },
  {
    fault: Fault.ImpossibleSlope,
    states: STATES,
    breaks: repeated(
      100,
      ({ channel }, n) => {
        channel.defects = { voltage: { offset: n % 2 === 0 ? -0.7 : 0 } };
      },
      ({ channel }) => (channel.defects = undefined),
    ),
  },
  { fault: Fault.StuckData, states: STATES, breaks: frozen('ina', [5, 7]), lasts_ms: 130000 },
  { fault: Fault.StaleData, states: STATES, breaks: detached('ina'), shared: true },
  {
    fault: Fault.StaleData,
    how: 'a part that no longer converts',
    states: STATES,
    breaks({ channel }) {
      const { ina } = channel;
      const run = ina.run.bind(ina);
      ina.run = () => undefined;
      return () => (ina.run = run);
    },
  },
  { fault: Fault.StaleSlowData, how: 'no temperature', states: STATES, breaks: detached('ads') },
  { fault: Fault.StaleSlowData, how: 'no read-back', states: STATES, breaks: detached('dac'), deaf: true },
  { fault: Fault.NoAcknowledge, states: STATES, breaks: detached('ina'), shared: true },
  {
    fault: Fault.BusStuck,
    states: STATES,
    breaks({ channel: { bus } }) {
      bus.defects = { sdaHeld_clocks: Infinity };
      return () => (bus.defects = undefined);
    },
    shared: true,
    deaf: true,
  },
  {
    fault: Fault.SetPointOutOfRange,
    states: ['discharge'],
    change: ({ board }) => (board.dac.fullScale_mA = 1010),
    breaks({ bms }) {
      const step = bms.run.steps[0]!;
      const before_mA = step.current_mA;
      step.current_mA = 1050;
      return () => (step.current_mA = before_mA);
    },
  },
  {
    fault: Fault.ActuatorMismatch,
    how: 'a pin that does not open',
    states: FLOWS,
    breaks({ channel, bms }) {
      const pin = bms.actuator.set_mA > 0 ? channel.chargeSwitch : channel.dischargeSwitch;
      pin.level = pin.stuck = true;
      return () => (pin.stuck = false);
    },
    shared: true,
    deaf: true,
  },
  {
    fault: Fault.ActuatorMismatch,
    how: 'another set-point',
    states: STATES,
    breaks({ channel, bms }) {
      const { code } = bms.actuator.dac;
      channel.dac.writeTo([code >> 8, (code & 255) ^ 1], 0);
      return () => undefined;
    },
  },
  {
    fault: Fault.SwitchNotClosing,
    states: ['discharge'],
    // A small current: a large one that is missing trips another row first.
    change: ({ limits, protocol }) => {
      limits.currentError_mA = 100;
      protocol[0]!.current_mA = 60;
    },
    breaks: defect({ dischargeSwitch: 'open' }),
  },
  { fault: Fault.ThermistorOpen, states: STATES, breaks: defect({ thermistor: { wire: 'open' } }), shared: true },
  { fault: Fault.ThermistorShort, states: STATES, breaks: defect({ thermistor: { wire: 'short' } }), shared: true },
  { fault: Fault.ThermistorStuck, states: STATES, breaks: frozen('ads', [0]) },
  {
    fault: Fault.TemperatureSlope,
    states: STATES,
    breaks: repeated(
      100,
      ({ channel }, n) => (channel.sensorTemperature_C = Math.min(50, 25 + 0.15 * n)),
      ({ channel }) => (channel.sensorTemperature_C = undefined),
    ),
  },
  { fault: Fault.VoltagesDisagree, how: 'drift', states: STATES, breaks: defect({ coarseVoltage: { offset: 0.35 } }) },
  {
    fault: Fault.VoltagesDisagree,
    how: 'the one that protects',
    states: STATES,
    breaks: defect({ voltage: { offset: -0.35 } }),
  },
  {
    fault: Fault.TemperaturesDisagree,
    states: STATES,
    breaks: defect({ coarseThermistor: { offset_K: -15 } }),
  },
  {
    fault: Fault.ChargeCountDisagrees,
    states: ['discharge'],
    breaks({ channel: { ina } }) {
      // As if 5 % of the charge passed between the samples.
      const accumulate = ina['accumulate'].bind(ina);
      ina['accumulate'] = (dt_s, shunt_V, pin_V) => accumulate(1.05 * dt_s, shunt_V, pin_V);
      return () => (ina['accumulate'] = accumulate);
    },
  },
  {
    fault: Fault.PartReset,
    states: STATES,
    breaks({ channel }) {
      channel.ina.reset();
      return () => undefined;
    },
    shared: true,
    heals: true,
  },
  {
    fault: Fault.BoardTemperature,
    states: STATES,
    breaks({ channel }) {
      channel.ambient_C = 90;
      return () => (channel.ambient_C = 25);
    },
  },
  { fault: Fault.SoftShort, states: STATES, breaks: alarm(Alarm.SoftShort, Reason.VoltageDips), watched: true },
  { fault: Fault.SelfHeating, states: STATES, breaks: alarm(Alarm.SelfHeating, Reason.HeatSudden), watched: true },
  {
    fault: Fault.PolarizationRunaway,
    states: STATES,
    breaks: alarm(Alarm.Drying, Reason.LimitingCurrentFell),
    watched: true,
  },
  {
    fault: Fault.PlatingTooFast,
    states: STATES,
    breaks: alarm(Alarm.LowTemperaturePlating, Reason.PlatingTooFast),
    watched: true,
  },
];

/** What cannot be broken from the channel: a pack's rows, and what the device finds at its start or of itself. */
const ELSEWHERE = [
  Fault.Imbalance,
  Fault.OpenSenseWire,
  Fault.WrongChecksum,
  Fault.BusSlow,
  Fault.TickOverrun,
  Fault.ClockJump,
  Fault.MemoryLow,
  Fault.WrongPart,
  Fault.SelfTestFailed,
  Fault.ConfigurationInvalid,
  Fault.ConfigurationUnsigned,
  Fault.StoreCorrupt,
  Fault.FlashWorn,
  Fault.ResetStorm,
  Fault.BrownOut,
];

/**
 * The protocol has no end of its own: what stops a current is the protection. Nobody watches the lithium, who would see a cell
 * that warms without a reason.
 */
function endless({ change, watched }: Case, policy?: Policy): (config: Config) => void {
  return (config) => {
    if (!watched) config.cell = undefined;
    const [step] = config.protocol;
    step!.until_mV = step!.kind === StepKind.Charge ? 9999 : -1;
    config.policy = policy;
    change?.(config);
  };
}

/** Judged at pins and parts, not by the firmware's opinion. */
function taken({ channel }: ChannelBench, action: Action): boolean {
  const { chargeSwitch, dischargeSwitch, dac } = channel;
  if (action === Action.Open) return !chargeSwitch.level && !dischargeSwitch.level && dac.output === 0;
  return (
    !(action & Action.StopCharge && chargeSwitch.level) && !(action & Action.StopDischarge && dischargeSwitch.level)
  );
}

const flows = ({ channel }: ChannelBench, state: State): boolean =>
  state === 'rest' || (state === 'charge' ? channel.current_A < -0.05 : channel.current_A > 0.05);

const isTripped = ({ bms }: ChannelBench, fault: Fault): boolean => bms.protection.state[fault] === Row.Tripped;

function trippedNames({ bms }: ChannelBench): string[] {
  return Array.from(bms.protection.state).flatMap((state, fault) => (state === Row.Tripped ? [faultName(fault)] : []));
}

/** Once a second the device looks whether it should set up its parts anew. */
function restarting({ bms, channel }: ChannelBench): void {
  const { clock } = channel;
  const device = { bms, error: '' } as Device;
  const look = (): void => {
    const p = bms.protection;
    if (p.open && releaseOf(p, p.fault) === Release.Restart && clock.now_ms - p.faultAt_ms >= RESTART_MS) {
      channel.live();
      expect(restart(device, clock.now_ms)).toBe(true);
    }
    clock.at(clock.now_ms + 1000, look);
  };
  clock.at(1001, look);
}

/** A channel that has run in this state for a while, with nothing wrong. */
function steady(broken: Case, state: State, policy?: Policy): ChannelBench {
  const bench = channelBench(state, endless(broken, policy));
  restarting(bench);
  bench.run(15000);
  expect(trippedNames(bench)).toEqual([]);
  expect(flows(bench, state)).toBe(true);
  return bench;
}

it('every row has its way to be broken, or a reason why not here', () => {
  const here = [...CASES.map(({ fault }) => fault), Fault.EndOfLife];
  expect(new Set([...here, ...ELSEWHERE]).size).toBe(FAULT_TABLE.length);
  expect(here.filter((fault) => ELSEWHERE.includes(fault))).toEqual([]);
});

const ALL = CASES.map((broken) => ({
  ...broken,
  name: `${faultName(broken.fault)}${broken.how ? `: ${broken.how}` : ''}`,
}));

describe.each(ALL)('$name', (broken) => {
  const { fault, states, breaks, grows_ms = 0, lasts_ms = 0, shared, deaf, heals } = broken;
  const row = FAULT_TABLE[fault - 1]!;
  const { action, release } = row.cycler;

  it.each(states)('in %s: in its time, does what it should, and goes back to service', (state) => {
    const bench = steady(broken, state);
    const { bms, channel } = bench;
    const { protection } = bms;
    let mend = (): void => undefined;
    const began_ms = bench.change(() => (mend = breaks(bench)));
    const isDone = (): boolean => isTripped(bench, fault) && (deaf || taken(bench, action));
    bench.run(grows_ms + 2 * row.promised_ms + 500, isDone);
    expect(isDone(), `tripped: ${trippedNames(bench).join(', ')}`).toBe(true);
    expect(channel.clock.now_ms - began_ms).toBeLessThanOrEqual(grows_ms + row.promised_ms);
    bench.run(100);
    if (!shared) {
      expect(trippedNames(bench)).toEqual([row.name]);
      if (!deaf) {
        expect(channel.chargeSwitch.level).toBe(state === 'charge' && !(action & Action.StopCharge));
        expect(channel.dischargeSwitch.level).toBe(state === 'discharge' && !(action & Action.StopDischarge));
      }
    }
    // As long as it lasts, whatever the firmware tries.
    const isStill = (): boolean =>
      deaf
        ? Math.abs(channel.current_A) < NOTHING_A
        : taken(bench, action) || Math.abs(bms.actuator.set_mA) <= TRIED_MA;
    if (!heals) bench.run(20000, () => !isStill());
    expect(isStill()).toBe(true);

    mend();
    bench.run(RELEASE_MS + SLOWEST_MS + RECOVERY_MS + 500);
    if (release === Release.Auto) expect(isTripped(bench, fault)).toBe(false);
    if (release === Release.Auto && !shared) expect(trippedNames(bench)).toEqual([]);
    else {
      bench.run(60000 + lasts_ms);
      // A part that is not whole again when it is set up anew trips rows that wait for service.
      if (release === Release.Service || heals) expect(isTripped(bench, fault)).toBe(!heals);
      for (const { fault } of FAULT_TABLE)
        if (releaseOf(protection, fault) === Release.Service) releaseFault(protection, fault);
      bench.run(20000);
    }
    expect(trippedNames(bench)).toEqual([]);
    expect(flows(bench, state)).toBe(true);
  });
});

describe('a channel in flight', () => {
  const warns = ALL.filter(({ fault }) => FAULT_TABLE[fault - 1]!.flight.action === Action.Warn);
  const stops = ALL.filter(({ fault }) => FAULT_TABLE[fault - 1]!.flight.action !== Action.Warn);

  it.each(warns.filter(({ states }) => states.includes('discharge')))('is not cut off by $name', (broken) => {
    const bench = steady(broken, 'discharge', Policy.Flight);
    bench.change(() => void broken.breaks(bench));
    const { promised_ms, derates } = FAULT_TABLE[broken.fault - 1]!;
    bench.run((broken.grows_ms ?? 0) + promised_ms + 1000, () => isTripped(bench, broken.fault));
    expect(isTripped(bench, broken.fault)).toBe(true);
    bench.run(5000);
    // But by the front end, which has a level of its own.
    const isCut = isTripped(bench, Fault.FrontEnd);
    expect(bench.bms.protection.open).toBe(isCut);
    // A row that derates has taken all that it may; on a channel that leaves nothing to flow.
    if (!isCut && !(derates & Action.StopDischarge)) expect(bench.channel.dischargeSwitch.level).toBe(true);
  });

  it.each(stops.filter(({ states }) => states.includes('charge')))('is not charged with $name', (broken) => {
    const bench = steady(broken, 'charge', Policy.Flight);
    bench.change(() => void broken.breaks(bench));
    const { promised_ms } = FAULT_TABLE[broken.fault - 1]!;
    bench.run((broken.grows_ms ?? 0) + promised_ms + 1000, () => isTripped(bench, broken.fault));
    expect(isTripped(bench, broken.fault)).toBe(true);
    bench.run(200);
    expect(bench.channel.chargeSwitch.level).toBe(false);
  });
});

describe('a charge-count row that is released', () => {
  it('does not trip again on the comparison that tripped it', () => {
    const broken = CASES.find(({ fault }) => fault === Fault.ChargeCountDisagrees)!;
    const bench = steady(broken, 'discharge');
    let mend = (): void => undefined;
    bench.change(() => (mend = broken.breaks(bench)));
    bench.run(130000, () => isTripped(bench, broken.fault));
    mend();
    releaseFault(bench.bms.protection, broken.fault);
    bench.run(30000);
    expect(trippedNames(bench)).toEqual([]);
  });
});

describe('a fault meets a current that changes all the time', () => {
  it('a current that does not follow is found although the set-point moves in every tick', () => {
    const bench = channelBench('charge', (config) => {
      config.cell = undefined;
      config.protocol[0]!.until_mV = 9999;
    });
    bench.run(10000);
    const { channel, bms } = bench;
    // In the band in which the row derates, with noise: less and more is allowed from tick to tick.
    const near: ChannelDefects = {
      voltage: { gain: 0, offset: 4.34, noise: 0.002 },
      coarseVoltage: { stuck: 4.34 },
    };
    channel.defects = near;
    bench.run(5000);
    expect(bms.protection.state[Fault.OverVoltage]).toBe(Row.Early);
    expect(bms.protection.charge).toBeCloseTo(0.5, 0);
    channel.defects = { ...near, current: { gain: 1, offset: -0.2 } };
    const promised_ms = FAULT_TABLE[Fault.CurrentNotFollowing - 1]!.promised_ms;
    expect(bench.run(20000, () => isTripped(bench, Fault.CurrentNotFollowing))).toBeLessThanOrEqual(promised_ms);
  });
});

describe('nothing trips and nothing is taken away that should not be', () => {
  const profile = loadProfile('afl-l1');
  /** A current monitor at the limits of its datasheet (section 6.5), with twice its noise (assumed). */
  const specimen = (sign: number): Partial<Ina228Errors> => ({
    shuntOffset_V: sign * 1e-6,
    shuntGain: 1 + sign * 5e-4,
    busOffset_V: sign * 2.5e-3,
    busGain: 1 + sign * 5e-4,
    shuntNoise_V: 2e-6,
    busNoise_V: 600e-6,
    temperatureOffset_C: sign,
  });

  it.each([
    [0, -1],
    [0, 1],
    [45, -1],
    [45, 1],
  ])(
    'a charge to its cut-off, held there, and 3C with interrupts down to its own: %s degC, errors %s',
    (temperature_C, sign) => {
      const bench = channelBench(
        'rest',
        (config) => {
          config.limits = channelConfig(profile, { charge_C: 1, discharge_C: 3, cycles: 0 }).limits;
          config.protocol = [
            createStep(StepKind.Charge, 200, 4300, 0),
            createStep(StepKind.Hold, 50, 4300, 36e5),
            createStep(StepKind.Rest, 0, 0, 60000),
            { ...createStep(StepKind.Discharge, 2999, 3000, 0), interrupts: 4 },
            createStep(StepKind.Rest, 0, 0, 60000),
          ];
        },
        { temperature_C, ina228: specimen(sign) },
      );
      const { bms } = bench;
      const { protection } = bms;
      const tripped = new Set<string>();
      let least = 1;
      bench.run(72e5, () => {
        for (const name of trippedNames(bench)) tripped.add(name);
        least = Math.min(least, protection.charge, protection.discharge);
        return !bms.run.running;
      });
      expect([...tripped]).toEqual([]);
      expect(bms.run.running).toBe(false);
      // Some microvolts of noise at the cut-off are not the over-voltage, and the end of the discharge is above its lowest.
      expect(least).toBe(1);
    },
  );

  it('by a single bad sample', () => {
    const bench = channelBench('discharge');
    bench.run(10000);
    const { ina } = bench.channel;
    const run = ina.run.bind(ina);
    ina.run = (dt_s) => run(dt_s, 4.37, 0);
    bench.run(100);
    ina.run = run;
    bench.run(10000);
    expect(trippedNames(bench)).toEqual([]);
    expect(flows(bench, 'discharge')).toBe(true);
  });

  it('by a single sample of the voltage alone that is far off', () => {
    const bench = channelBench('discharge');
    bench.run(10000);
    const began_ms = bench.change(() => (bench.channel.defects = { voltage: { offset: -0.7 } }));
    // Up to the next tick.
    bench.run(100 - (began_ms % 100));
    expect(bench.change(() => (bench.channel.defects = undefined)) - began_ms).toBe(100);
    bench.run(10000);
    expect(trippedNames(bench)).toEqual([]);
  });

  it('by a line that is freed by nine clocks', () => {
    for (const state of STATES) {
      const bench = channelBench(state);
      bench.run(10000);
      bench.change(() => (bench.channel.bus.defects = { sdaHeld_clocks: 9 }));
      bench.run(10000);
      expect(trippedNames(bench)).toEqual([]);
      expect(flows(bench, state)).toBe(true);
    }
  });
});

describe('derating comes before a trip', () => {
  it.each<[what: string, state: State, near: ChannelDefects | number, share: number]>([
    ['a high voltage', 'charge', { voltage: { stuck: 4.34 }, coarseVoltage: { stuck: 4.34 } }, 0.5],
    ['a low voltage', 'discharge', { voltage: { stuck: 2.55 }, coarseVoltage: { stuck: 2.55 } }, 0.25],
    ['a hot cell', 'discharge', 62.5, 0.5],
    ['a cold cell', 'discharge', -21, 0.8],
    ['a warm cell in charge', 'charge', 53.5, 0.5],
    ['a cool cell in charge', 'charge', -18.5, 0.5],
  ])('%s in %s', (_, state, near, share) => {
    const bench = channelBench(state, (config) => {
      config.cell = undefined;
      config.protocol[0]!.until_mV = state === 'charge' ? 9999 : -1;
    });
    bench.run(10000);
    const before_A = bench.channel.current_A;
    bench.change(() => {
      if (typeof near === 'number') bench.channel.sensorTemperature_C = near;
      else bench.channel.defects = near;
    });
    bench.run(30000);
    // Too hot to be charged it may be already.
    expect(bench.bms.protection.open).toBe(false);
    expect(Math.abs(bench.channel.current_A / before_A - share)).toBeLessThan(0.05);
  });

  it('a charge that nothing ends has faded to almost nothing when the over-voltage ends it', () => {
    const bench = channelBench('charge', (config) => {
      config.cell = undefined;
      config.protocol[0]!.current_mA = 999;
      config.protocol[0]!.until_mV = 9999;
    });
    const { channel } = bench;
    let last_A = 0;
    bench.run(36e5, () => {
      if (channel.current_A !== 0) last_A = channel.current_A;
      return isTripped(bench, Fault.OverVoltage);
    });
    expect(trippedNames(bench)).toEqual(['over-voltage']);
    expect(Math.abs(last_A)).toBeLessThan(0.05);
    expect(channel.cell.voltage_V).toBeLessThan(4.352);
  });

  it('a lasting current is kept at what may last', () => {
    const bench = channelBench('discharge', (config) => {
      config.limits.lastingDischarge_mA = 500;
    });
    bench.run(60000);
    expect(trippedNames(bench)).toEqual([]);
    expect(Math.abs(bench.channel.current_A)).toBeLessThan(0.51);
    expect(Math.abs(bench.channel.current_A)).toBeGreaterThan(0.45);
  });
});

it('a worn cell is told of after its cycle, and goes on', () => {
  const bench = channelBench('rest', (config) => {
    // A whole discharge gives about what the cell was built for.
    config.limits.endOfLife_pct = 120;
    config.protocol = [
      createStep(StepKind.Charge, 300, 4300, 0),
      createStep(StepKind.Rest, 0, 0, 300000),
      createStep(StepKind.Discharge, 999, 3000, 0),
      createStep(StepKind.Rest, 0, 0, 300000),
      { ...createStep(StepKind.Repeat, 0, 0, 0), times: 2 },
    ];
  });
  const { bms } = bench;
  bench.run(36e6, () => bms.run.finished === 1);
  expect(isTripped(bench, Fault.EndOfLife)).toBe(false);
  bench.run(FAULT_TABLE[Fault.EndOfLife - 1]!.promised_ms);
  expect(trippedNames(bench)).toEqual(['end of life']);
  bench.run(36e6, () => !bms.run.running);
  bench.run(2000);
  expect(bms.run.finished).toBe(2);
  expect(isTripped(bench, Fault.EndOfLife)).toBe(true);
  releaseFault(bms.protection, Fault.EndOfLife);
  bench.run(10000);
  expect(trippedNames(bench)).toEqual([]);
});
