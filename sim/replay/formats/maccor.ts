import type { MeasurementFormat } from './format';

/**
 * Maccor text export: tab-separated, lines about the test above the column header. The counter restarts in every step.
 * Some exports have signed current (discharge negative), others a magnitude with the state in a column:
 * C charge, D discharge, R rest, P pause, S suspended.
 */
export const maccor: MeasurementFormat = {
  name: 'Maccor text',
  separators: ['\t'],
  signature:
    /^(rec#|cyc#|step|test ?(\(|time)|step ?(\(|time)|amp-hr|watt-hr|amps|volts|state|es|dpt time|cycle [cp]|md|cap\. )/,
  columns: {
    record: { names: ['Rec#', 'Rec'], optional: true },
    cycle: { names: ['Cyc#', 'Cycle C'] },
    step: { names: ['Step'] },
    time_s: {
      names: ['Test (Sec)', 'Test', 'TestTime', 'Test Time'],
      unit: 's',
      bare: { TestTime: 'clock', 'Test Time': 'clock' },
    },
    stepTime_s: {
      names: ['Step (Sec)', 'Step', 'StepTime', 'Step Time'],
      unit: 's',
      bare: { StepTime: 'clock', 'Step Time': 'clock' },
      optional: true,
    },
    current_A: { names: ['Amps', 'Current'], unit: 'A', bare: { Amps: 'A' } },
    voltage_V: { names: ['Volts', 'Voltage'], unit: 'V', bare: { Volts: 'V' } },
    temperature_C: { names: ['Temp 1', 'EV Temp', 'Temperature Cell', 'Temperature'], unit: 'degC', optional: true },
    charge_Ah: { names: ['Amp-hr', 'Cap.', 'Capacity'], unit: 'Ah', bare: { 'Amp-hr': 'Ah' }, optional: true },
    discharge_Ah: { names: ['Amp-hr', 'Cap.', 'Capacity'], unit: 'Ah', bare: { 'Amp-hr': 'Ah' }, optional: true },
    direction: { names: ['State', 'Md'] },
  },
  notNeeded: /^(watt-hr|ener\..*|es|dp[dt] ?time|loop\d+|acimp.*|dcir.*|wf (chg|dis) (cap|e)|range|cycle p|var\d+)$/,
  directionOf: (state) => (state === 'D' ? 1 : state === 'C' ? -1 : 0),
  counterScope: () => 'Step',
};
