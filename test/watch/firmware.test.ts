import { describe, expect, it } from 'vitest';
import { ChannelRun } from '../../sim/campaign/channelRun';
import type { Cell } from '../../sim/cell/cell';
import { loadProfile } from '../../sim/profiles/profile';
import { mismatched } from '../../sim/profiles/mismatch';
import { LONG } from '../long';

const CHARGE_C = 0.2;

/** The firmware itself in front of chips, its cell not quite what it was told. */
function run(cycles: number, cell = 'afl-l1', discharge_C = 1): ChannelRun {
  const believed = loadProfile(cell);
  const options = {
    ...{ charge_C: CHARGE_C, discharge_C, cycles, temperature_C: 25, seed: 1 },
    ...{ sampleEvery_s: Infinity, interrupts: 4 },
  };
  return new ChannelRun(mismatched(believed, 0.2, 3, 3), options, believed);
}

function cycle(channel: ChannelRun, times: number): void {
  for (let left = times; left > 0 && channel.stopped === undefined;) if (channel.advance(1e4)) left--;
}

describe('the watchers behind the estimator', () => {
  it('find a short within two cycles of its leak passing 2 % of the charge current', () => {
    const channel = run(8);
    cycle(channel, 5);
    expect(channel.alarms).toEqual([]);
    const cell = channel.channel.cell as Cell;
    const leak_mA_cm2 = 0.02 * CHARGE_C * cell.nominal_mAh_cm2;
    // 1000 mS: at the lowest voltage of the charge, so that it leaks at least as much throughout.
    cell.short_mS_cm2 = (1000 * leak_mA_cm2) / 3500;
    cycle(channel, 2);
    channel.advance(1e4);
    expect(channel.alarms.join()).toMatch(/cycle [678]: alarm: internal short/);
  });

  const sound: [string, number][] = [
    ['afl-l1', 3],
    ['homs-lfp', 1],
    ['criec-ncm811', 1],
  ];
  it.each(LONG ? sound : sound.slice(0, 1))('have nothing to say of a sound %s at %d C', (cell, discharge_C) => {
    const channel = run(8, cell, discharge_C);
    cycle(channel, 8);
    expect(channel.alarms).toEqual([]);
  });
});
