import { nonNegativeLeastSquares } from './nonNegativeLeastSquares';
import type { RecoveryPoint, RelaxationRecord } from './relaxationRecord';

/** The voltage after an interrupt of current, in two parts. Both are positive for an overpotential in the direction of the current. */
export interface Relaxation {
  cycle: number;
  /** When the current stopped, and how long it stayed away. */
  start_s: number;
  duration_s: number;
  samples: number;
  afterPulse: 'charge' | 'discharge';
  /** Just before the interrupt; discharge positive. */
  current_mA: number;
  /** Charge that had gone into the cell since the file began: charged less discharged. */
  netCharge_mAh: number;
  voltageBefore_V: number;
  voltageRested_V: number;
  /** Ohmic and reaction overpotential: recovered within seconds. Null when it cannot be told. */
  etaFast_mV: number | null;
  /** The rest of the recovery, up to the end of the rest: concentration in the electrolyte and in solid electrodes. */
  etaConc_mV: number | null;
  /** How far both may be wrong, in opposite directions, because the parts overlap in time or samples are few. */
  uncertainty_mV: number | null;
  /** What the voltage would still recover at its last speed in another rest as long: etaConc is too low by about this. */
  drift_mV: number | null;
  warnings: string[];
}

/**
 * The fast part is over within 10 s of the interrupt (paper 000, Figure 4d), which is three time constants: a mode of the
 * recovery is fast below 3.3 s. Which modes between 2 s and 6 s are fast is open; this widens the uncertainty.
 */
const fastBelow_s = 10 / 3;
const openFrom_s = 2;
const openTo_s = 6;
/** A bound may raise the sum of squared deviations, in units of the noise, by this: two standard deviations. */
const allowedRise = 4;
/** Without a sample this soon on both sides of the interrupt, the voltage at the interrupt is not known. */
const nearestSample_s = 5;
/** Shorter rests do not show the slow part: its time constants are tens of seconds to minutes. */
const shortestFastRest_s = 10;
const shortestSlowRest_s = 120;
/** Recoveries below this are within the resolution of cyclers. */
const smallestRecovery_mV = 1;
/** Standard deviation of a sample around the sum of exponentials: resolution (0.1 to 1.2 mV) and noise. */
const noise_mV = 0.3;
/** A mode is not expected to hold more than about this part of the recovery: chooses among what the samples leave open. */
const expectedModePart = 0.3;
const modesPerDecade = 4;
const shortestMode_s = 0.03;

/** Separates the recovery of the voltage in a rest after a pulse; see docs/replay.md for the method and its limits. */
export function separateRelaxation(record: RelaxationRecord): Relaxation {
  const { before, points } = record;
  const relaxation: Relaxation = {
    cycle: record.cycle,
    start_s: record.start_s,
    duration_s: record.end_s - record.start_s,
    samples: record.samples,
    afterPulse: record.afterPulse,
    current_mA: before.current_A * 1000,
    netCharge_mAh: record.netCharge_mAh,
    voltageBefore_V: before.voltage_V,
    voltageRested_V: record.last_V,
    etaFast_mV: null,
    etaConc_mV: null,
    uncertainty_mV: null,
    drift_mV: null,
    warnings: [],
  };
  const warn = (text: string): Relaxation => {
    relaxation.warnings.push(text);
    return relaxation;
  };

  const { duration_s } = relaxation;
  const total_mV = record.recovery_mV(record.last_V);
  const sampleGap_s = Math.max(record.first_s - record.start_s, record.start_s - before.time_s);
  if (sampleGap_s > nearestSample_s) {
    return warn(
      `no sample within ${nearestSample_s} s of the interrupt (${sampleGap_s.toFixed(1)} s): parts not separated`,
    );
  }
  if (duration_s < shortestFastRest_s) {
    return warn(`rest shorter than ${shortestFastRest_s} s (${duration_s.toFixed(1)} s): parts not separated`);
  }
  if (total_mV < smallestRecovery_mV) {
    return warn(`recovery below ${smallestRecovery_mV} mV (${total_mV.toFixed(1)} mV): parts not separated`);
  }
  if (points.length < 5) return warn(`fewer than 5 points in the rest (${points.length}): parts not separated`);

  const [low_mV, fast_mV, high_mV] = fastRecovery(points);
  const uncertainty_mV = Math.max(high_mV - fast_mV, fast_mV - low_mV, noise_mV);
  const known = (part_mV: number): number | null => (part_mV > 0 && uncertainty_mV <= part_mV / 2 ? part_mV : null);
  relaxation.uncertainty_mV = uncertainty_mV;
  const leaveOut = (name: string, part_mV: number): unknown =>
    warn(
      `${name} part left out: more than half of it is uncertain (${part_mV.toFixed(1)} +- ${uncertainty_mV.toFixed(1)} mV)`,
    );
  relaxation.etaFast_mV = known(fast_mV);
  if (relaxation.etaFast_mV === null) leaveOut('fast', fast_mV);
  if (duration_s < shortestSlowRest_s) {
    return warn(`rest shorter than ${shortestSlowRest_s} s (${duration_s.toFixed(1)} s): no slow part`);
  }
  relaxation.etaConc_mV = known(total_mV - fast_mV);
  relaxation.drift_mV = lastSpeed_mV_per_s(points) * duration_s;
  if (relaxation.etaConc_mV === null) leaveOut('slow', total_mV - fast_mV);
  return relaxation;
}

