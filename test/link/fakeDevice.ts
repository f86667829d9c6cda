/** A device that is nothing but what telemetry reads, in the firmware's language: it runs on the interpreter as well. */
import type { Device } from '../../firmware/device';
import { createEstimates, publish, type Estimates } from '../../firmware/estimate/estimates';
import { Fault } from '../../firmware/protect/faults';

export interface FakeDevice {
  device: Device;
  known: Estimates;
}

/** A discharge at 1 A, a second after the last look at the temperature, limited by it. */
export function createFakeDevice(): FakeDevice {
  const known = createEstimates();
  for (let what = 0; what < known.value.length; what++) publish(known, what, 12.3456 * what, 0.0125, 0);
  const bms = {
    sense: {
      at_ms: 1000,
      voltage_mV: 3712.4,
      current_mA: 1000.6,
      temperature_C: 25.125,
      slowAt_ms: new Float64Array(6),
    },
    protection: {
      fault: Fault.None,
      charge: 1,
      whyCharge: Fault.None,
      discharge: 0.756,
      whyDischarge: Fault.OverTemperature,
    },
    run: { finished: 12, index: 3 },
    counter: { charge_mC: 123456.7 },
    switches: 5,
    estimator: { known: known },
  };
  return { device: { bms: bms, fault: Fault.None, error: '' } as unknown as Device, known: known };
}
