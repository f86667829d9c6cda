/** A pack's front end: its converter, and what it does with switches and settings. */
import { Fault } from '../../../../firmware/protect/faults';
import { between, type PackInjection } from '../injection';
import { always, endRamp, ramp, restore, someCell } from './bench';

/** Down, and back at once. */
const SHAKE_S = 0.25;

export const CONVERTER: readonly PackInjection[] = [
  {
    name: 'pack: an input is loose',
    group: 'sensor',
    row: Fault.ImpossibleSlope,
    unit: 'mV/s down, and back at once',
    states: ['rest', 'discharge'],
    beyond: (random) => between(random, 13000, 16000),
    start(bench, _config, size, random) {
      const cell = someCell(bench, random);
      ramp(bench, (time_s) => {
        bench.afe.measure.adcOffset_V[cell] = (-(time_s % SHAKE_S) * size) / 1000;
      });
    },
    stop(bench) {
      endRamp(bench);
      bench.afe.measure.adcOffset_V.fill(0);
    },
  },
  {
    name: 'pack: front end stops converting',
    group: 'sensor',
    row: Fault.StuckData,
    unit: '',
    states: ['discharge', 'charge'],
    beyond: always,
    start(bench) {
      bench.afe.measure.advance = () => undefined;
      bench.afe.measure.counted_mAs = () => 0;
    },
    stop(bench) {
      restore(bench.afe.measure, 'advance');
      restore(bench.afe.measure, 'counted_mAs');
    },
    tolerance: { voltage_mV: 400 },
  },
];

/** What the controller told the part and its pins, and does not find there. */
export const STATE: readonly PackInjection[] = [
  {
    name: 'pack: precharge pin held high',
    group: 'actuator',
    row: Fault.ActuatorMismatch,
    unit: '',
    states: ['rest', 'discharge', 'charge'],
    beyond: always,
    start: ({ precharge }) => void (precharge.level = precharge.stuck = true),
    stop: ({ precharge }) => void (precharge.level = precharge.stuck = false),
    unstoppable: true,
  },
  {
    name: 'pack: discharge switch opens by itself',
    group: 'actuator',
    row: Fault.SwitchNotClosing,
    unit: '',
    states: ['discharge'],
    beyond: always,
    start: ({ afe }) => void (afe.switches.dischargeStuck = false),
    stop: ({ afe }) => void (afe.switches.dischargeStuck = undefined),
  },
  {
    name: 'pack: charge counted wrongly',
    group: 'sensor',
    row: Fault.ChargeCountDisagrees,
    unit: '',
    states: ['discharge'],
    beyond: (random) => 1 + between(random, 0.4, 0.8),
    start({ afe }, _config, size) {
      const counted_mAs = afe.measure.counted_mAs.bind(afe.measure);
      afe.measure.counted_mAs = (dt_s) => size * counted_mAs(dt_s);
    },
    stop: ({ afe }) => restore(afe.measure, 'counted_mAs'),
  },
  {
    name: 'pack: front end resets itself',
    group: 'bus',
    row: Fault.PartReset,
    unit: '',
    states: ['rest', 'discharge', 'charge'],
    beyond: always,
    start: ({ afe }) => afe.reset(),
  },
];
