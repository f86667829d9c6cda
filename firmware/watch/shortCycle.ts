/**
 * Soft internal short, over a whole cycle: charge that neither came out again nor is outside the cathode has leaked. Lithium that is
 * lost does not look like it, since it stays outside the cathode.
 *
 * Two balances of their own errors, half a cycle apart:
 * - bottom: from one discharge's end to the next, with all lithium outside the cathode (lambda) by the rests after both;
 * - top: a charge puts back what the discharge before it took out, when it ends as full; the rests after both charges say so.
 */
import { Alarm, alarmLevel, clear, Level, raise, Reason, type Alarms } from './alarms';
import { Slot } from './state';

/** Share of a cycle's charge that may be missing by errors of measurement, and what one balance of one cycle may still mistake. */
const MISSING = 0.012;
const WARN = 0.024;
const CLEAN = 0.006;
const TOO_MUCH = 0.015;
/**
 * A lambda less sure than this share of the charge says nothing. Its error is that of the open-circuit curve, alike where the cell
 * is as empty as before; so many sigmas are allowed for as it differs, of the nominal capacity, up to the most.
 */
const MOST_SIGMA = 0.03;
const SIGMAS_PER_CHANGE = 20;
const MOST_SIGMAS = 3;
/** Charges are compared that end at the same current and temperature, with rests of the same length, nearly as full. */
const ALIKE_CURRENT = 0.05;
const ALIKE_K = 2;
const ALIKE_REST = 0.2;
const ALIKE_MV = 20;
const RELAXED_S = 1800;
/** A cell that charges less than this, of the nominal capacity, is worn out. */
const LEAST_CHARGE = 0.2;
/** Cycles in a row to alarm, and clean ones to release. */
const ROW = 2;
const CLEAN_ROW = 3;

/** Once a cycle; not a number where something is not known. Charges are magnitudes. */
export function balanceCycle(
  x: Float64Array,
  alarms: Alarms,
  at_ms: number,
  charge_mAh: number,
  discharge_mAh: number,
  lambdaBefore_mAh: number,
  lambdaAfter_mAh: number,
  sigma_mAh: number,
): void {
  const known = discharge_mAh >= 0 && charge_mAh > LEAST_CHARGE * x[Slot.capacity_mAh] && isFinite(charge_mAh);
  if (known) {
    const missing_mAh = charge_mAh - discharge_mAh;
    judge(
      x,
      alarms,
      at_ms,
      byBottom(x, charge_mAh, missing_mAh, lambdaAfter_mAh - lambdaBefore_mAh, sigma_mAh),
      byTop(x, charge_mAh, alarmLevel(alarms, Alarm.Drying) !== Level.Ok),
    );
  }
  x[Slot.discharged_mAh] = known ? discharge_mAh : 0;
  x[Slot.lastTop_mV] = known ? x[Slot.top_mV] : 0;
  x[Slot.lastTop_s] = x[Slot.top_s];
  x[Slot.lastTop_mA] = x[Slot.top_mA];
  x[Slot.lastTop_C] = x[Slot.top_C];
  x[Slot.top_mV] = 0;
}

function byBottom(
  x: Float64Array,
  charge_mAh: number,
  missing_mAh: number,
  grown_mAh: number,
  sigma_mAh: number,
): number {
  if (!(sigma_mAh < MOST_SIGMA * charge_mAh)) return NaN;
  const sigmas = (SIGMAS_PER_CHANGE * Math.abs(grown_mAh)) / x[Slot.capacity_mAh];
  const error_mAh = sigma_mAh * (sigmas < MOST_SIGMAS ? sigmas : MOST_SIGMAS);
  const leaked_mAh = missing_mAh - grown_mAh;
  // Towards zero by what may be error.
  if (leaked_mAh > error_mAh) return (leaked_mAh - error_mAh) / charge_mAh;
  return leaked_mAh < -error_mAh ? (leaked_mAh + error_mAh) / charge_mAh : leaked_mAh === leaked_mAh ? 0 : NaN;
}

function byTop(x: Float64Array, charge_mAh: number, dries: boolean): number {
  const discharged_mAh = x[Slot.discharged_mAh];
  const top_mV = x[Slot.top_mV];
  const last_mV = x[Slot.lastTop_mV];
  const shift_mV = top_mV - last_mV;
  if (
    // In an electrolyte that dries, and where a rest relaxes little, no two charges end alike.
    dries ||
    x[Slot.relaxation_s] > RELAXED_S ||
    !(discharged_mAh > 0 && top_mV > 0 && last_mV > 0) ||
    Math.abs(shift_mV) > ALIKE_MV ||
    Math.abs(x[Slot.top_C] - x[Slot.lastTop_C]) > ALIKE_K ||
    Math.abs(x[Slot.top_s] - x[Slot.lastTop_s]) > ALIKE_REST * x[Slot.top_s] ||
    Math.abs(x[Slot.top_mA] - x[Slot.lastTop_mA]) > -ALIKE_CURRENT * x[Slot.top_mA]
  )
    return NaN;
  return (charge_mAh - discharged_mAh - (shift_mV * x[Slot.capacity_mAh]) / x[Slot.topSlope_mV]) / charge_mAh;
}

/** Shares of the charge that are missing by either balance; not a number: not known. */
function judge(x: Float64Array, alarms: Alarms, at_ms: number, bottom: number, top: number): void {
  x[Slot.bottom] = bottom;
  x[Slot.top] = top;
  const byBottom = bottom > MISSING;
  const byTop = top > MISSING;
  x[Slot.missingBottom] = byBottom ? x[Slot.missingBottom] + 1 : 0;
  x[Slot.missingTop] = byTop ? x[Slot.missingTop] + 1 : 0;
  x[Slot.tooMuch] = bottom < -TOO_MUCH ? x[Slot.tooMuch] + 1 : 0;
  const sure = (byBottom && byTop) || x[Slot.missingBottom] >= ROW || x[Slot.missingTop] >= ROW;
  if (sure || bottom > WARN || top > WARN) {
    const evidence = 100 * (byBottom ? bottom : top);
    raise(alarms, Alarm.SoftShort, sure ? Level.Alarm : Level.Warn, Reason.ChargeMissing, evidence, at_ms);
  } else if (x[Slot.tooMuch] >= ROW)
    raise(alarms, Alarm.SoftShort, Level.Warn, Reason.EfficiencyAbove100, -100 * bottom, at_ms);
  const clean = bottom < CLEAN || top < CLEAN;
  const dirty = bottom >= CLEAN || top >= CLEAN || bottom < -TOO_MUCH;
  x[Slot.clean] = dirty ? 0 : clean ? x[Slot.clean] + 1 : x[Slot.clean];
  if (x[Slot.clean] >= CLEAN_ROW && alarmLevel(alarms, Alarm.SoftShort) !== Level.Ok) clear(alarms, Alarm.SoftShort);
}
