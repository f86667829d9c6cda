import type { MeasurementFormat } from './format';

/**
 * Maccor text export: tab-separated, a line about the test above the column header. The counter restarts in every step.
 * Some exports have signed current (discharge negative), others a magnitude with the state in a column:
 * C charge, D discharge, R rest, P pause, S suspended.
 */
export const maccor: MeasurementFormat = {
  name: 'Maccor text',
  separator: '\t',
  signature: ['Rec#', 'Cyc#', 'Step', 'Test', 'Amp-hr', 'Watt-hr', 'Amps', 'Volts', 'State', 'ES', 'DPt Time'],
  columns: {
    record: { names: ['Rec#'], optional: true },
    cycle: { names: ['Cyc#'] },
    step: { names: ['Step'] },
    time_s: { names: ['Test (Sec)', 'Test (Min)', 'Test (Hr)', 'TestTime'], unit: 's' },
    stepTime_s: { names: ['Step (Sec)', 'Step (Min)', 'Step (Hr)', 'StepTime'], unit: 's', optional: true },
    current_A: { names: ['Amps'], unit: 'A' },
    voltage_V: { names: ['Volts'], unit: 'V' },
    charge_Ah: { names: ['Amp-hr'], unit: 'Ah', optional: true },
    discharge_Ah: { names: ['Amp-hr'], unit: 'Ah', optional: true },
    direction: { names: ['State'] },
  },
  directionOf: (state) => (state === 'D' ? 1 : state === 'C' ? -1 : 0),
};
