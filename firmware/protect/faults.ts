/** The faults of the channel. Each opens the switches, sets zero and stays until it is released. */
export enum Fault {
  None = 0,
  OverVoltage = 1,
  UnderVoltage = 2,
  OverChargeCurrent = 3,
  OverDischargeCurrent = 4,
  OverTemperature = 5,
  UnderTemperature = 6,
  StaleData = 7,
  InvalidData = 8,
  PartReset = 9,
  SensorsDisagree = 10,
  ChargeCountDisagrees = 11,
  CurrentNotFollowing = 12,
  ActuatorMismatch = 13,
}

/** The name of a fault, as it is shown. */
export function faultName(fault: Fault): string {
  switch (fault) {
    case Fault.None:
      return 'none';
    case Fault.OverVoltage:
      return 'over-voltage';
    case Fault.UnderVoltage:
      return 'under-voltage';
    case Fault.OverChargeCurrent:
      return 'over-current in charge';
    case Fault.OverDischargeCurrent:
      return 'over-current in discharge';
    case Fault.OverTemperature:
      return 'over-temperature';
    case Fault.UnderTemperature:
      return 'under-temperature';
    case Fault.StaleData:
      return 'stale data';
    case Fault.InvalidData:
      return 'invalid data';
    case Fault.PartReset:
      return 'part reset itself';
    case Fault.SensorsDisagree:
      return 'sensors disagree';
    case Fault.ChargeCountDisagrees:
      return 'charge counts disagree';
    case Fault.CurrentNotFollowing:
      return 'current does not follow the set-point';
    case Fault.ActuatorMismatch:
      return 'actuator read-back does not match';
    default:
      return 'fault ' + fault;
  }
}
