/**
 * What the parts around the chips have to be for a board to work, from the datasheets of the parts that the diagrams name. Every bound
 * stands in docs/boards/board-files.md.
 */
import type { Bound, Findings } from './findings';

/** Of the controller and the chips; reference of the MCP4725. */
export const LOGIC_V = 3.3;
/** A fuse that is to hold for ever carries at most three quarters of its rating; the smallest there is [A]. */
export const FUSE_SHARE = 0.75;
const SMALLEST_FUSE_A = 0.05;
/** A fuse that is larger than it has to be by more than this does not open in time in a short circuit. */
const FUSE_RESERVE = 4;

/** I2C (UM10204): a part pulls a line down to this with this current; rise time up to 100 kHz and above; the bus is assumed to have this. */
const LOW_V = 0.4;
const SINK_A = 0.003;
const RISE_NS = { standard: 1000, fast: 300 };
const STANDARD_HZ = 1e5;
const BUS_PF = 100;
/** From 30 to 70 % of the supply, in time constants. */
const RISE = 0.8473;

/** Of ALERT while it is high: the current monitor's and two gates' leakage; what an ESP32 takes for high, of its supply. */
const LEAK_A = 11e-6;
const HIGH_SHARE = 0.75;
/** An ESP32's pull-up at reset; what a gate or a small MOSFET takes for low, with a reserve; what a pin drives. */
const RESET_PULL_UP_OHM = 45e3;
const OFF_V = 0.6;
const PIN_A = 0.01;

/** The op-amps: offset with input current, of two inputs; below their supply. */
const OFFSET_V = 0.5e-3;
const BIAS_A = 60e-9;
const HEADROOM_V = 1.5;
/** The set-point at nothing may give this part of full scale. */
const OFFSET_SHARE = 0.004;
const DAC_LOAD_OHM = 5000;
const SOLD_OHM: readonly Bound[] = [
  ['least', 1, ''],
  ['most', 1e6, ''],
];
/** How near divider and sense resistors have to make the full scale. */
const FULL_SCALE_SHARE = 0.03;
/** Over the source's or sink's MOSFET, the switches, the leads and the shunt, which takes 0.16 V at most. */
const SOURCE_V = 0.4;
const SINK_V = 0.7;
/** Gates of the switches above the cell, and what their driver stands. */
const GATE_V = 4.5;
const DRIVER_V = 18;

/** The divider takes of the cell no more than this part of its capacity in an hour, or than the INA228's own input does. */
const BURDEN_PER_HOUR = 5e-4;
const VBUS_OHM = 1e6;
/** At the divider's middle, until it follows within half a tick. */
const DIVIDER_F = 100e-9;
const FOLLOWS_S = 0.05;

/** The 1N5404 behind the precharge resistor, and the longest that the firmware waits. */
const DIODE_A = 3;
const FILLS_S = 10;

/** Of a channel. @param capacity_mAh NaN: not known */
export function channelParts(findings: Findings, hasRelay: boolean, capacity_mAh: number): void {
  const n = (field: string): number => findings.number(field);
  const mosfets = hasRelay ? [] : ['switch', 'switchDriver', 'alertGate'];
  commonParts(findings, [...mosfets, 'opAmp', 'sinkMosfet', 'sourceMosfet']);
  pullAtReset(findings, 'parts.switchPull_ohm');
  const over_V = n('limits.overVoltage_mV') / 1000;
  findings.range('parts.supply_V', 'V', [
    [
      'least',
      over_V + SOURCE_V + (n('limits.overCharge_mA') / 1000) * n('parts.sense_ohm'),
      'for the source to charge up to limits.overVoltage_mV',
    ],
    ['least', LOGIC_V, ''],
    ['most', DRIVER_V - HEADROOM_V, 'to leave 1.5 V to the supply of the op-amps'],
  ]);
  findings.range('parts.gateSupply_V', 'V', [
    ['least', n('parts.supply_V') + HEADROOM_V, 'for the op-amps to reach parts.supply_V'],
    ['least', hasRelay ? NaN : over_V + GATE_V, 'for the gates to stand 4.5 V above limits.overVoltage_mV'],
    ['least', LOGIC_V, ''],
    ['most', DRIVER_V, 'which the gate driver stands'],
  ]);
  findings.range('parts.cellDivider_ohm', 'ohm', [
    ['least', dividerFrom_ohm(1000 * over_V, capacity_mAh), 'for the two not to discharge the cell'],
    ['most', (2 * FOLLOWS_S) / DIVIDER_F, 'for 100 nF to follow within 50 ms'],
  ]);
}

