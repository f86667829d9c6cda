/** The last samples before a trip: a ring in RAM, written as it stands when something has tripped. */
import { append } from './append';
import { EventWord } from './event';
import { Kind, type Records } from './layout';

/** Ten seconds at 10 Hz. */
export const SAMPLES = 100;

/** Places behind the samples of voltage, current and temperature: of the oldest sample, and of the event's serial number (two). */
export enum Trace {
  oldest = 300,
  event = 302,
  length = 308,
}

/** The ring, and what `Trace` names: a record as it is written. */
export function createSamples(): Int16Array {
  return new Int16Array(Trace.length);
}

/** Takes the sample of a tick: voltage, current and temperature, 16 bits each. */
export function takeSample(samples: Int16Array, tick: number, sample: Int16Array | Float64Array): void {
  samples.set(sample, 3 * (tick % SAMPLES));
}

/** Writes the samples up to that of `tick` for the event logged last. @returns false when the stock of erased pages is empty */
export function keepTrace(r: Records, samples: Int16Array, tick: number): boolean {
  samples[Trace.oldest] = 3 * ((tick + 1) % SAMPLES);
  new Int32Array(samples.buffer, 2 * Trace.event)[0] = r.event[EventWord.serial];
  return append(r, Kind.Trace, samples);
}
