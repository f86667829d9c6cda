/** Made from table.ts by `npm run faults:table`. Not resident. */

/** The name of a fault, as it is shown. */
export function faultName(fault: number): string {
  switch (fault) {
    case 0:
      return 'none';
    case 1:
      return 'over-voltage';
    case 2:
      return 'under-voltage';
    case 3:
      return 'over-temperature';
    case 4:
      return 'under-temperature';
    case 5:
      return 'over-temperature for charge';
    case 6:
      return 'under-temperature for charge';
    case 7:
      return 'lasting over-current in charge';
    case 8:
      return 'lasting over-current in discharge';
    case 9:
      return 'deep discharge';
    case 10:
      return 'over-current in charge';
    case 11:
      return 'over-current in discharge';
    case 12:
      return 'front end opened the switches';
    case 13:
      return 'current flows with the switches open';
    case 14:
      return 'current does not follow the set-point';
    case 15:
      return 'invalid data';
    case 16:
      return 'voltage out of range';
    case 17:
      return 'impossible slope of the voltage';
    case 18:
      return 'stuck data';
    case 19:
      return 'stale data';
    case 20:
      return 'stale slow data';
    case 21:
      return 'no acknowledge on the bus';
    case 22:
      return 'wrong checksum on the bus';
    case 23:
      return 'bus slow';
    case 24:
      return 'bus stuck';
    case 25:
      return 'tick overrun';
    case 26:
      return 'clock jump';
    case 27:
      return 'set-point out of range';
    case 28:
      return 'actuator read-back does not match';
    case 29:
      return 'switch does not close';
    case 30:
      return 'thermistor open';
    case 31:
      return 'thermistor short';
    case 32:
      return 'thermistor stuck';
    case 33:
      return 'temperature rises too fast';
    case 34:
      return 'voltages disagree';
    case 35:
      return 'temperatures disagree';
    case 36:
      return 'charge counts disagree';
    case 37:
      return 'a part lost its settings';
    case 38:
      return 'board too hot';
    case 39:
      return 'soft internal short';
    case 40:
      return 'self-heating';
    case 41:
      return 'polarization runaway';
    case 42:
      return 'plating too fast for the temperature';
    case 43:
      return 'end of life';
    case 44:
      return 'imbalance';
    case 45:
      return 'open sense wire';
    case 46:
      return 'wrong part';
    case 47:
      return 'self-test failed';
    case 48:
      return 'configuration invalid';
    case 49:
      return 'configuration unsigned';
    case 50:
      return 'store corrupt';
    case 51:
      return 'flash worn or full';
    case 52:
      return 'memory low';
    case 53:
      return 'reset storm';
    case 54:
      return 'brown-out';
    default:
      return 'fault ' + fault;
  }
}