/** The set-point's divider and the sense resistors, which together make the full scale. */
export function setPointParts(findings: Findings): void {
  const n = (field: string): number => findings.number(field);
  findings.range('parts.setPointUpper_ohm', 'ohm', [
    ...SOLD_OHM,
    [
      'least',
      n('parts.setPointLower_ohm') > 0 ? DAC_LOAD_OHM - n('parts.setPointLower_ohm') : NaN,
      'for it and parts.setPointLower_ohm to be no less than the 5000 ohm that the MCP4725 drives',
    ],
  ]);
  const upper_ohm = n('parts.setPointUpper_ohm');
  const source_ohm = OFFSET_V / BIAS_A;
  const least_V = OFFSET_V / OFFSET_SHARE;
  findings.range('parts.setPointLower_ohm', 'ohm', [
    ...SOLD_OHM,
    [
      'least',
      (upper_ohm * least_V) / (LOGIC_V - least_V),
      "for the op-amps' offset of 0.5 mV to be 0.4 % of full scale",
    ],
    [
      'most',
      upper_ohm > source_ohm ? 1 / (1 / source_ohm - 1 / upper_ohm) : Infinity,
      "for the op-amps' input currents to make 0.5 mV at most",
    ],
  ]);
  // Behind the divider at full scale, and over the sense resistors.
  const lower_ohm = n('parts.setPointLower_ohm');
  const fullScale_mV = (1000 * LOGIC_V * lower_ohm) / (n('parts.setPointUpper_ohm') + lower_ohm);
  const largest_mA = Math.min(n('limits.lastingDischarge_mA'), n('board.dac.fullScale_mA'));
  findings.range('parts.sense_ohm', 'ohm', [
    [
      'least',
      fullScale_mV / n('board.ina228.maxCurrent_mA'),
      'for full scale to be no more than board.ina228.maxCurrent_mA',
    ],
    ['least', 1e-4, ''],
    [
      'most',
      (n('limits.underVoltage_mV') - 1000 * SINK_V) / largest_mA,
      `for the sink to take ${round(largest_mA)} mA at limits.underVoltage_mV`,
    ],
    ['most', 1e4, ''],
  ]);
  findings.follows(
    'board.dac.fullScale_mA',
    'mA',
    fullScale_mV / n('parts.sense_ohm'),
    FULL_SCALE_SHARE,
    "as parts.sense_ohm and the set-point's divider make it",
  );
}

/** The least of each of the two that halve the voltage of a cell. */
export function dividerFrom_ohm(overVoltage_mV: number, capacity_mAh: number): number {
  return Math.min(overVoltage_mV / (BURDEN_PER_HOUR * capacity_mAh), VBUS_OHM) / 2;
}

/** The least resistance that a load without a charge may be filled through. */
export function prechargeFrom_ohm(stack_V: number, overDischarge_mA: number): number {
  return stack_V / Math.min(DIODE_A, overDischarge_mA / 1000);
}

/** Of a precharge, for each ohm. */
export function prechargeLasts_s(load_uF: number, full_pct: number): number {
  return -load_uF * 1e-6 * Math.log(1 - full_pct / 100);
}

