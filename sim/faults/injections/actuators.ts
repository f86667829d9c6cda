/** Switches, DAC, power stage and what is wired behind them. */
import { Fault } from '../../../firmware/protect/faults';
import type { Channel } from '../../bench/channel';
import type { Config } from '../../../firmware/config/config';
import type { State } from '../scenario';
import {
  between,
  capacity_mAh,
  CHARGES,
  defects,
  DISCHARGES,
  RESTS,
  signed,
  STEADY,
  type ChannelInjection,
} from './injection';

/** Of the configured over-current at which the front end acts by itself. */
const FRONT_END = 1.2;
/** A gain error of the power stage and the monitor's together. */
const GAIN_SHARE = 0.02;

/** Currents at which a switch that stays open is told from the zero of the monitor, but not yet from the set-point. */
const LEAST_SEEN_MA = 60;
const SMALL_MA = 90;

const setDac = (channel: Channel, code: number): void =>
  channel.dac.writeTo([code >> 8, code & 255], channel.clock.now_ms);
const set_mA = (config: Config, state: State): number => state.rate_C * capacity_mAh(config);
const gains = new WeakMap<Channel, number>();
const stage = {
  start(channel: Channel, _config: Config, size: number): void {
    gains.set(channel, channel.stageGain);
    channel.stageGain = size;
  },
  stop: (channel: Channel): void => void (channel.stageGain = gains.get(channel) ?? channel.stageGain),
};

/** A switch that does not close, at a current whose lack is seen at once, and at one so small that only its share tells. */
function staysOpen(path: 'charge' | 'discharge'): ChannelInjection[] {
  const whole = {
    group: 'actuator' as const,
    states: [path],
    start: (channel: Channel) => void (defects(channel)[`${path}Switch`] = 'open'),
    stop: (channel: Channel) => void delete channel.defects?.[`${path}Switch`],
  };
  return [
    { ...whole, name: `${path} switch stays open`, row: Fault.CurrentNotFollowing, unit: '', beyond: () => 1 },
    {
      ...whole,
      name: `${path} switch stays open at a small current`,
      row: Fault.SwitchNotClosing,
      unit: 'mA',
      beyond: (random) => between(random, LEAST_SEEN_MA, SMALL_MA),
      configure(config, size) {
        config.limits.currentError_mA = 1.5 * SMALL_MA;
        config.protocol = config.protocol.map((step) => ({ ...step, current_mA: step.current_mA > 0 ? size : 0 }));
      },
    },
  ];
}