/**
 * The recovery that is over within seconds: [least, best, most] in mV. The recovery is a sum of exponentials with positive
 * amplitudes, as that of any chain of resistors and capacitors and of diffusion is, on a fixed grid of time constants,
 * above a jump at the interrupt. Least and most are the extremes among all such sums that the samples allow.
 */
function fastRecovery(points: readonly RecoveryPoint[]): [number, number, number] {
  const longest_s = 3 * points.at(-1)!.time_s;
  const count = Math.ceil(Math.log10(longest_s / shortestMode_s) * modesPerDecade) + 1;
  const modes_s = Array.from(
    { length: count },
    (_, k) => shortestMode_s * (longest_s / shortestMode_s) ** (k / (count - 1)),
  );
  // Column 0 is the jump, a mode of no time.
  const columns = [0, ...modes_s].map((mode_s) =>
    points.map(({ time_s }) => (mode_s === 0 ? 1 : 1 - Math.exp(-time_s / mode_s))),
  );
  const recoveries = points.map((point) => point.recovery_mV);
  const G = columns.map((a) => Float64Array.from(columns, (b) => dot(a, b) / noise_mV ** 2));
  const h = Float64Array.from(columns, (a) => dot(a, recoveries) / noise_mV ** 2);
  const ridge = 1 / (expectedModePart * Math.max(...recoveries)) ** 2;
  const isFast = (k: number, limit_s: number): boolean => k === 0 || modes_s[k - 1]! < limit_s;
  const fastSum = (amplitudes: Float64Array, limit_s: number): number =>
    amplitudes.reduce((sum, amplitude, k) => sum + (isFast(k, limit_s) ? amplitude : 0), 0);
  const withRidge = (part: number): Float64Array[] =>
    G.map((row, k) => row.map((g, j) => (j === k ? g + part * ridge : g)));
  const misfit = (x: Float64Array): number =>
    x.reduce((sum, value, k) => sum + value * (dot(G[k]!, x) - 2 * h[k]!), dot(recoveries, recoveries) / noise_mV ** 2);

  const best = fastSum(nonNegativeLeastSquares(withRidge(1), h), fastBelow_s);
  // For the bounds only as much ridge as keeps neighbouring modes apart in the arithmetic.
  const free = withRidge(0.01);
  const unbiased = nonNegativeLeastSquares(free, h);
  const allowed = misfit(unbiased) + allowedRise * Math.max(1, misfit(unbiased) / points.length);
  /** The fast sum when a price on fast (or on slow) modes is as high as the samples allow. */
  const bound = (limit_s: number, priced: 'fast' | 'slow'): number => {
    let extreme = unbiased;
    let [low, high] = [-3, 3];
    for (let round = 0; round < 9; round++) {
      const middle = (low + high) / 2;
      const price = 10 ** middle;
      const x = nonNegativeLeastSquares(
        free,
        h.map((value, k) => (isFast(k, limit_s) === (priced === 'fast') ? value - price : value)),
      );
      if (misfit(x) <= allowed) [low, extreme] = [middle, x];
      else high = middle;
    }
    return fastSum(extreme, limit_s);
  };
  const least = bound(openFrom_s, 'fast');
  const most = bound(openTo_s, 'slow');
  return [Math.min(least, best), best, Math.max(most, best)];
}

/** Mean speed over about the last third of the rest. */
function lastSpeed_mV_per_s(points: readonly RecoveryPoint[]): number {
  const end = points.at(-1)!;
  const from = points.findLast((point) => point.time_s < 0.7 * end.time_s) ?? points[0]!;
  return (end.recovery_mV - from.recovery_mV) / (end.time_s - from.time_s);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
