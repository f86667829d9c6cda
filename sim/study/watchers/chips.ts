/** The watchers behind the channel's own chips: thermistor, converters and current monitor by their register models. */
import { Alarm, alarmLevel, Level } from '../../../firmware/watch/alarms';
import { createWatch, watchCycle, watchSecond } from '../../../firmware/watch/watch';
import { ChannelRun } from '../../campaign/channelRun';
import { loadProfile } from '../../profiles/profile';
import { Random } from '../../random';
import { heatOfCell_W } from '../../thermal/selfHeat';
import type { WatcherRow } from './row';
import { watchSettingsOf } from './settingsOf';

const SECOND_MS = 1000;
const THERMISTOR_K = 0.5;
const LOSS_ERROR = 0.2;
/** Wall time between two looks [ms]. */
const PATIENCE_MS = 1000;

export interface ChipsCase {
  cell: string;
  ambient_C: number;
  cooling_W_K: number;
  discharge_C: number;
  cycles: number;
  seed: number;
}

/** Formation and cycles with nothing wrong. Loss and plating number are the plant's, the loss off by up to a fifth. */
export function behindChips(own: ChipsCase): WatcherRow {
  const profile = loadProfile(own.cell);
  const watch = createWatch(watchSettingsOf(profile, own.cooling_W_K));
  const error = (what: string): number => 2 * new Random(own.seed, what).uniform() - 1;
  const loss = 1 + LOSS_ERROR * error('loss');
  const thermistor_K = THERMISTOR_K * error('thermistor');
  const board_K = 2 + error('board');
  const levels = new Uint8Array(Alarm.length);
  const notes: string[] = [];
  let [falseAlarms, falseWarnings, last_ms, due_ms] = [0, 0, 0, SECOND_MS];
  let [voltage, current, ticks] = [0, 0, 0];
  const note = (): void => {
    for (let alarm = Alarm.SoftShort; alarm < Alarm.length; alarm++) {
      const level = alarmLevel(watch.alarms, alarm);
      if (level > levels[alarm]!) {
        if (level === Level.Alarm) falseAlarms++;
        else falseWarnings++;
        notes.push(`${Alarm[alarm]} at ${(last_ms / 3.6e6).toFixed(1)} h`);
      }
      levels[alarm] = level;
    }
  };
  const onTick = (now_ms: number): void => {
    const { bms, channel } = run;
    channel.sensorTemperature_C = channel.cell.temperature_C + thermistor_K;
    voltage += bms.sense.voltage_mV;
    current += bms.sense.current_mA - bms.zero.zero_mA;
    ticks++;
    if (now_ms < due_ms) return;
    const { cell } = channel;
    const i = (1000 * channel.current_A) / cell.area_cm2;
    watchSecond(
      watch,
      now_ms,
      (now_ms - last_ms) / 1000,
      voltage / ticks,
      current / ticks,
      bms.sense.temperature_C,
      channel.ambient_C + board_K,
      Math.max(0, i === 0 ? 0 : loss * heatOfCell_W(cell, i)),
      i < 0 ? -i / cell.limitingCurrent_mA_cm2 : 0,
      true,
    );
    note();
    voltage = current = ticks = 0;
    last_ms = now_ms;
    due_ms = now_ms + SECOND_MS;
  };
  const run: ChannelRun = new ChannelRun(profile, {
    charge_C: 0.5,
    discharge_C: own.discharge_C,
    cycles: own.cycles,
    temperature_C: own.ambient_C,
    cooling_W_K: own.cooling_W_K,
    seed: own.seed,
    sampleEvery_s: Infinity,
    onTick,
  });
  let looked = 0;
  while (looked < own.cycles && run.stopped === undefined) {
    const seen = run.advance(PATIENCE_MS);
    if (seen === undefined) continue;
    looked++;
    // Lambda is the estimator's: here the balance from charge to charge stands alone.
    watchCycle(watch, last_ms, seen.charge_mAh, seen.discharge_mAh, NaN, NaN, NaN, NaN, NaN);
    note();
  }
  return {
    watcher: 'all',
    what: `behind the chips: ${own.discharge_C}C, ${own.ambient_C} degC ambient, ${own.cooling_W_K} W/K`,
    cell: own.cell,
    looked,
    found: null,
    delay: null,
    unit: '',
    falseAlarms,
    falseWarnings,
    note:
      [`to ${run.balance!.highest_C.toFixed(1)} degC`, ...notes].join('; ') + (run.stopped ? `; ${run.stopped}` : ''),
  };
}
