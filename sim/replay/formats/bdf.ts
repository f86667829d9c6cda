import type { MeasurementFormat } from './format';

/** Titles of the Battery Data Format: a preferred label, which carries its unit, or a machine-readable name, which implies it. */
const degC = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 'degC']));
const scopes = ['', 'Step ', 'Cycle ', 'Schedule '];
const counter = (label: string, machine: string) => ({
  names: [
    ...scopes.map((scope) => scope + label),
    'Step Cumulative Capacity',
    ...scopes.map((scope) => scope + machine),
  ],
  unit: 'Ah' as const,
  bare: Object.fromEntries(scopes.map((scope) => [scope + machine, 'Ah'])),
  optional: true as const,
});

/** For errors: how anybody's own table can be named so that it is read. */
export const ownCsv =
  'a CSV of your own with the columns Test Time / s, Voltage / V, Current / A (charge positive), and Cycle Count / 1 if it has cycles';

/**
 * Battery Data Format CSV (Battery Data Alliance, ontology 1.3.0: github.com/battery-data-alliance/battery-data-format-ontology):
 * charge positive. `Step Index` is not read: it means the number of the step to some writers and of the record in the step to others.
 */
export const bdf: MeasurementFormat = {
  name: 'BDF CSV',
  separators: [',', ';', '\t'],
  signature:
    /^((test time|voltage|current|unix time|cycle count|step (count|id|index|time)|((ambient|surface) )?temperature( t\d)?|.*charging capacity) \/ .*|(test time|unix time) (milli)?seconds?|voltage volt|current ampere|cycle count|step (count|id|index))$/,
  columns: {
    record: { names: ['Record Index'], optional: true },
    cycle: { names: ['Cycle Count'], optional: true },
    step: { names: ['Step Count', 'Step ID'], optional: true },
    time_s: { names: ['Test Time', 'test_time_second'], unit: 's', bare: { test_time_second: 's' } },
    stepTime_s: {
      names: ['Step Time', 'step_time_second'],
      unit: 's',
      bare: { step_time_second: 's' },
      optional: true,
    },
    current_A: { names: ['Current', 'current_ampere'], unit: 'A', bare: { current_ampere: 'A' } },
    voltage_V: { names: ['Voltage', 'voltage_volt'], unit: 'V', bare: { voltage_volt: 'V' } },
    temperature_C: {
      names: [
        ...['Surface Temperature T1', 'Temperature T1', 'Surface Temperature', 'Ambient Temperature'],
        ...['surface_temperature_t1_celsius', 'temperature_t1_celsius'],
        ...['surface_temperature_celsius', 'ambient_temperature_celsius'],
      ],
      unit: 'degC',
      bare: degC(
        ...['surface_temperature_t1_celsius', 'temperature_t1_celsius'],
        ...['surface_temperature_celsius', 'ambient_temperature_celsius'],
      ),
      optional: true,
    },
    charge_Ah: counter('Charging Capacity', 'charging_capacity_ah'),
    discharge_Ah: counter('Discharging Capacity', 'discharging_capacity_ah'),
  },
  notNeeded:
    /^(unix time.*|step (index|id|type|record index)( \/ 1)?|.*(capacity|energy)( \/ [aw]h| [aw]h)|power( \/ w| watt)|.*(resistance|impedance)( \/ ohm| ohm)|.*temperature.*( \/ degc| celsius)|.*pressure.*)$/,
  counterScope: (title) => /^(Step Cumulative|Step|Cycle|Schedule)\b/i.exec(title.replace(/_/g, ' '))?.[0] ?? '',
};
