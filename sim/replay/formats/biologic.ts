import type { MeasurementFormat } from './format';

/**
 * BioLogic EC-Lab and BT-Lab text export (.mpt, .txt): tab-separated, a long head about the settings, decimal comma in some
 * countries. Its step time is not read: exports have been seen in which it runs on over the steps. Oxidation current is positive, which is charge for a cell connected with its positive electrode as working electrode.
 */
export const biologic: MeasurementFormat = {
  name: 'BioLogic text',
  separators: ['\t'],
  signature:
    /^(mode|ox\/red|error|control changes|ns( changes)?|counter inc\.|time\/.*|step time\/.*|<?ewe>?(-ece)?\/.*|ecell\/.*|<?i>?\/m?a|dq\/.*|\(q-qo\)\/.*|half cycle|cycle number)$/,
  columns: {
    cycle: { names: ['cycle number'], optional: true },
    step: { names: ['Ns'], optional: true },
    time_s: { names: ['time'], unit: 's' },
    current_A: { names: ['I', '<I>'], unit: 'A' },
    voltage_V: { names: ['Ecell', 'Ewe-Ece', 'Ewe', '<Ewe>'], unit: 'V' },
    temperature_C: { names: ['Temperature'], unit: 'degC', optional: true },
    charge_Ah: { names: ['Q charge'], unit: 'Ah', optional: true },
    discharge_Ah: { names: ['Q discharge'], unit: 'Ah', optional: true },
  },
  notNeeded:
    /^(mode|step time\/.*|ox\/red|error|control changes|ns changes|counter inc\.|i range|control\/.*|<?ewe>?\/.*|<?ece>?\/.*|dq\/.*|\(q-qo\)\/.*|q charge\/discharge\/.*|half cycle|(\|energy\||energy)( (dis)?charge)?\/.*|capacitance (dis)?charge\/.*|capacity\/.*|efficiency\/.*|p\/.*|r\/.*|x)$/,
  counterScope: () => 'Cycle',
};
