/** Parts, wires and readings are wrong, or the watchers of the lithium say so. */
import { Fault } from '../../../firmware/protect/faults';
import { Alarm, Reason } from '../../../firmware/watch/alarms';
import { alarm, defect, detached, FLOWS, frozen, repeated, STATES, type Case } from './breaks';

export const PART_CASES: Case[] = [
  {
    fault: Fault.InvalidData,
    how: 'saturated',
    states: STATES,
    breaks: defect({ current: { stuck: 1000 } }),
    shared: true,
  },
  {
    fault: Fault.InvalidData,
    how: 'a part that reset itself',
    states: STATES,
    breaks({ channel }) {
      channel.ina.reset();
      return () => undefined;
    },
    shared: true,
    heals: true,
  },
  {
    fault: Fault.OutOfRange,
    how: 'an open wire',
    states: STATES,
    breaks: defect({ voltage: { open: true } }),
    shared: true,
  },
  {
    fault: Fault.OutOfRange,
    how: 'swapped wires',
    states: STATES,
    breaks: defect({ voltage: { gain: -1 } }),
    shared: true,
  },
  {
    fault: Fault.ImpossibleSlope,
    states: STATES,
    breaks: repeated(
      100,
      ({ channel }, n) => {
        channel.defects = { voltage: { offset: n % 2 === 0 ? -0.7 : 0 } };
      },
      ({ channel }) => (channel.defects = undefined),
    ),
  },
  { fault: Fault.StuckData, states: STATES, breaks: frozen('ina', [5, 7]), lasts_ms: 130000 },
  { fault: Fault.StaleData, states: STATES, breaks: detached('ina'), shared: true },
  {
    fault: Fault.StaleData,
    how: 'a part that no longer converts',
    states: STATES,
    breaks({ channel }) {
      const { ina } = channel;
      const run = ina.run.bind(ina);
      ina.run = () => undefined;
      return () => (ina.run = run);
    },
  },
  { fault: Fault.StaleSlowData, how: 'no temperature', states: STATES, breaks: detached('ads') },
  { fault: Fault.StaleSlowData, how: 'no read-back', states: STATES, breaks: detached('dac'), deaf: true },
  { fault: Fault.NoAcknowledge, states: STATES, breaks: detached('ina'), shared: true },
  {
    fault: Fault.BusStuck,
    states: STATES,
    breaks({ channel: { bus } }) {
      bus.defects = { sdaHeld_clocks: Infinity };
      return () => (bus.defects = undefined);
    },
    shared: true,
    deaf: true,
  },
  {
    fault: Fault.SetPointOutOfRange,
    states: ['discharge'],
    change: ({ board }) => (board.dac.fullScale_mA = 1010),
    breaks({ bms }) {
      const step = bms.run.steps[0]!;
      const before_mA = step.current_mA;
      step.current_mA = 1050;
      return () => (step.current_mA = before_mA);
    },
  },
  {
    fault: Fault.ActuatorMismatch,
    how: 'a pin that does not open',
    states: FLOWS,
    breaks({ channel, bms }) {
      const pin = bms.actuator.set_mA > 0 ? channel.chargeSwitch : channel.dischargeSwitch;
      pin.level = pin.stuck = true;
      return () => (pin.stuck = false);
    },
    shared: true,
    deaf: true,
  },
  {
    fault: Fault.ActuatorMismatch,
    how: 'another set-point',
    states: STATES,
    breaks({ channel, bms }) {
      const { code } = bms.actuator.dac;
      channel.dac.writeTo([code >> 8, (code & 255) ^ 1], 0);
      return () => undefined;
    },
  },
  {
    fault: Fault.SwitchNotClosing,
    states: ['discharge'],
    // A small current: a large one that is missing trips another row first.
    change: ({ limits, protocol }) => {
      limits.currentError_mA = 100;
      protocol[0]!.current_mA = 60;
    },
    breaks: defect({ dischargeSwitch: 'open' }),
  },
  { fault: Fault.ThermistorOpen, states: STATES, breaks: defect({ thermistor: { wire: 'open' } }), shared: true },
  { fault: Fault.ThermistorShort, states: STATES, breaks: defect({ thermistor: { wire: 'short' } }), shared: true },
  { fault: Fault.ThermistorStuck, states: STATES, breaks: frozen('ads', [0]) },
  {
    fault: Fault.TemperatureSlope,
    states: STATES,
    breaks: repeated(
      100,
      ({ channel }, n) => (channel.sensorTemperature_C = Math.min(50, 25 + 0.15 * n)),
      ({ channel }) => (channel.sensorTemperature_C = undefined),
    ),
  },
  { fault: Fault.VoltagesDisagree, how: 'drift', states: STATES, breaks: defect({ coarseVoltage: { offset: 0.35 } }) },
  {
    fault: Fault.VoltagesDisagree,
    how: 'the one that protects',
    states: STATES,
    breaks: defect({ voltage: { offset: -0.35 } }),
  },
  {
    fault: Fault.TemperaturesDisagree,
    states: STATES,
    breaks: defect({ coarseThermistor: { offset_K: -15 } }),
  },
  {
    fault: Fault.ChargeCountDisagrees,
    states: ['discharge'],
    breaks({ channel: { ina } }) {
      // As if 5 % of the charge passed between the samples.
      const accumulate = ina['accumulate'].bind(ina);
      ina['accumulate'] = (dt_s, shunt_V, pin_V) => accumulate(1.05 * dt_s, shunt_V, pin_V);
      return () => (ina['accumulate'] = accumulate);
    },
  },
  {
    fault: Fault.PartReset,
    states: STATES,
    breaks({ channel }) {
      channel.ina.reset();
      return () => undefined;
    },
    shared: true,
    heals: true,
  },
  {
    fault: Fault.BoardTemperature,
    states: STATES,
    breaks({ channel }) {
      channel.ambient_C = 90;
      return () => (channel.ambient_C = 25);
    },
  },
  { fault: Fault.SoftShort, states: STATES, breaks: alarm(Alarm.SoftShort, Reason.VoltageDips), watched: true },
  { fault: Fault.SelfHeating, states: STATES, breaks: alarm(Alarm.SelfHeating, Reason.HeatSudden), watched: true },
  {
    fault: Fault.PolarizationRunaway,
    states: STATES,
    breaks: alarm(Alarm.Drying, Reason.LimitingCurrentFell),
    watched: true,
  },
  {
    fault: Fault.PlatingTooFast,
    states: STATES,
    breaks: alarm(Alarm.LowTemperaturePlating, Reason.PlatingTooFast),
    watched: true,
  },
];
