/** The front end alone: the processor has stopped, only comparators and switches are left. */
import { between, defects, DISCHARGES, STEADY, type ChannelInjection } from './injection';

/** Level of the front end, of the firmware's own (firmware/bms.ts). */
const FRONT_END = 1.2;
/** Errors of shunt and comparator, and the power stage's. */
const SURE = 1.03;

export const FRONT_END_INJECTIONS: readonly ChannelInjection[] = [
  {
    name: 'short circuit with the processor stopped',
    group: 'actuator',
    row: null,
    hardware: { id: 'ShortCircuit', promised_ms: 1 },
    unit: "of the front end's level",
    states: DISCHARGES,
    beyond: (random) => between(random, 1.5, 30),
    start: (channel, { limits }, size) =>
      void (defects(channel).shortBehindSwitch_A = (size * FRONT_END * limits.overDischarge_mA) / 1000),
    stop: (channel) => void delete channel.defects?.shortBehindSwitch_A,
    scrap: true,
  },
  {
    name: 'over-current with the processor stopped',
    group: 'actuator',
    row: null,
    hardware: { id: 'OverCurrent', promised_ms: 50 },
    unit: "of the front end's level",
    states: STEADY,
    beyond: (random) => between(random, SURE, 1.5),
    start(channel, { limits }, size) {
      const most_mA = channel.current_A > 0 ? limits.overDischarge_mA : limits.overCharge_mA;
      channel.stageGain *= (size * FRONT_END * most_mA) / 1000 / Math.abs(channel.current_A);
    },
    scrap: true,
  },
];
