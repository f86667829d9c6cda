import type { MeasurementFormat } from './format';

/**
 * Arbin CSV export: signed current (charge positive), rows at times out of order. The counters run on over the steps until the
 * test's schedule sets them to zero.
 */
export const arbin: MeasurementFormat = {
  name: 'Arbin CSV',
  separators: [',', ';'],
  signature: /^(data point|(test|step) time|(step|cycle) (index|id)|(dis)?charge capacity)( ?\(.*)?$/,
  columns: {
    record: { names: ['Data_Point'], optional: true },
    cycle: { names: ['Cycle_Index', 'Cycle_ID'] },
    step: { names: ['Step_Index', 'Step_ID'] },
    time_s: { names: ['Test_Time'], unit: 's', bare: { Test_Time: 's' } },
    stepTime_s: { names: ['Step_Time'], unit: 's', bare: { Step_Time: 's' }, optional: true },
    current_A: { names: ['Current'], unit: 'A', bare: { Current: 'A' } },
    voltage_V: { names: ['Voltage'], unit: 'V', bare: { Voltage: 'V' } },
    temperature_C: { names: ['Aux_Temperature_1', 'Temperature'], unit: 'degC', optional: true },
    charge_Ah: { names: ['Charge_Capacity'], unit: 'Ah', bare: { Charge_Capacity: 'Ah' }, optional: true },
    discharge_Ah: { names: ['Discharge_Capacity'], unit: 'Ah', bare: { Discharge_Capacity: 'Ah' }, optional: true },
  },
  notNeeded:
    /^(test id|date ?time|is fc data|tc counter\d+|power.*|(dis)?charge energy.*|capacity ?\(.*|mah\/g|d[vq]\/d[tvq].*|acr.*|internal resistance.*|ac impedance.*|aci phase angle.*|aux .*)$/,
  counterScope: () => 'Schedule',
};
