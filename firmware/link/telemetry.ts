/**
 * Resident: what a cycler channel says of itself, in whole numbers of scaled units. What is not known is empty. Composed in slices,
 * one a tick: the measurements first, in one frame; then, at most once a second, the estimates in another.
 */
import type { Device } from '../device';
import { Estimated, Why } from '../estimate/estimates';
import { Slow } from '../sense/sense';
import { framed, LinkNumber, type Link } from './link';

export const MEASURED = 't';
export const ESTIMATED = 'u';

/** The places of the measurements. The host reads them by these names. */
export enum Measured {
  /** Of the tick, on the clock that nobody sets. */
  time_ms,
  voltage_mV,
  /** Discharge positive. */
  current_mA,
  temperature_cC,
  /** A `Switch`. */
  switches,
  /** The `Fault` that took something away first and still does; 0: none. */
  fault,
  /** Share of the current that is allowed, and the `Fault` that limits it; 0: none. */
  charge_pct,
  whyCharge,
  discharge_pct,
  whyDischarge,
  /** Cycles finished, and the index of the protocol's step. */
  cycle,
  step,
  /** Charge since start, discharge positive. */
  charge_mC,
  /** Free JsVars, and the longest tick since the frame before. */
  free,
  worst_ms,
  length,
}

/** Estimates are sent as value and standard deviation, in thousandths of their units, in the order of `Estimated`; then a `Why` each. */
const SLICE = 4;
const ESTIMATES_MS = 1000;
/** An older temperature is not known [ms]; it is read about every other tick. */
const OLDEST_MS = 4000;

/** The first slice of the estimates; before it come two of the measurements. */
const FIRST = 2;

/**
 * One slice.
 * @param now_ms of this tick, as it was given to it
 * @returns a frame to send; undefined: none in this tick
 */
export function telemetry(link: Link, device: Device, now_ms: number): string | undefined {
  const n = link.n;
  if (now_ms < n[LinkNumber.due_ms]) return undefined;
  const slice = n[LinkNumber.slice];
  const bms = device.bms;
  if (bms === undefined) {
    endRound(n, now_ms);
    return framed(link, MEASURED, now_ms + ',,,,,' + device.fault + ',,,,,,,,,');
  }
  if (slice === 0) {
    const sense = bms.sense;
    n[LinkNumber.slice] = 1;
    link.out =
      now_ms +
      (sense.at_ms === now_ms
        ? ',' + Math.floor(sense.voltage_mV + 0.5) + ',' + Math.floor(sense.current_mA + 0.5) + ','
        : ',,,') +
      (now_ms - sense.slowAt_ms[Slow.Temperature] > OLDEST_MS ? '' : Math.floor(100 * sense.temperature_C + 0.5)) +
      ',' +
      bms.switches;
    return undefined;
  }
  let text = link.out;
  const estimator = bms.estimator;
  if (slice === 1) {
    const p = bms.protection;
    const run = bms.run;
    const free = n[LinkNumber.free];
    text +=
      ',' +
      p.fault +
      ',' +
      Math.floor(100 * p.charge) +
      ',' +
      p.whyCharge +
      ',' +
      Math.floor(100 * p.discharge) +
      ',' +
      p.whyDischarge +
      ',' +
      run.finished +
      ',' +
      run.index +
      ',' +
      Math.floor(bms.counter.charge_mC + 0.5) +
      ',' +
      (free === 0 ? '' : free) +
      ',' +
      n[LinkNumber.worst_ms];
    n[LinkNumber.worst_ms] = 0;
    link.out = '';
    if (estimator === undefined || now_ms < n[LinkNumber.estimatesDue_ms]) endRound(n, now_ms);
    else {
      n[LinkNumber.estimatesDue_ms] = now_ms + ESTIMATES_MS;
      n[LinkNumber.slice] = FIRST;
    }
    return framed(link, MEASURED, text);
  }
  if (estimator === undefined) {
    endRound(n, now_ms);
    return undefined;
  }
  const known = estimator.known;
  const value = known.value;
  const sigma = known.sigma;
  const why = known.why;
  const begin = (slice - FIRST) * SLICE;
  const end = begin + SLICE < Estimated.length ? begin + SLICE : Estimated.length;
  for (let k = begin; k < end; k++)
    text +=
      why[k] === Why.Valid ? Math.floor(1000 * value[k] + 0.5) + ',' + Math.floor(1000 * sigma[k] + 0.5) + ',' : ',,';
  if (end < Estimated.length) {
    link.out = text;
    n[LinkNumber.slice] = slice + 1;
    return undefined;
  }
  link.out = '';
  endRound(n, now_ms);
  return framed(link, ESTIMATED, text + why.join(''));
}

/** The next round is on the grid of the rate; what was missed is left out. */
function endRound(n: Float64Array, now_ms: number): void {
  const rate_ms = n[LinkNumber.rate_ms];
  const round_ms = n[LinkNumber.due_ms] + rate_ms;
  n[LinkNumber.due_ms] = round_ms > now_ms ? round_ms : now_ms + rate_ms;
  n[LinkNumber.slice] = 0;
}
