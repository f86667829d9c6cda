/**
 * The estimator: from voltage, current and temperature to what the cell's lithium is doing.
 *
 *   10 Hz: addSample gathers means; leaves out what cannot be true (trust.ts)
 *    1 Hz: polarization, or the interrupt or rest that is under way
 *   1/min: factors of temperature and age, lithium pools
 *   cycle: anchors after the rests, inventory (cycle.ts)
 *
 * A second that has ended is worked on in stages, one a tick (second.ts). Where samples come once a second or less often, the stages are
 * all done with the sample.
 *
 * What kind of time it is (charge, discharge, rest) is told by the current alone, so the same code reads a recorded
 * measurement.
 */
import { shiftTimes, Why } from './estimates';
import { Stage, Sum, type Estimator } from './estimator';
import { finish, MORE_S, work, workOn } from './second';
import { checkSign, clearSecond, startUnknown } from './trust';

const SECOND_S = 0.999;
/** A clock that stands still for more samples than this has failed. */
const MOST_REPEATS = 20;
/** Voltages of any cell that this is for, and temperatures. */
const LEAST_MV = 500;
const MOST_MV = 6000;
const LEAST_C = -60;
const MOST_C = 200;

/**
 * One sample; to be called at every tick that has a fresh one. Current discharge positive, offset removed.
 * @param busy the tick has done enough: a stage waits for the next one
 */
export function addSample(
  e: Estimator,
  at_ms: number,
  voltage_mV: number,
  current_mA: number,
  temperature_C: number,
  busy: boolean,
): void {
  const sum = e.sum;
  const last_ms = sum[Sum.at_ms];
  const dt_s = (at_ms - last_ms) / 1000;
  // So written that what is not a number is refused.
  const isTrue =
    voltage_mV > LEAST_MV &&
    voltage_mV < MOST_MV &&
    temperature_C > LEAST_C &&
    temperature_C < MOST_C &&
    current_mA < e.mostCurrent_mA &&
    current_mA > -e.mostCurrent_mA;
  if (!(isTrue && dt_s > 0 && dt_s <= e.longestGap_s && last_ms >= 0)) {
    refuseSample(e, at_ms, dt_s, isTrue);
    return;
  }
  sum[Sum.at_ms] = at_ms;
  const voltage_V = voltage_mV / 1000;
  const i = current_mA / e.area_cm2;
  const moved = i - sum[Sum.lastI];
  if (moved > sum[Sum.step] || moved < -sum[Sum.step]) {
    // A second does not straddle a change of the current.
    const last_V = sum[Sum.lastV];
    if (last_V > 0) checkSign(e, sum[Sum.lastI], i, voltage_V - last_V);
    if (sum[Sum.time] > 0) endSecond(e, last_ms);
    sum[Sum.stepV] = sum[Sum.lastV];
  }
  sum[Sum.lastI] = i;
  sum[Sum.lastV] = voltage_V;
  sum[Sum.voltage] += voltage_V * dt_s;
  sum[Sum.current] += i * dt_s;
  sum[Sum.time] += dt_s;
  sum[Sum.count]++;
  sum[Sum.temperature] = temperature_C;
  if (sum[Sum.stage] !== Stage.Idle && !busy) {
    work(e);
    if (dt_s > MORE_S) workOn(e, dt_s);
  }
  if (sum[Sum.time] > SECOND_S && sum[Sum.stage] === Stage.Idle) {
    endSecond(e, at_ms);
    if (dt_s > SECOND_S) finish(e);
  }
}

/** A sample that cannot be true, or does not follow the one before. */
function refuseSample(e: Estimator, at_ms: number, dt_s: number, isTrue: boolean): void {
  const sum = e.sum;
  const isFirst = sum[Sum.at_ms] < 0;
  if (!isFinite(at_ms)) {
    startUnknown(e, Why.BadData, 0);
    return;
  }
  if (dt_s === 0) {
    sum[Sum.repeats]++;
    if (sum[Sum.repeats] > MOST_REPEATS) startUnknown(e, Why.Gap, 0);
    return;
  }
  // A clock that was set back: what is known is no younger for it.
  if (dt_s < 0) shiftTimes(e.known, 1000 * dt_s);
  if (!isFirst) startUnknown(e, isTrue ? Why.Gap : Why.BadData, dt_s > 0 ? dt_s : Infinity);
  sum[Sum.repeats] = 0;
  sum[Sum.at_ms] = at_ms;
}

/** A tick without a fresh sample: after too many of them, or with a clock that was set back, nothing that is said of the present holds. */
export function missSample(e: Estimator, now_ms: number): void {
  const waited_s = (now_ms - e.sum[Sum.at_ms]) / 1000;
  if (waited_s >= 0 && waited_s <= e.longestGap_s) return;
  if (e.sum[Sum.at_ms] >= 0 && e.trouble === Why.Valid) startUnknown(e, Why.Gap, 0);
}

/** Hands the second, or what there was of it, over to the stages, or to the place behind the one that they are at. */
function endSecond(e: Estimator, at_ms: number): void {
  const sum = e.sum;
  // Two changes of the current within moments: all at once, for nothing may be lost.
  if (sum[Sum.next_s] > 0) finish(e);
  const isNext = sum[Sum.stage] !== Stage.Idle;
  const second = isNext ? Sum.next_s : Sum.second_s;
  const dt_s = sum[Sum.time];
  sum[second] = dt_s;
  sum[second + 1] = sum[Sum.voltage] / dt_s;
  sum[second + 2] = sum[Sum.current] / dt_s;
  sum[second + 3] = sum[Sum.temperature];
  sum[second + 4] = at_ms;
  // A mean stands for the middle of its samples.
  sum[second + 5] = 0.5 * (dt_s - dt_s / sum[Sum.count]);
  if (!isNext) sum[Sum.stage] = Stage.Begin;
  sum[Sum.repeats] = 0;
  clearSecond(sum);
}
