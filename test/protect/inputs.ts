/** What the supervisor reads of the sensors, the actuator and the counter, as plain objects at rest. */
import type { Actuator } from '../../firmware/actuate/actuate';
import type { ChargeCounter } from '../../firmware/count/charge';
import { supervise } from '../../firmware/protect/protect';
import type { Protection } from '../../firmware/protect/protection';
import { Slow, type Sense } from '../../firmware/sense/sense';

export type SenseInput = Pick<
  Sense,
  | 'at_ms'
  | 'voltage_mV'
  | 'current_mA'
  | 'invalid'
  | 'failedTicks'
  | 'stuckTicks'
  | 'slowDue'
  | 'slow'
  | 'slowAt_ms'
  | 'temperature_C'
  | 'thermistor_mV'
  | 'voltageGap_mV'
  | 'temperatureGap_C'
  | 'settingsHold'
  | 'ambient_C'
>;
type ActuatorInput = Pick<Actuator, 'set_mA' | 'since_ms' | 'clipped_mA' | 'mismatch' | 'checkedAt_ms'>;
type CounterInput = Pick<ChargeCounter, 'error_mC'>;

export interface Inputs {
  sense: SenseInput;
  actuator: ActuatorInput;
  counter: CounterInput;
  alerted: boolean;
}

/** A half-charged cell at rest and 25 degC; nothing slow is due. */
export function quietInputs(now_ms: number): Inputs {
  return {
    sense: {
      at_ms: now_ms,
      voltage_mV: 3800,
      current_mA: 0,
      invalid: false,
      failedTicks: 0,
      stuckTicks: 0,
      slowDue: false,
      slow: Slow.Temperature,
      slowAt_ms: new Float64Array(Slow.length).fill(now_ms),
      temperature_C: 25,
      thermistor_mV: 1650,
      voltageGap_mV: 0,
      temperatureGap_C: 0,
      settingsHold: true,
      ambient_C: 27,
    },
    actuator: { set_mA: 0, since_ms: now_ms - 60000, clipped_mA: 0, mismatch: false, checkedAt_ms: now_ms },
    counter: { error_mC: 0 },
    alerted: false,
  };
}

export function superviseInputs(p: Protection, inputs: Inputs, now_ms: number): void {
  const { sense, actuator, counter, alerted } = inputs;
  // A copy: what it showed it forgets.
  supervise(p, sense as Sense, actuator as Actuator, { ...counter } as ChargeCounter, alerted, now_ms);
}
