import type { MeasurementFormat } from './format';

/** Arbin CSV export: signed current (charge positive), counters that run on over the steps, rows at times out of order. */
export const arbin: MeasurementFormat = {
  name: 'Arbin CSV',
  separator: ',',
  signature: [
    'Data_Point',
    'Test_Time',
    'Step_Time',
    'Step_Index',
    'Cycle_Index',
    'Charge_Capacity',
    'Discharge_Capacity',
  ],
  columns: {
    record: { names: ['Data_Point'], optional: true },
    cycle: { names: ['Cycle_Index', 'Cycle_ID'] },
    step: { names: ['Step_Index', 'Step_ID'] },
    time_s: { names: ['Test_Time'], unit: 's' },
    stepTime_s: { names: ['Step_Time'], unit: 's', optional: true },
    current_A: { names: ['Current'], unit: 'A' },
    voltage_V: { names: ['Voltage'], unit: 'V' },
    charge_Ah: { names: ['Charge_Capacity'], unit: 'Ah', optional: true },
    discharge_Ah: { names: ['Discharge_Capacity'], unit: 'Ah', optional: true },
  },
};
