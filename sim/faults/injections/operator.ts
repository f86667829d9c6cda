/** A configuration that is formally right and does not fit. */
import { Fault } from '../../../firmware/protect/faults';
import { StepKind } from '../../../firmware/protocol/step';
import type { Config } from '../../../firmware/config/config';
import type { Channel } from '../../bench/channel';
import { between, type ChannelInjection } from './injection';

/** Changes the steps of a kind. */
function change(config: Config, kind: StepKind, what: { current_mA?: number; until_mV?: number }): void {
  config.protocol = config.protocol.map((step) => (step.kind === kind ? { ...step, ...what } : step));
}

/** Of all that is allowed above the lasting limit, from where on the firmware takes current away, and a little for the sensors. */
const EARLY_HEAT = 0.55;
const HEAT_S = 50 * 0.21;
const heats = new WeakMap<Channel, { share: number; at_ms: number }>();

/** The same sum as the firmware's, of the true current: has it come to where the current is to be reduced? */
function isHot(channel: Channel, current_mA: number, lasting_mA: number): boolean {
  const heat = heats.get(channel) ?? { share: 0, at_ms: channel.clock.now_ms };
  heats.set(channel, heat);
  const square = Math.max(0, current_mA / lasting_mA) ** 2;
  heat.share = Math.max(0, heat.share + ((square - 1) * (channel.clock.now_ms - heat.at_ms)) / (1000 * HEAT_S));
  heat.at_ms = channel.clock.now_ms;
  return heat.share > EARLY_HEAT;
}

export const OPERATOR_INJECTIONS: readonly ChannelInjection[] = [
  {
    name: 'protocol asks for too much discharge current',
    fromBegin: true,
    group: 'operator',
    // It is held at the limit: nothing has to be found.
    row: null,
    unit: 'of the level',
    states: ['discharge'],
    beyond: (random) => between(random, 1.02, 3),
    configure: (config, size) =>
      change(config, StepKind.Discharge, { current_mA: size * config.limits.overDischarge_mA }),
    scrap: true,
  },
  {
    name: 'protocol asks for too much charge current',
    fromBegin: true,
    group: 'operator',
    // It is held at the limit: nothing has to be found.
    row: null,
    unit: 'of the level',
    states: ['charge'],
    beyond: (random) => between(random, 1.02, 3),
    configure: (config, size) => change(config, StepKind.Charge, { current_mA: size * config.limits.overCharge_mA }),
    scrap: true,
  },
  {
    name: 'protocol charges beyond the highest voltage',
    fromBegin: true,
    group: 'operator',
    row: Fault.OverVoltage,
    // A whole device does not even take such a configuration.
    or: [Fault.ConfigurationInvalid],
    unit: 'mV above the level',
    states: ['end of charge'],
    beyond: (random) => between(random, 20, 500),
    found: 'derates',
    configure: (config, size) => change(config, StepKind.Charge, { until_mV: config.limits.overVoltage_mV + size }),
    isBeyond: (channel, { limits }) => 1000 * channel.cell.voltage_V > limits.overVoltage_mV - 12,
    patience_ms: 2e6,
    scrap: true,
  },
  {
    name: 'protocol discharges below the lowest voltage',
    fromBegin: true,
    group: 'operator',
    row: Fault.UnderVoltage,
    // A whole device does not even take such a configuration.
    or: [Fault.ConfigurationInvalid],
    unit: 'mV below the level',
    states: ['knee'],
    beyond: (random) => between(random, 20, 500),
    found: 'derates',
    configure: (config, size) => change(config, StepKind.Discharge, { until_mV: config.limits.underVoltage_mV - size }),
    isBeyond: (channel, { limits }) => 1000 * channel.cell.voltage_V < limits.underVoltage_mV + 190,
    patience_ms: 2e6,
    scrap: true,
  },
  {
    name: 'protocol asks for more than full scale',
    fromBegin: true,
    group: 'operator',
    row: Fault.SetPointOutOfRange,
    unit: 'of full scale',
    states: ['discharge'],
    beyond: (random) => between(random, 1.01, 2),
    configure(config, size) {
      const most_mA = config.board.dac.fullScale_mA;
      config.limits.overDischarge_mA = config.limits.lastingDischarge_mA = 1.1 * most_mA;
      change(config, StepKind.Discharge, { current_mA: size * most_mA });
    },
    isBeyond: (channel) => channel.current_A > 0.9 * (channel.board.dac.fullScale_mA / 1000),
    patience_ms: 10000,
    scrap: true,
  },
  {
    name: 'power stage a little high at the largest discharge current',
    group: 'operator',
    row: Fault.LastingDischargeCurrent,
    unit: 'of the set-point',
    states: ['discharge'],
    // Less than would be told from the set-point.
    beyond: (random) => between(random, 1.015, 1.025),
    found: 'derates',
    configure: (config) => change(config, StepKind.Discharge, { current_mA: 2 * config.limits.lastingDischarge_mA }),
    start: (channel, _config, size) => void (channel.stageGain = size),
    isBeyond: (channel, { limits }) => isHot(channel, 1000 * channel.current_A, limits.lastingDischarge_mA),
    patience_ms: 4e5,
    scrap: true,
  },
  {
    name: 'power stage a little high at the largest charge current',
    group: 'operator',
    row: Fault.LastingChargeCurrent,
    unit: 'of the set-point',
    states: ['charge'],
    // Less than would be told from the set-point.
    beyond: (random) => between(random, 1.015, 1.025),
    found: 'derates',
    configure: (config) => change(config, StepKind.Charge, { current_mA: 2 * config.limits.lastingCharge_mA }),
    start: (channel, _config, size) => void (channel.stageGain = size),
    isBeyond: (channel, { limits }) => isHot(channel, -1000 * channel.current_A, limits.lastingCharge_mA),
    patience_ms: 4e5,
    scrap: true,
  },
];
