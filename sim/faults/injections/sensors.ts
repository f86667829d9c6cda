/** Sensors that read something else than what is. Levels are met with room for what a sensor may be off: +-15 mV, +-1.5 K, +-2 %. */
import { Fault } from '../../../firmware/protect/faults';
import { Ina228Register } from '../../../hal/chips/ina228';
import type { Channel } from '../../bench/channel';
import type { SensorDefect } from '../../bench/faults';
import type { Config } from '../../../firmware/config/config';
import {
  ALL,
  between,
  breakThermistor,
  capacity_mAh,
  defects,
  mendThermistor,
  MIDDLE,
  RESTS,
  signed,
  STEADY,
  type ChannelInjection,
} from './injection';
import { FrozenPart, WrongRegister } from './frozen';

const SENSOR_MV = 15;
/** Error of the controller's own ADC with its calibration at commissioning. */
const COARSE_MV = 120;
const COARSE_K = 3;
const CONVERSION = 0;
const SHAKE_MS = 5;
/** Steps in one direction: longer than the row needs. */
const SHAKES = 100;
/** A failing voltage sensor is found by the coarse one only when they disagree: so far may the cell go meanwhile. */
const blindVoltage = (config: Config): number => config.limits.voltageDisagreement_mV + COARSE_MV;

const mV = (channel: Channel): number => 1000 * channel.cell.voltage_V;
const voltage = (defect: (channel: Channel, config: Config, size: number) => SensorDefect & { open?: boolean }) => ({
  start: (channel: Channel, config: Config, size: number): void =>
    void (defects(channel).voltage = defect(channel, config, size)),
  stop: (channel: Channel): void => void delete channel.defects?.voltage,
});
const current = (defect: (config: Config, size: number) => SensorDefect) => ({
  start: (channel: Channel, config: Config, size: number): void =>
    void (defects(channel).current = defect(config, size)),
  stop: (channel: Channel): void => void delete channel.defects?.current,
});
/** Away from limits that a wrong reading of the voltage would meet before. */
const wrongVoltage = { tolerance: { voltage_mV: 400 } };

