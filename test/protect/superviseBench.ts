/** A supervisor with quiet inputs, of which a test changes what it is about. */
import { Fault, Policy } from '../../firmware/protect/faults';
import { createProtection, Row, type Protection } from '../../firmware/protect/protection';
import { Slow } from '../../firmware/sense/sense';
import { type Inputs, quietInputs, type SenseInput, superviseInputs } from './inputs';
import { exampleLimits } from './limits';

const limits = exampleLimits();
export const TICK_MS = 100;
/** Slow readings take turns at every other tick. */
export const SLOW_MS = 200;

/** A supervisor at rest, on a clock that goes on by a tick with each call. */
export function bench(policy = Policy.Cycler) {
  const p = createProtection(limits, policy);
  const at = { now_ms: 0 };
  let noise = 0;
  /** One tick; `change` says what is not as at rest. Noise moves voltage and thermistor a little. */
  const tick = (change?: (inputs: Inputs) => void, passed_ms = TICK_MS): void => {
    at.now_ms += passed_ms;
    const inputs = quietInputs(at.now_ms);
    noise = 0.2 - noise;
    inputs.sense.voltage_mV += noise;
    inputs.sense.thermistor_mV += noise;
    change?.(inputs);
    superviseInputs(p, inputs, at.now_ms);
  };
  /** @returns how long it took to trip the row, at most `longest_ms` */
  const untilTripped = (fault: Fault, longest_ms: number, change: (inputs: Inputs) => void, passed_ms = TICK_MS) => {
    const begin_ms = at.now_ms;
    while (p.state[fault] !== Row.Tripped && at.now_ms < begin_ms + longest_ms) tick(change, passed_ms);
    return p.state[fault] === Row.Tripped ? at.now_ms - begin_ms : Infinity;
  };
  for (let k = 0; k < 3; k++) tick();
  return { p, at, tick, untilTripped };
}

export const REST_MV = quietInputs(0).sense.voltage_mV;
export const noiseOf = ({ voltage_mV }: SenseInput): number => voltage_mV - REST_MV;

/** From now on any row that is looked at leaves `Ok`. */
export function trap(p: Protection): void {
  p.levels.fill(-Infinity);
}

export function busyRows(p: Protection): number {
  return p.busy.reduce((sum, count) => sum + count, 0);
}

/** A slow reading that is fresh. */
export function slow(which: Slow, change?: (inputs: Inputs) => void): (inputs: Inputs) => void {
  return (inputs) => {
    inputs.sense.slowDue = true;
    inputs.sense.slow = which;
    change?.(inputs);
  };
}
