import type { MeasurementFormat } from './format';

/**
 * Neware BTSDA export of the record layer, one row a sample. Current is signed (charge positive) in newer exports and a
 * magnitude with the step type in older ones (`CC Chg`, `CC DChg`, `Rest`, ...). Times are h:min:s, at times after days
 * (`1-02:03:04`), or carry their unit. An export may lack the total time: then it is counted from the time in the step.
 */
export const neware: MeasurementFormat = {
  name: 'Neware CSV',
  separators: [',', '\t', ';'],
  signature:
    /^(datapoint|record (id|index|number)|(cycle|step) (index|id)|cycle|step|step (type|name)|status|state|jump(to)?|(relative|total|cumulative|step)? ?time( ?\(.*)?|realtime|absolute time|cur(rent)? ?\(.*|voltage ?\(.*|capacity ?\(.*|d?chg\. cap.*)$/,
  columns: {
    record: { names: ['DataPoint', 'Record ID', 'Record Index', 'Record number'], optional: true },
    cycle: { names: ['Cycle Index', 'Cycle ID', 'Cycle'] },
    step: { names: ['Step Index', 'Step ID', 'Step'] },
    time_s: {
      names: ['Total Time', 'Cumulative Time', 'Test Time', 'TotalTime'],
      unit: 's',
      bare: { 'Total Time': 'clock', 'Cumulative Time': 'clock' },
      optional: true,
    },
    stepTime_s: {
      names: ['Time', 'Relative Time', 'Step Time', 'StepTime'],
      unit: 's',
      bare: { Time: 'clock', 'Relative Time': 'clock', 'Step Time': 'clock' },
      optional: true,
    },
    current_A: { names: ['Current', 'Cur'], unit: 'A' },
    voltage_V: { names: ['Voltage'], unit: 'V' },
    temperature_C: { names: ['T1', 'Temperature', 'Avg-T', 'Aux.CH TU1 T'], unit: 'degC', optional: true },
    charge_Ah: { names: ['Chg. Cap.', 'Charge Capacity', 'Capacitance_Chg', 'Capacity'], unit: 'Ah', optional: true },
    discharge_Ah: {
      names: ['DChg. Cap.', 'Discharge Capacity', 'Capacitance_DChg', 'Capacity'],
      unit: 'Ah',
      optional: true,
    },
    direction: { names: ['Step Type', 'Step Name', 'Status', 'State'], optional: true },
  },
  notNeeded:
    /^(date|realtime|absolute time|(d?chg\.? ?)?(spec\. (cap|energy)\.?|energy|engy).*|capacity( density)? ?\(.*|cmpeng.*|engy .*|power.*|dqm?\/dv.*|contact resistance.*|dcir.*|(min|max)-t.*|module start-stop switch|jump(to)?|step (number|name))$/,
  directionOf: (type) => (/dchg|discharg/i.test(type) ? 1 : /chg|charg/i.test(type) ? -1 : 0),
  counterScope: () => 'Step',
};