/** Of a pack. @param cells in series; NaN: not known */
export function packParts(findings: Findings, cells: number): void {
  const n = (field: string): number => findings.number(field);
  commonParts(findings, ['switch', 'prechargeSwitch', 'prechargeDriver', 'supply']);
  pullAtReset(findings, 'parts.prechargePullDown_ohm');
  // Datasheet of the BQ76952, section 7.3.
  findings.range('parts.inputResistor_ohm', 'ohm', [
    ['least', 20, 'for the BQ76952'],
    ['most', 100, 'for the BQ76952'],
  ]);
  findings.range('parts.inputCapacitor_nF', 'nF', [
    ['least', 100, 'for the BQ76952'],
    ['most', 1000, 'for the BQ76952'],
  ]);
  const stack_V = (cells * n('limits.overVoltage_mV')) / 1000;
  const full_pct = n('board.precharge.full_pct');
  const least_ohm = prechargeFrom_ohm(stack_V, n('limits.overDischarge_mA'));
  findings.range('parts.load_uF', 'uF', [
    ['least', 1, ''],
    ['most', 1e6, ''],
    ['most', FILLS_S / least_ohm / prechargeLasts_s(1, full_pct), 'for a precharge to fill it within 10 s'],
  ]);
  const perOhm_s = prechargeLasts_s(n('parts.load_uF'), full_pct);
  findings.range('parts.precharge_ohm', 'ohm', [
    ['least', least_ohm, 'for no more to flow than 3 A, which its diode carries, or limits.overDischarge_mA'],
    ['most', FILLS_S / perOhm_s, 'to fill parts.load_uF within 10 s'],
  ]);
  findings.range('board.precharge.longest_ms', 'ms', [
    [
      'least',
      1000 * n('parts.precharge_ohm') * perOhm_s,
      `in which parts.precharge_ohm fills parts.load_uF to ${full_pct} %`,
    ],
    ['most', 1000 * FILLS_S, ''],
  ]);
}

function commonParts(findings: Findings, names: readonly string[]): void {
  for (const name of ['controller', ...names]) findings.text(`parts.${name}`);
  findings.text('board.name');
  const bitrate_Hz = findings.number('board.i2c.bitrate_Hz');
  const rise_ns = bitrate_Hz > STANDARD_HZ ? RISE_NS.fast : bitrate_Hz > 0 ? RISE_NS.standard : NaN;
  const sinks: Bound = ['least', (LOGIC_V - LOW_V) / SINK_A, 'for a part that sinks 3 mA to pull a line low'];
  findings.range('parts.i2cPullUp_ohm', 'ohm', [
    sinks,
    [
      'most',
      (1000 * rise_ns) / (RISE * BUS_PF),
      `for a line of ${BUS_PF} pF to rise within ${rise_ns} ns at board.i2c.bitrate_Hz`,
    ],
  ]);
  findings.range('parts.alertPullUp_ohm', 'ohm', [
    sinks,
    ['most', ((1 - HIGH_SHARE) * LOGIC_V) / LEAK_A, 'for ALERT to be high in spite of what leaks'],
  ]);
  const largest_A =
    Math.max(findings.number('limits.lastingCharge_mA'), findings.number('limits.lastingDischarge_mA')) / 1000;
  const least_A = largest_A / FUSE_SHARE;
  findings.range('parts.fuse_A', 'A', [
    ['least', least_A, `to carry ${round(largest_A * 1000)} mA for ever`],
    ['most', Math.max(FUSE_RESERVE * least_A, SMALLEST_FUSE_A), 'to open in a short circuit'],
  ]);
}

/** What keeps a switch open at reset against the controller's pull-up, and lets a pin close it. */
function pullAtReset(findings: Findings, field: string): void {
  findings.range(field, 'ohm', [
    ['least', LOGIC_V / PIN_A, 'for a pin to drive it with 10 mA'],
    [
      'most',
      (RESET_PULL_UP_OHM * OFF_V) / (LOGIC_V - OFF_V),
      "to stay at 0.6 V against the controller's pull-up of 45 kOhm",
    ],
  ]);
}

const round = (value: number): number => Number(value.toPrecision(3));
