/**
 * What the watchers of the lithium look for (docs/watchers.md). It shows over minutes to cycles: that time is reported by itself,
 * and the row's reaction counts from the watcher's alarm on.
 */
import { Fault } from '../../../firmware/protect/faults';
import { Alarm, alarmLevel, Level } from '../../../firmware/watch/alarms';
import type { Bms } from '../../../firmware/bms';
import type { Channel } from '../../bench/channel';
import type { Cell } from '../../cell/cell';
import { balanceOf } from '../../thermal/selfHeat';
import { slowPace } from '../pace';
import { between, capacity_mAh, type ChannelInjection } from './injection';

const COOLING_W_K = 0.1;
const HOUR_MS = 3.6e6;
const raised =
  (alarm: Alarm, level: Level) =>
  (_channel: Channel, _config: unknown, bms: Bms): boolean =>
    bms.watch !== undefined && alarmLevel(bms.watch.alarms, alarm) >= level;

/** A filament that carries this many C at the cell's voltage. */
function short(channel: Channel, rate_C: number): void {
  const cell = channel.cell as Cell;
  cell.settle();
  cell.short_mS_cm2 = (rate_C * cell.nominal_mAh_cm2) / cell.voltage_V;
}
function warmsItself(channel: Channel): void {
  if (channel.balance) return;
  channel.balance = balanceOf(channel.cell.profile, channel.ambient_C, COOLING_W_K);
  channel.balance.temperature_C = channel.cell.temperature_C;
}

/** On for `on_ms` of every `every_ms`, until the cell is dropped. */
function flicker(channel: Channel, rate_C: number, on_ms: number, every_ms: number): void {
  const { clock } = channel;
  const turn = (on: boolean): void => {
    channel.live();
    if (on) short(channel, rate_C);
    else {
      const cell = channel.cell as Cell;
      cell.settle();
      cell.short_mS_cm2 = 0;
    }
    clock.at(clock.now_ms + (on ? on_ms : every_ms - on_ms), () => turn(!on));
  };
  turn(true);
}

export const WATCHED_INJECTIONS: readonly ChannelInjection[] = [
  {
    name: 'filament that flickers while charging',
    group: 'cell',
    row: Fault.SoftShort,
    // A dip between the readings of the two.
    or: [Fault.VoltagesDisagree],
    unit: 'C',
    states: ['charge'],
    beyond: (random) => between(random, 1, 3),
    start: (channel, _config, size) => flicker(channel, size, 2000, 20000),
    isBeyond: raised(Alarm.SoftShort, Level.Alarm),
    patience_ms: 0.6 * HOUR_MS,
    watched: true,
    scrap: true,
  },
  {
    name: 'leak of the cell at rest',
    group: 'cell',
    row: Fault.SoftShort,
    unit: 'C',
    states: ['rest'],
    beyond: (random) => between(random, 0.01, 0.03),
    configure: slowPace,
    start: (channel, _config, size) => short(channel, size),
    isBeyond: raised(Alarm.SoftShort, Level.Alarm),
    patience_ms: 5 * HOUR_MS,
    watched: true,
    leastFill: 0.2,
    // An open-circuit curve as flat as LFP's does not show it.
    suits: ({ cathode }) => cathode !== 'lfp',
    scrap: true,
  },
  {
    name: 'cell heats itself by a short',
    group: 'cell',
    row: Fault.SelfHeating,
    unit: 'C',
    states: ['rest', 'discharge'],
    // Beside a current only more than its losses may be off tells.
    beyond: (random, _config, { kind }) => (kind === 'rest' ? between(random, 0.5, 2) : between(random, 1.5, 3)),
    start(channel, _config, size) {
      warmsItself(channel);
      short(channel, size);
    },
    isBeyond: raised(Alarm.SelfHeating, Level.Alarm),
    patience_ms: 0.5 * HOUR_MS,
    watched: true,
    scrap: true,
    tolerance: { temperature_K: 5 },
  },
  {
    name: 'charged too fast for the cold',
    fromBegin: true,
    group: 'operator',
    row: Fault.PlatingTooFast,
    unit: 'degC',
    states: ['charge'],
    beyond: (random) => between(random, -8, -3),
    configure(config) {
      config.limits.overCharge_mA = config.limits.lastingCharge_mA = 1.5 * capacity_mAh(config);
      config.protocol = config.protocol.map((step) =>
        step.current_mA > 0 ? { ...step, current_mA: capacity_mAh(config) } : step,
      );
    },
    prepare: (cell, _config, size) => void (cell.temperature_C = size),
    isBeyond: raised(Alarm.LowTemperaturePlating, Level.Warn),
    patience_ms: 0.2 * HOUR_MS,
    watched: true,
    scrap: true,
  },
  {
    name: 'electrolyte dries out',
    group: 'cell',
    row: Fault.PolarizationRunaway,
    unit: 'of the limiting current',
    states: ['cycling'],
    // At half of it a cell at 1C may not show it (docs/watchers.md).
    beyond: (random) => between(random, 0.25, 0.35),
    start(channel, _config, size) {
      // The reference of the watcher is the cell's first four cycles: from the sixth on.
      channel.clock.at(channel.clock.now_ms + DRIES_AFTER_MS, () => {
        channel.live();
        const cell = channel.cell as Cell;
        cell.settle();
        cell.profile.parameters.ilim *= size;
      });
    },
    isBeyond: raised(Alarm.Drying, Level.Alarm),
    patience_ms: 80 * HOUR_MS,
    watched: true,
    // A cell that is far from its limiting current at any rate of use does not show it.
    suits: ({ name }) => !name.startsWith('homs'),
    // One that has begun to dry is its own reference; one that is warm is far from its limiting current.
    mostCycles: 40,
    warmest_C: 25,
    // Faster than it can still carry it gives nothing that could be estimated.
    fastest_C: 2,
    scrap: true,
  },
  {
    name: 'cell at its end of life',
    fromBegin: true,
    group: 'cell',
    row: Fault.EndOfLife,
    unit: 'of its cathode',
    states: ['cycling'],
    // Between a quarter and a half the lithium that is believed to be left behind may hide it.
    beyond: (random) => between(random, 0.08, 0.2),
    prepare: (cell, _config, size) => void (cell.cathodeCapacity_mAh_cm2 *= size),
    // Beside a lithium foil, or on the flat curve of LFP, the estimator does not know the cathode's capacity.
    suits: ({ name }) => !/^(homs|tri-salt|routine)/.test(name),
    // It is so from the begin on; the estimator may take three cycles to know.
    isBeyond: (_channel, _config, bms) => bms.watchedCycles > 3,
    patience_ms: 20 * HOUR_MS,
    watched: true,
    scrap: true,
  },
];

const DRIES_AFTER_MS = 12 * HOUR_MS;
