/** The faults of the channel. Each opens the switches, sets zero and stays until it is released. */
export const NO_FAULT = 0;
export const OVER_VOLTAGE = 1;
export const UNDER_VOLTAGE = 2;
export const OVER_CHARGE_CURRENT = 3;
export const OVER_DISCHARGE_CURRENT = 4;
export const OVER_TEMPERATURE = 5;
export const UNDER_TEMPERATURE = 6;
export const STALE_DATA = 7;
export const INVALID_DATA = 8;
export const PART_RESET = 9;
export const SENSORS_DISAGREE = 10;
export const CHARGE_COUNT_DISAGREES = 11;
export const CURRENT_NOT_FOLLOWING = 12;
export const ACTUATOR_MISMATCH = 13;

/** The name of a fault, as it is shown. */
export function faultName(fault: number): string {
  switch (fault) {
    case NO_FAULT:
      return 'none';
    case OVER_VOLTAGE:
      return 'over-voltage';
    case UNDER_VOLTAGE:
      return 'under-voltage';
    case OVER_CHARGE_CURRENT:
      return 'over-current in charge';
    case OVER_DISCHARGE_CURRENT:
      return 'over-current in discharge';
    case OVER_TEMPERATURE:
      return 'over-temperature';
    case UNDER_TEMPERATURE:
      return 'under-temperature';
    case STALE_DATA:
      return 'stale data';
    case INVALID_DATA:
      return 'invalid data';
    case PART_RESET:
      return 'part reset itself';
    case SENSORS_DISAGREE:
      return 'sensors disagree';
    case CHARGE_COUNT_DISAGREES:
      return 'charge counts disagree';
    case CURRENT_NOT_FOLLOWING:
      return 'current does not follow the set-point';
    case ACTUATOR_MISMATCH:
      return 'actuator read-back does not match';
    default:
      return 'fault ' + fault;
  }
}
