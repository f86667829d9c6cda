/** Made from table.ts by `npm run faults:table`. */

/* prettier-ignore */
/** The name of a fault, as it is shown: one text, because each of its own would take memory. */
export function faultName(fault: number): string {
  return (
    'none' +
    ',over-voltage' +
    ',under-voltage' +
    ',over-temperature' +
    ',under-temperature' +
    ',over-temperature for charge' +
    ',under-temperature for charge' +
    ',lasting over-current in charge' +
    ',lasting over-current in discharge' +
    ',deep discharge' +
    ',over-current in charge' +
    ',over-current in discharge' +
    ',front end opened the switches' +
    ',current flows with the switches open' +
    ',current does not follow the set-point' +
    ',invalid data' +
    ',voltage out of range' +
    ',impossible slope of the voltage' +
    ',stuck data' +
    ',stale data' +
    ',stale slow data' +
    ',no acknowledge on the bus' +
    ',wrong checksum on the bus' +
    ',bus slow' +
    ',bus stuck' +
    ',tick overrun' +
    ',clock jump' +
    ',set-point out of range' +
    ',actuator read-back does not match' +
    ',switch does not close' +
    ',thermistor open' +
    ',thermistor short' +
    ',thermistor stuck' +
    ',temperature rises too fast' +
    ',voltages disagree' +
    ',temperatures disagree' +
    ',charge counts disagree' +
    ',a part lost its settings' +
    ',board too hot' +
    ',soft internal short' +
    ',self-heating' +
    ',polarization runaway' +
    ',plating too fast for the temperature' +
    ',end of life' +
    ',imbalance' +
    ',open sense wire' +
    ',wrong part' +
    ',self-test failed' +
    ',configuration invalid' +
    ',configuration unsigned' +
    ',store corrupt' +
    ',flash worn or full' +
    ',memory low' +
    ',reset storm' +
    ',brown-out'
  ).split(',')[fault] || 'fault ' + fault;
}
