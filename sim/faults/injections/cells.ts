/** The cell and its surroundings: temperatures, contacts, shorts, runaway. */
import { Fault } from '../../../firmware/protect/faults';
import type { Config } from '../../../firmware/config/config';
import type { Channel } from '../../bench/channel';
import type { Cell } from '../../cell/cell';
import { balanceOf } from '../../thermal/selfHeat';
import { ALL, between, CHARGES, DISCHARGES, STEADY, type ChannelInjection } from './injection';

const SENSOR_K = 1.5;
/** Room for what a sensor at its datasheet's limits may be off. */
const TOLERANCE_K = 2.5;
const SLOW_K_S = 0.8;
const RAMP_STEP_MS = 100;
/** The channel's cooling: a pouch in still air. */
const COOLING_W_K = 0.1;

const before = new WeakMap<Channel, number>();
const warming = new WeakMap<Channel, number>();

/** Brings the cell to a temperature, at once or by so many kelvins a second. */
function heat(channel: Channel, to_C: number, slope_K_s: number): void {
  if (!before.has(channel)) before.set(channel, channel.cell.temperature_C);
  warming.set(channel, to_C);
  const { clock, cell } = channel;
  const step = (): void => {
    if (warming.get(channel) !== to_C) return;
    channel.live();
    const left_K = to_C - cell.temperature_C;
    const by_K = (slope_K_s * RAMP_STEP_MS) / 1000;
    cell.temperature_C = Math.abs(left_K) <= by_K ? to_C : cell.temperature_C + Math.sign(left_K) * by_K;
    if (cell.temperature_C !== to_C) clock.at(clock.now_ms + RAMP_STEP_MS, step);
  };
  step();
}
/** Back again: down fast, to save time, up no faster than a healthy cell may. */
function cool(channel: Channel): void {
  const to_C = before.get(channel);
  if (to_C !== undefined) heat(channel, to_C, to_C < channel.cell.temperature_C ? 5 : 0.8);
}
/** At once, so that the reaction can be timed; within its limits no faster than a cell can. */
const temperature = (to_C: (config: Config, size: number) => number) => ({
  start: (channel: Channel, config: Config, size: number): void =>
    heat(channel, to_C(config, size), size > 0 ? Infinity : SLOW_K_S),
  stop: cool,
  tolerance: { temperature_K: TOLERANCE_K },
});

/** A contact that has come loose adds this to the cell's own resistance [mOhm]. */
function addResistance(channel: Channel, milliohm: number): void {
  const cell = channel.cell as Cell;
  cell.settle();
  resistances.set(channel, cell.profile.parameters.Rs);
  cell.profile.parameters.Rs += milliohm * 1e-3 * cell.area_cm2;
}
function takeResistance(channel: Channel): void {
  const cell = channel.cell as Cell;
  cell.settle();
  cell.profile.parameters.Rs = resistances.get(channel) ?? cell.profile.parameters.Rs;
}
const resistances = new WeakMap<Channel, number>();