export const SENSOR_INJECTIONS: readonly ChannelInjection[] = [
  {
    name: 'voltage stuck high',
    group: 'sensor',
    row: Fault.OverVoltage,
    unit: 'mV above the level',
    states: ALL,
    beyond: (random) => between(random, SENSOR_MV, 400),
    ...voltage((_, config, size) => ({ stuck: (config.limits.overVoltage_mV + size) / 1000 })),
    ...wrongVoltage,
  },
  {
    name: 'voltage stuck low',
    group: 'sensor',
    row: Fault.UnderVoltage,
    unit: 'mV below the level',
    states: ALL,
    beyond: (random) => between(random, SENSOR_MV, 800),
    ...voltage((_, config, size) => ({ stuck: (config.limits.underVoltage_mV - size) / 1000 })),
    ...wrongVoltage,
  },
  {
    name: 'voltage stuck at that of a dead cell',
    group: 'sensor',
    row: Fault.DeepDischarge,
    unit: 'mV below the level',
    states: ALL,
    beyond: (random, config) => between(random, SENSOR_MV, config.limits.deepDischarge_mV),
    ...voltage((_, config, size) => ({ stuck: (config.limits.deepDischarge_mV - size) / 1000 })),
    ...wrongVoltage,
  },
  {
    name: 'voltage beyond any cell',
    group: 'sensor',
    row: Fault.OutOfRange,
    unit: 'mV above 5250',
    states: ALL,
    beyond: (random) => between(random, SENSOR_MV, 3000),
    ...voltage((_, _config, size) => ({ stuck: (5250 + size) / 1000 })),
    ...wrongVoltage,
  },
  {
    name: 'sense wire open',
    group: 'sensor',
    row: Fault.OutOfRange,
    unit: '',
    states: ALL,
    beyond: () => 1,
    ...voltage(() => ({ open: true })),
    ...wrongVoltage,
  },
  {
    name: 'sense wires swapped',
    group: 'sensor',
    row: Fault.OutOfRange,
    unit: '',
    states: ALL,
    beyond: () => -1,
    ...voltage((_, _config, size) => ({ gain: size })),
    ...wrongVoltage,
  },
  {
    name: 'voltage reads with an offset',
    group: 'sensor',
    row: Fault.VoltagesDisagree,
    unit: 'mV',
    states: MIDDLE,
    // Away from the limits, which an offset would meet.
    leastFill: 0.2,
    mostFill: 0.8,
    beyond: (random, { limits }) => signed(random, limits.voltageDisagreement_mV + COARSE_MV, 700),
    inside: (random, { limits }) => signed(random, 0, limits.voltageDisagreement_mV - COARSE_MV),
    ...voltage((_, _config, size) => ({ offset: size / 1000 })),
    ...wrongVoltage,
  },
  {
    name: 'voltage reads with a wrong gain',
    group: 'sensor',
    row: Fault.VoltagesDisagree,
    unit: '',
    states: MIDDLE,
    beyond: (random, { limits }) => {
      const share = (limits.voltageDisagreement_mV + COARSE_MV) / 3000;
      return 1 + signed(random, share, 2 * share);
    },
    ...voltage((_, _config, size) => ({ gain: size })),
    ...wrongVoltage,
  },
  {
    name: 'voltage stuck where it was, while the cell is charged on',
    group: 'sensor',
    row: Fault.VoltagesDisagree,
    unit: 'mV below what it is',
    states: ['end of charge'],
    beyond: (random) => between(random, 5, 60),
    ...voltage((channel, _config, size) => ({ stuck: (mV(channel) - size) / 1000 })),
    isBeyond: (channel, config) =>
      Math.abs(mV(channel) - 1000 * (channel.defects?.voltage?.stuck ?? 0)) > blindVoltage(config),
    patience_ms: 3.6e6,
    tolerance: { voltage_mV: 400 },
    scrap: true,
  },
  {
    name: 'coarse voltage off',
    group: 'sensor',
    row: Fault.VoltagesDisagree,
    unit: 'mV',
    states: MIDDLE,
    beyond: (random, { limits }) => signed(random, limits.voltageDisagreement_mV + COARSE_MV, 1500),
    inside: (random, { limits }) => signed(random, 0, limits.voltageDisagreement_mV - COARSE_MV),
    start: (channel, _config, size) => void (defects(channel).coarseVoltage = { offset: size / 1000 }),
    stop: (channel) => void delete channel.defects?.coarseVoltage,
  },
  {
    name: 'sense wire loose',
    group: 'sensor',
    row: Fault.ImpossibleSlope,
    unit: 'mV/s up and down',
    states: STEADY,
    beyond: (random) => between(random, 12000, 25000),
    inside: (random) => between(random, 0, 150),
    start: (channel, _config, size) => shake(channel, size),
    stop(channel) {
      shaken.delete(channel);
      delete channel.defects?.voltage;
    },
    ...wrongVoltage,
  },
  {
    name: 'current reads with an offset',
    group: 'sensor',
    row: Fault.CurrentNotFollowing,
    or: [Fault.FrontEnd],
    unit: 'mA',
    states: STEADY,
    beyond: (random, { limits }) => signed(random, 1.6 * limits.currentError_mA, 10 * limits.currentError_mA),
    inside: (random, { limits }) => signed(random, 0, 0.4 * limits.currentError_mA),
    ...current((_, size) => ({ offset: size / 1000 })),
  },
  {
    name: 'current reads with an offset at rest',
    group: 'sensor',
    row: Fault.CurrentWhenOpen,
    unit: 'mA',
    states: RESTS,
    beyond: (random, { limits }) => signed(random, 1.1 * limits.currentError_mA, 10 * limits.currentError_mA),
    inside: (random, { limits }) => signed(random, 0, 0.9 * limits.currentError_mA),
    ...current((_, size) => ({ offset: size / 1000 })),
  },
  {
    name: 'current reads with a wrong gain',
    group: 'sensor',
    row: Fault.CurrentNotFollowing,
    or: [Fault.FrontEnd],
    unit: '',
    states: STEADY,
    beyond: (random, config, state) => {
      const set_mA = state.rate_C * capacity_mAh(config);
      const share = Math.min(0.8, (1.6 * config.limits.currentError_mA) / set_mA);
      return 1 + signed(random, share, Math.max(share, 0.9));
    },
    ...current((_, size) => ({ gain: size })),
  },
  {
    name: 'current wires swapped',
    group: 'sensor',
    row: Fault.CurrentNotFollowing,
    or: [Fault.FrontEnd],
    unit: '',
    states: STEADY,
    beyond: () => -1,
    ...current((_, size) => ({ gain: size })),
  },
  {
    name: 'current stuck',
    group: 'sensor',
    row: Fault.CurrentNotFollowing,
    or: [Fault.FrontEnd],
    unit: 'of the set-point',
    states: STEADY,
    beyond: (random) => between(random, -0.5, 0.4),
    start(channel, _config, size) {
      channel.live();
      defects(channel).current = { stuck: size * channel.current_A };
    },
    stop: (channel) => void delete channel.defects?.current,
  },
  {
    name: 'current beyond the range',
    group: 'sensor',
    row: Fault.InvalidData,
    unit: 'of the range',
    states: ALL,
    beyond: (random) => signed(random, 2, 5),
    ...current((config, size) => ({ offset: (size * config.board.ina228.maxCurrent_mA) / 1000 })),
  },
  {
    name: 'current monitor stuck',
    group: 'sensor',
    row: Fault.StuckData,
    unit: '',
    states: [...MIDDLE, 'hold'],
    beyond: () => 1,
    start(channel) {
      const frozen = [Ina228Register.BusVoltage, Ina228Register.Current];
      channel.bus.attach(channel.board.ina228.address, new FrozenPart(channel.ina, frozen));
    },
    stop: (channel) => channel.bus.attach(channel.board.ina228.address, channel.ina),
    ...wrongVoltage,
  },
  {
    name: 'charge accumulator off',
    group: 'sensor',
    row: Fault.ChargeCountDisagrees,
    unit: '',
    states: ['discharge', 'charge'],
    beyond: (random, config, state) => {
      // What a minute's charge at this rate must be off by.
      const share = (2 * config.limits.chargeError_mC) / (60 * state.rate_C * capacity_mAh(config));
      return 1 + signed(random, share, 3 * share);
    },
    start: (channel, _config, size) =>
      channel.bus.attach(channel.board.ina228.address, new WrongRegister(channel.ina, Ina228Register.Charge, size)),
    stop: (channel) => channel.bus.attach(channel.board.ina228.address, channel.ina),
  },
  {
    name: 'voltage noisy',
    group: 'sensor',
    // Chance decides which row is the first, and when.
    row: null,
    unit: 'mV, one sigma',
    states: ALL,
    beyond: (random) => between(random, 50, 2000),
    ...voltage((_, _config, size) => ({ noise: size / 1000 })),
    ...wrongVoltage,
  },
  {
    name: 'current noisy',
    group: 'sensor',
    row: null,
    unit: 'mA, one sigma',
    states: ALL,
    beyond: (random, { limits }) => between(random, 2, 20) * limits.currentError_mA,
    ...current((_, size) => ({ noise: size / 1000 })),
  },
  {
    name: 'thermistor wire open',
    group: 'sensor',
    row: Fault.ThermistorOpen,
    unit: '',
    states: ALL,
    beyond: () => 1,
    start: (channel) => breakThermistor(channel, { wire: 'open' }),
    stop: mendThermistor,
  },
  {
    name: 'thermistor shorted',
    group: 'sensor',
    row: Fault.ThermistorShort,
    unit: '',
    states: ALL,
    beyond: () => 1,
    start: (channel) => breakThermistor(channel, { wire: 'short' }),
    stop: mendThermistor,
  },
  {
    name: 'thermistor reads with an offset',
    group: 'sensor',
    row: Fault.TemperaturesDisagree,
    unit: 'K',
    states: MIDDLE,
    beyond: (random, { limits }) => signed(random, limits.temperatureDisagreement_C + COARSE_K, 25),
    inside: (random, { limits }) => signed(random, 0, limits.temperatureDisagreement_C - COARSE_K),
    start: (channel, _config, size) => breakThermistor(channel, { offset_K: size }),
    stop: mendThermistor,
  },
  {
    name: 'second thermistor off',
    group: 'sensor',
    row: Fault.TemperaturesDisagree,
    unit: 'K',
    states: MIDDLE,
    beyond: (random, { limits }) => signed(random, limits.temperatureDisagreement_C + COARSE_K, 40),
    inside: (random, { limits }) => signed(random, 0, limits.temperatureDisagreement_C - COARSE_K),
    start: (channel, _config, size) => void (defects(channel).coarseThermistor = { offset_K: size }),
    stop: (channel) => void delete channel.defects?.coarseThermistor,
  },
  {
    name: 'thermistor converter stuck',
    group: 'sensor',
    row: Fault.ThermistorStuck,
    unit: '',
    states: ['rest', 'discharge', 'charge'],
    beyond: () => 1,
    start: (channel) => channel.bus.attach(channel.board.ads1115.address, new FrozenPart(channel.ads, [CONVERSION])),
    stop: (channel) => channel.bus.attach(channel.board.ads1115.address, channel.ads),
  },
];

const shaken = new WeakSet<Channel>();

/** Up and down again by this slope. */
function shake(channel: Channel, slope_mV_s: number): void {
  const { clock } = channel;
  let [offset_V, sign, steps] = [0, 1, 0];
  shaken.add(channel);
  const turn = (): void => {
    if (!shaken.has(channel)) return;
    channel.live();
    offset_V += (sign * slope_mV_s * SHAKE_MS) / 1e6;
    defects(channel).voltage = { offset: offset_V };
    if (++steps % SHAKES === 0) sign = -sign;
    clock.at(clock.now_ms + SHAKE_MS, turn);
  };
  turn();
}