export const ACTUATOR_INJECTIONS: readonly ChannelInjection[] = [
  ...staysOpen('discharge'),
  ...staysOpen('charge'),
  {
    name: 'DAC output dead',
    group: 'actuator',
    row: Fault.CurrentNotFollowing,
    unit: '',
    states: STEADY,
    beyond: () => 1,
    start: (channel) => void (defects(channel).dacDead = true),
    stop: (channel) => void delete channel.defects?.dacDead,
  },
  {
    name: 'power stage off',
    group: 'actuator',
    row: Fault.CurrentNotFollowing,
    or: [Fault.FrontEnd],
    unit: 'of the set-point',
    states: STEADY,
    beyond(random, config, state) {
      const share = (1.1 * config.limits.currentError_mA) / set_mA(config, state) + GAIN_SHARE;
      return (
        1 + (random.uniform() < 0.5 && share < 0.9 ? -between(random, share, 0.95) : between(random, share, 2 * share))
      );
    },
    inside: (random, config, state) =>
      1 + signed(random, 0, Math.max(0, (0.9 * config.limits.currentError_mA) / set_mA(config, state) - GAIN_SHARE)),
    ...stage,
  },
  {
    name: 'power stage drives too much discharge current',
    group: 'actuator',
    row: Fault.OverDischargeCurrent,
    // A current that jumps while a result is averaged is off its set-point one sample before it is too large.
    or: [Fault.CurrentNotFollowing],
    unit: 'of the set-point',
    states: ['discharge'],
    beyond: (random, config, state) =>
      (between(random, 1 + GAIN_SHARE, FRONT_END - GAIN_SHARE) * config.limits.overDischarge_mA) /
      set_mA(config, state),
    ...stage,
  },
  {
    name: 'power stage drives too much charge current',
    group: 'actuator',
    row: Fault.OverChargeCurrent,
    // A current that jumps while a result is averaged is off its set-point one sample before it is too large.
    or: [Fault.CurrentNotFollowing],
    unit: 'of the set-point',
    states: ['charge'],
    beyond: (random, config, state) =>
      (between(random, 1 + GAIN_SHARE, FRONT_END - GAIN_SHARE) * config.limits.overCharge_mA) / set_mA(config, state),
    ...stage,
  },
  {
    name: 'DAC register changed at rest',
    group: 'actuator',
    row: Fault.ActuatorMismatch,
    unit: 'code',
    states: RESTS,
    beyond: (random) => 1 + Math.floor(4094 * random.uniform()),
    start: (channel, _config, size) => setDac(channel, size),
  },
  {
    name: 'bits of the DAC register changed',
    group: 'actuator',
    row: Fault.ActuatorMismatch,
    unit: 'codes',
    states: STEADY,
    // More, and the current itself is found first.
    beyond: (random) => (random.uniform() < 0.5 ? -1 : 1) * (1 + Math.floor(8 * random.uniform())),
    start: (channel, _config, size) => setDac(channel, Math.round(channel.dac.output * 4096) + size),
  },
  {
    name: 'DAC register changed under current',
    group: 'actuator',
    row: Fault.CurrentNotFollowing,
    unit: 'of the set-point',
    states: STEADY,
    beyond: (random) => between(random, 0, 0.5),
    start: (channel, _config, size) => setDac(channel, Math.round(size * channel.dac.output * 4096)),
  },
  {
    name: 'pin of the wrong switch held high',
    group: 'actuator',
    row: Fault.ActuatorMismatch,
    unit: '',
    states: [...RESTS, ...STEADY],
    beyond: () => 1,
    start(channel) {
      const pin = channel.dischargeSwitch.level ? channel.chargeSwitch : channel.dischargeSwitch;
      pin.level = pin.stuck = true;
    },
    stop(channel) {
      channel.chargeSwitch.stuck = channel.dischargeSwitch.stuck = false;
    },
    unstoppable: true,
  },
  {
    name: 'switch welded and DAC stuck',
    group: 'actuator',
    row: Fault.CurrentWhenOpen,
    or: [Fault.FrontEnd],
    unit: '',
    states: STEADY,
    beyond: () => 1,
    start(channel) {
      defects(channel)[channel.dischargeSwitch.level ? 'dischargeSwitch' : 'chargeSwitch'] = 'welded';
      channel.dac.stuck = true;
      // What makes the firmware want to open.
      channel.stageGain *= 1.5;
    },
    stop(channel) {
      delete channel.defects?.dischargeSwitch;
      delete channel.defects?.chargeSwitch;
      channel.dac.stuck = false;
      channel.stageGain /= 1.5;
    },
    isBeyond: (channel, { limits }) =>
      !channel.dischargeSwitch.level &&
      !channel.chargeSwitch.level &&
      1000 * Math.abs(channel.current_A) > limits.currentError_mA,
    patience_ms: 3000,
    unstoppable: true,
  },
  {
    name: 'leak before the switches',
    group: 'actuator',
    row: Fault.CurrentWhenOpen,
    unit: 'mA',
    states: RESTS,
    beyond: (random, { limits }) => between(random, 1.1 * limits.currentError_mA + 5, 0.8 * limits.overDischarge_mA),
    inside: (random, { limits }) => between(random, 0, 0.9 * limits.currentError_mA - 5),
    start: (channel, _config, size) => void (defects(channel).shortBeforeSwitch_A = size / 1000),
    stop: (channel) => void delete channel.defects?.shortBeforeSwitch_A,
    unstoppable: true,
  },
  {
    name: 'short behind the discharge switch',
    group: 'actuator',
    row: Fault.FrontEnd,
    unit: "of the front end's level",
    states: DISCHARGES,
    beyond: (random) => between(random, 1.05, 20),
    start: (channel, config, size) =>
      void (defects(channel).shortBehindSwitch_A = (size * FRONT_END * config.limits.overDischarge_mA) / 1000),
    stop: (channel) => void delete channel.defects?.shortBehindSwitch_A,
  },
  {
    name: 'power stage out of control',
    group: 'actuator',
    row: Fault.FrontEnd,
    unit: "of the front end's level",
    states: CHARGES,
    beyond: (random) => between(random, 1.05, 3),
    start(channel, config, size) {
      gains.set(channel, channel.stageGain);
      const now_A = Math.abs(channel.current_A);
      channel.stageGain *= (size * FRONT_END * config.limits.overCharge_mA) / 1000 / Math.max(0.01, now_A);
    },
    stop: stage.stop,
  },
];
