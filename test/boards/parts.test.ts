/* eslint-disable @typescript-eslint/no-explicit-any -- files of any form are what is tested */
/** Parts with which a board could not work are refused, and what the check allows instead is good. */
import { describe, expect, it } from 'vitest';
import { boardNames, readBoardFile, readProduct } from '../../sim/boards/read';

function told(board: string, change: (file: any) => void): string[] {
  const file = readBoardFile(board) as any;
  change(file);
  return readProduct(file).problems;
}
const withPart = (board: string, part: string, value: unknown): string[] =>
  told(board, (file) => (file.parts[part] = value));

describe('a channel is refused', () => {
  it.each<[part: string, value: unknown, line: string]>([
    [
      'switchPull_ohm',
      47000,
      "47000 ohm; allowed: 330 to 10000 ohm, to stay at 0.6 V against the controller's pull-up of 45 kOhm",
    ],
    ['switchPull_ohm', 10, '10 ohm; allowed: 330 to 10000 ohm, for a pin to drive it with 10 mA'],
    ['supply_V', 3.3, '3.3 V; allowed: 4.784 to 16.5 V, for the source to charge up to limits.overVoltage_mV'],
    ['supply_V', 24, '24 V; allowed: 4.784 to 16.5 V, to leave 1.5 V to the supply of the op-amps'],
    ['gateSupply_V', 5, '5 V; allowed: 8.85 to 18 V, for the gates to stand 4.5 V above limits.overVoltage_mV'],
    ['gateSupply_V', 24, '24 V; allowed: 8.85 to 18 V, which the gate driver stands'],
    ['i2cPullUp_ohm', 10, '10 ohm; allowed: 966.7 to 3540 ohm, for a part that sinks 3 mA to pull a line low'],
    [
      'i2cPullUp_ohm',
      10000,
      '10000 ohm; allowed: 966.7 to 3540 ohm, for a line of 100 pF to rise within 300 ns at board.i2c.bitrate_Hz',
    ],
    ['alertPullUp_ohm', 1e6, '1000000 ohm; allowed: 966.7 to 75000 ohm, for ALERT to be high in spite of what leaks'],
    ['cellDivider_ohm', 1000, '1000 ohm; allowed: 4355 to 1000000 ohm, for the two not to discharge the cell'],
    ['cellDivider_ohm', 1e7, '10000000 ohm; allowed: 4355 to 1000000 ohm, for 100 nF to follow within 50 ms'],
    ['fuse_A', 100, '100 A; allowed: 4.68 to 18.72 A, to open in a short circuit'],
    ['sense_ohm', 1, '1 ohm; allowed: 0.06714 to 0.5128 ohm, for the sink to take 3510 mA at limits.underVoltage_mV'],
    [
      'sense_ohm',
      0.01,
      '0.01 ohm; allowed: 0.06714 to 0.5128 ohm, for full scale to be no more than board.ina228.maxCurrent_mA',
    ],
    [
      'setPointLower_ohm',
      100,
      "100 ohm; allowed: 393.8 to 50000 ohm, for the op-amps' offset of 0.5 mV to be 0.4 % of full scale",
    ],
    [
      'setPointUpper_ohm',
      1000,
      '1000 ohm; allowed: 3000 to 1000000 ohm, for it and parts.setPointLower_ohm to be no less than the 5000 ohm that the MCP4725 drives',
    ],
    ['switch', '', '""; allowed: a text that is not empty'],
    ['controller', ' ', '""; allowed: a text that is not empty'],
    ['opAmp', 5, '5; allowed: a text'],
  ])('for parts.%s %j', (part, value, line) => {
    expect(withPart('cycler', part, value)).toEqual([`parts.${part} is ${line}`]);
  });

  it('for a policy of flight', () => {
    expect(told('cycler', (file) => (file.policy = 'flight'))).toEqual(['policy is "flight"; allowed: cycler']);
  });

  it('with relays no MOSFETs need a name, and no gate needs a voltage', () => {
    const change = (file: any): void => {
      file.board.relay = { activeLow: true, time_ms: 15 };
      Object.assign(file.parts, { switch: '', switchDriver: '', alertGate: '', gateSupply_V: 7 });
    };
    expect(told('cycler', change)).toEqual([]);
  });

  it('a slower bus may have weaker pull-ups', () => {
    const change = (file: any): void => {
      file.board.i2c.bitrate_Hz = 100000;
      file.parts.i2cPullUp_ohm = 10000;
    };
    expect(told('cycler', change)).toEqual([]);
  });
});

describe('a pack is refused', () => {
  it.each<[part: string, value: unknown, line: string]>([
    [
      'prechargePullDown_ohm',
      100000,
      "100000 ohm; allowed: 330 to 10000 ohm, to stay at 0.6 V against the controller's pull-up of 45 kOhm",
    ],
    [
      'precharge_ohm',
      1,
      '1 ohm; allowed: 8.7 to 2171 ohm, for no more to flow than 3 A, which its diode carries, or limits.overDischarge_mA',
    ],
    ['precharge_ohm', 1e6, '1000000 ohm; allowed: 8.7 to 2171 ohm, to fill parts.load_uF within 10 s'],
    ['load_uF', 1e6, '1000000 uF; allowed: 1 to 499100 uF, for a precharge to fill it within 10 s'],
    ['inputResistor_ohm', 1, '1 ohm; allowed: 20 to 100 ohm, for the BQ76952'],
    ['inputCapacitor_nF', 1, '1 nF; allowed: 100 to 1000 nF, for the BQ76952'],
    ['i2cPullUp_ohm', 10, '10 ohm; allowed: 966.7 to 3540 ohm, for a part that sinks 3 mA to pull a line low'],
    ['fuse_A', 200, '200 A; allowed: 7.72 to 30.88 A, to open in a short circuit'],
    ['supply', '', '""; allowed: a text that is not empty'],
  ])('for parts.%s %j', (part, value, line) => {
    expect(withPart('drone-6s', part, value)).toEqual([`parts.${part} is ${line}`]);
  });
});

describe.each(boardNames())('%s', (board) => {
  const { parts } = readBoardFile(board) as { parts: Record<string, unknown> };
  const numbers = Object.keys(parts).filter((part) => typeof parts[part] === 'number');

  it.each(numbers)('parts.%s may be the least and the most that is said to be allowed', (part) => {
    const [line] = withPart(board, part, -1);
    const bounds = /; allowed: ([\d.]+) to ([\d.]+) /.exec(line!)!.slice(1).map(Number);
    for (const bound of bounds)
      expect(withPart(board, part, bound).filter((other) => other.startsWith(`parts.${part} `))).toEqual([]);
  });
});
