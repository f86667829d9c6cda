/** The cell, or the current, goes beyond its limits. */
import type { Config } from '../../../firmware/config/config';
import { Fault } from '../../../firmware/protect/faults';
import { defect, FLOWS, STATES, temperature, voltage, type Case } from './breaks';

const lastingLess = ({ limits }: Config): void => {
  limits.lastingDischarge_mA = limits.lastingCharge_mA = 800;
};

export const LIMIT_CASES: Case[] = [
  { fault: Fault.OverVoltage, states: STATES, breaks: voltage(4.37) },
  { fault: Fault.UnderVoltage, states: STATES, breaks: voltage(2.45) },
  { fault: Fault.OverTemperature, states: STATES, breaks: temperature(70), shared: true },
  { fault: Fault.UnderTemperature, states: STATES, breaks: temperature(-40), shared: true },
  { fault: Fault.ChargeOverTemperature, states: STATES, breaks: temperature(57) },
  { fault: Fault.ChargeUnderTemperature, states: STATES, breaks: temperature(-22) },
  {
    fault: Fault.LastingDischargeCurrent,
    states: ['rest'],
    change: lastingLess,
    breaks: defect({ shortBeforeSwitch_A: 1.2 }),
    grows_ms: 8400,
    shared: true,
  },
  {
    fault: Fault.LastingChargeCurrent,
    states: ['rest'],
    change: lastingLess,
    breaks: defect({ current: { offset: -1.2 } }),
    grows_ms: 8400,
    shared: true,
  },
  { fault: Fault.DeepDischarge, states: STATES, breaks: voltage(1.2), shared: true },
  { fault: Fault.OverChargeCurrent, states: STATES, breaks: defect({ current: { stuck: -1.4 } }), shared: true },
  { fault: Fault.OverDischargeCurrent, states: STATES, breaks: defect({ current: { stuck: 1.4 } }), shared: true },
  {
    fault: Fault.FrontEnd,
    how: 'a short behind the switch',
    states: ['discharge'],
    breaks: defect({ shortBehindSwitch_A: 30 }),
    shared: true,
  },
  {
    fault: Fault.FrontEnd,
    how: 'the wire to ground',
    states: STATES,
    breaks: defect({ alertWire: 'low' }),
    shared: true,
  },
  {
    fault: Fault.CurrentWhenOpen,
    how: 'a welded switch',
    states: ['rest'],
    breaks: defect({ dischargeSwitch: 'welded', shortBehindSwitch_A: 0.1 }),
  },
  { fault: Fault.CurrentWhenOpen, how: 'a short', states: ['rest'], breaks: defect({ shortBeforeSwitch_A: 0.06 }) },
  {
    fault: Fault.CurrentNotFollowing,
    how: 'half of it',
    states: FLOWS,
    breaks({ channel }) {
      channel.stageGain = 0.5;
      return () => (channel.stageGain = 1.002);
    },
  },
  { fault: Fault.CurrentNotFollowing, how: 'a dead DAC', states: FLOWS, breaks: defect({ dacDead: true }) },
  {
    fault: Fault.CurrentNotFollowing,
    how: 'a sensor with its wires swapped',
    states: FLOWS,
    breaks: defect({ current: { gain: -1 } }),
  },
];
