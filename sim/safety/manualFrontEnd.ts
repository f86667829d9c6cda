/** What the comparators of the reference board watch, read back from the simulated part that the firmware has set up. */
import { createBms } from '../../firmware/bms';
import { defaultConfig } from '../../firmware/config/unconfigured';
import { ina228Applied } from '../../hal/chips/ina228Open';
import { Channel } from '../bench/channel';
import { Cell } from '../cell/cell';
import { loadProfile } from '../profiles/profile';
import { short } from './manualText';
import { markdownTable } from '../markdown';

export function frontEndTable(): string {
  const config = defaultConfig();
  const { limits, board } = config;
  const bms = createBms(config, new Channel(board, new Cell(loadProfile('afl-l1')), 1), 0);
  const applied = ina228Applied(bms.sense.ina, board.ina228);
  const row = (what: string, asked: number, applies: number, unit: string): string[] => [
    what,
    `${short(asked)} ${unit}`,
    `${Number(applies.toFixed(3))} ${unit}`,
  ];
  return markdownTable(
    ['watched in hardware', 'supervisor trips at', 'front end opens at'],
    [
      row('discharge current', limits.overDischarge_mA, applied.highest_mA, 'mA'),
      row('charge current', limits.overCharge_mA, -applied.lowest_mA, 'mA'),
      row('voltage, highest', limits.overVoltage_mV, applied.highest_mV, 'mV'),
      row('voltage, lowest', limits.underVoltage_mV, applied.lowest_mV, 'mV'),
      row('board temperature', limits.boardTemperature_C, applied.hottest_C, 'degC'),
    ],
  );
}