export const CELL_INJECTIONS: readonly ChannelInjection[] = [
  {
    name: 'cell too hot',
    group: 'cell',
    row: Fault.OverTemperature,
    unit: 'K above the level',
    states: ALL,
    beyond: (random) => between(random, SENSOR_K, 30),
    ...temperature(({ limits }, size) => limits.overTemperature_C + size),
  },
  {
    name: 'cell warms beyond its limit',
    group: 'cell',
    row: Fault.OverTemperature,
    unit: 'K a minute',
    states: ['rest', 'discharge'],
    beyond: (random) => between(random, 10, 40),
    inside: (random) => between(random, 1, 5),
    start: (channel, { limits }, size) => heat(channel, limits.overTemperature_C + 20, size / 60),
    stop: cool,
    isBeyond: (channel, { limits }) => channel.cell.temperature_C > limits.overTemperature_C + SENSOR_K,
    patience_ms: 6e5,
    tolerance: { temperature_K: TOLERANCE_K },
  },
  {
    name: 'cell too cold',
    group: 'cell',
    row: Fault.UnderTemperature,
    // Far below, the thermistor reads as if its wire were open.
    or: [Fault.ThermistorOpen],
    unit: 'K below the level',
    states: ALL,
    beyond: (random) => between(random, SENSOR_K, 25),
    ...temperature(({ limits }, size) => limits.underTemperature_C - size),
  },
  {
    name: 'cell too hot to charge',
    group: 'cell',
    row: Fault.ChargeOverTemperature,
    unit: 'K above the level',
    states: CHARGES,
    beyond: (random) => between(random, SENSOR_K, 8),
    inside: (random) => between(random, -15, -SENSOR_K),
    ...temperature(({ limits }, size) => limits.chargeOverTemperature_C + size),
  },
  {
    name: 'cell too cold to charge',
    group: 'cell',
    row: Fault.ChargeUnderTemperature,
    unit: 'K below the level',
    states: CHARGES,
    beyond: (random) => between(random, SENSOR_K, 3.5),
    inside: (random) => between(random, -15, -SENSOR_K),
    ...temperature(({ limits }, size) => limits.chargeUnderTemperature_C - size),
  },
  {
    name: 'cell warms too fast',
    group: 'cell',
    row: Fault.TemperatureSlope,
    unit: 'K/s',
    states: ALL,
    beyond: (random) => between(random, 1.5, 12),
    inside: (random) => between(random, 0.1, 0.4),
    start: (channel, _config, size) => heat(channel, size > 1 ? 140 : channel.cell.temperature_C + 5, size),
    stop: cool,
    tolerance: { temperature_K: 10 },
  },
  {
    name: 'board too hot',
    group: 'cell',
    row: Fault.BoardTemperature,
    unit: 'K above the level',
    states: ALL,
    beyond: (random) => between(random, 2, 9),
    inside: (random) => between(random, -9, -5),
    start(channel, { limits }, size) {
      before.set(channel, channel.ambient_C);
      channel.ambient_C = limits.boardTemperature_C + size - 2;
    },
    stop: (channel) => void (channel.ambient_C = before.get(channel) ?? channel.ambient_C),
  },
  {
    name: 'resistance of a contact while discharging',
    group: 'cell',
    // The protocol's own cut-off is met first, and the current ends with it.
    row: null,
    unit: 'mV below the level',
    states: DISCHARGES,
    beyond: (random) => between(random, 30, 600),
    start(channel, { limits }, size) {
      const drop_mV = 1000 * channel.cell.voltage_V - limits.underVoltage_mV + size;
      addResistance(channel, drop_mV / Math.max(0.01, channel.current_A));
    },
    stop: takeResistance,
  },
  {
    name: 'resistance of a contact while charging',
    group: 'cell',
    row: null,
    unit: 'mV above the level',
    states: ['charge', 'end of charge'],
    beyond: (random) => between(random, 15, 300),
    start(channel, { limits }, size) {
      const rise_mV = limits.overVoltage_mV + size - 1000 * channel.cell.voltage_V;
      addResistance(channel, rise_mV / Math.max(0.01, -channel.current_A));
    },
    stop: takeResistance,
  },
  {
    name: 'hard internal short',
    group: 'cell',
    row: Fault.TemperatureSlope,
    unit: 'C',
    states: ['rest', ...STEADY],
    beyond: (random) => between(random, 25, 80),
    start(channel, _config, size) {
      const cell = channel.cell as Cell;
      cell.settle();
      channel.balance ??= balanceOf(cell.profile, channel.ambient_C, COOLING_W_K);
      channel.balance.temperature_C = cell.temperature_C;
      cell.short_mS_cm2 = (size * cell.nominal_mAh_cm2) / cell.voltage_V;
    },
    tolerance: { temperature_K: 15 },
    isBeyond: (channel) => channel.cell.temperature_C > 40,
    patience_ms: 60000,
    scrap: true,
  },
];
