/** The bus and what hangs on it: no acknowledge, lines held, parts that reset themselves or are others. */
import { Fault } from '../../../firmware/protect/faults';
import { Ina228Register } from '../../../hal/chips/ina228';
import type { BusDefects } from '../../chips/bus';
import { WrongPart } from '../../chips/wrongPart';
import type { Channel } from '../../bench/channel';
import { ALL, between, MIDDLE, RESTS, STEADY, type ChannelInjection } from './injection';

const bus = (defects: (channel: Channel, size: number) => BusDefects) => ({
  start: (channel: Channel, _config: unknown, size: number): void =>
    void (channel.bus.defects = defects(channel, size)),
  stop: (channel: Channel): void => void (channel.bus.defects = undefined),
});
/** By register. */
const UNREACHED: Readonly<Record<number, readonly [number, number]>> = {
  [Ina228Register.ShuntOver]: [0x7f, 0xff],
  [Ina228Register.ShuntUnder]: [0x80, 0],
  [Ina228Register.BusOver]: [0x7f, 0xff],
  [Ina228Register.BusUnder]: [0, 0],
  [Ina228Register.TemperatureOver]: [0x7f, 0xff],
};
const always = (): number => 1;

export const BUS_INJECTIONS: readonly ChannelInjection[] = [
  {
    name: 'current monitor does not acknowledge',
    group: 'bus',
    row: Fault.NoAcknowledge,
    unit: '',
    states: ALL,
    beyond: always,
    ...bus(({ board }) => ({ address: board.ina228.address, noAddress: true })),
  },
  {
    name: 'no part acknowledges',
    group: 'bus',
    row: Fault.StaleData,
    unit: '',
    states: ALL,
    beyond: always,
    ...bus(() => ({ noAddress: true })),
  },
  {
    name: 'current monitor does not convert',
    group: 'bus',
    row: Fault.StaleData,
    unit: '',
    states: ALL,
    beyond: always,
    // ADC_CONFIG: shut down.
    start: (channel) => channel.ina.writeTo([1, 0, 0]),
    stop: (channel) =>
      channel.ina.writeTo([1, channel.board.ina228.adcConfig >> 8, channel.board.ina228.adcConfig & 255]),
  },
  {
    name: 'temperature converter does not acknowledge',
    group: 'bus',
    row: Fault.StaleSlowData,
    unit: '',
    states: ALL,
    beyond: always,
    ...bus(({ board }) => ({ address: board.ads1115.address, noAddress: true })),
  },
  {
    name: 'temperature converter does not take commands',
    group: 'bus',
    row: Fault.StaleSlowData,
    unit: 'byte',
    states: ALL,
    beyond: (random) => 1 + Math.floor(3 * random.uniform()),
    ...bus(({ board }, size) => ({ address: board.ads1115.address, noByte: size })),
  },
  {
    name: 'DAC does not acknowledge',
    group: 'bus',
    row: Fault.StaleSlowData,
    unit: '',
    states: MIDDLE,
    beyond: always,
    ...bus(({ board }) => ({ address: board.dac.address, noAddress: true })),
  },
  {
    name: 'data line held',
    group: 'bus',
    row: Fault.BusStuck,
    unit: 'clocks',
    states: ALL,
    beyond: () => 1e9,
    ...bus((_, size) => ({ sdaHeld_clocks: size })),
  },
  {
    name: 'clock line held',
    group: 'bus',
    row: Fault.BusStuck,
    unit: '',
    states: ALL,
    beyond: always,
    ...bus(() => ({ sclHeld: true })),
  },
  {
    name: 'current monitor resets itself',
    group: 'bus',
    row: Fault.PartReset,
    // What it reads is scaled wrongly at once.
    or: [Fault.InvalidData, Fault.CurrentNotFollowing],
    unit: '',
    states: MIDDLE,
    beyond: always,
    start: (channel) => channel.ina.reset(),
  },
  {
    name: 'a limit of the front end changed',
    group: 'bus',
    row: Fault.PartReset,
    unit: 'register',
    states: MIDDLE,
    beyond: (random) => Ina228Register.ShuntOver + Math.floor(5 * random.uniform()),
    // To what nothing can reach.
    start: (channel, _config, size) => channel.ina.writeTo([size, ...UNREACHED[size]!]),
  },
  {
    name: 'temperature converter resets itself',
    group: 'bus',
    row: null,
    unit: '',
    states: ALL,
    beyond: always,
    inside: always,
    start: (channel) => channel.ads.reset(),
  },
  {
    name: 'DAC resets itself',
    group: 'bus',
    row: Fault.CurrentNotFollowing,
    unit: '',
    states: STEADY,
    beyond: always,
    start: (channel) => channel.dac.powerUp(),
  },
  {
    name: 'current monitor is another part',
    group: 'bus',
    row: Fault.PartReset,
    or: [Fault.InvalidData, Fault.StaleData, Fault.CurrentNotFollowing],
    unit: 'answer',
    states: MIDDLE,
    beyond: (random) => Math.floor(between(random, 0, 256)),
    start: (channel, _config, size) => channel.bus.attach(channel.board.ina228.address, new WrongPart(size)),
    stop: (channel) => channel.bus.attach(channel.board.ina228.address, channel.ina),
    tolerance: { voltage_mV: 400 },
  },
  {
    name: 'DAC is another part',
    group: 'bus',
    row: Fault.ActuatorMismatch,
    unit: 'answer',
    states: RESTS,
    beyond: (random) => 1 + Math.floor(between(random, 0, 255)),
    start: (channel, _config, size) => channel.bus.attach(channel.board.dac.address, new WrongPart(size)),
    stop: (channel) => channel.bus.attach(channel.board.dac.address, channel.dac),
  },
];
