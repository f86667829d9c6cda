/**
 * Electrolyte drying: the limiting current falls against that of the cell's first cycles. A constant error of the estimate does
 * not matter; the inactive layer lengthens the ions' way and takes up to a sixth of it in the model without any drying.
 */
import { Alarm, alarmLevel, clear, Level, raise, Reason, type Alarms } from './alarms';
import { Slot } from './state';

/** The first cycles set the reference. */
export const FIRST_CYCLES = 4;
const GAIN = 0.4;
/** An estimate less sure than this says nothing, nor does one beyond any cell [C]. */
const MOST_SIGMA = 0.2;
const MOST_C = 1e5;
/** No single cycle counts as more, or less, than this many times what was known. */
const MOST_STEP = 3;
const WARN_SHARE = 0.75;
const ALARM_SHARE = 0.65;
const RELEASE_SHARE = 0.82;

/** Once a cycle. Limiting current at 25 degC and its standard deviation [mA]; not a number: not known. */
export function watchDrying(
  x: Float64Array,
  alarms: Alarms,
  at_ms: number,
  limit_mA: number,
  limitSigma_mA: number,
): void {
  if (!(
    limit_mA > 0 &&
    limit_mA < MOST_C * x[Slot.capacity_mAh] &&
    limitSigma_mA >= 0 &&
    limitSigma_mA < MOST_SIGMA * limit_mA
  ))
    return;
  const cycles = x[Slot.firstCycles];
  if (cycles < FIRST_CYCLES) {
    x[Slot.firstCycles] = cycles + 1;
    x[Slot.firstLimit_mA] += (limit_mA - x[Slot.firstLimit_mA]) / (cycles + 1);
    x[Slot.limitShare] = 1;
    return;
  }
  const was = x[Slot.limitShare];
  const now = Math.max(was / MOST_STEP, Math.min(was * MOST_STEP, limit_mA / x[Slot.firstLimit_mA]));
  const share = was + GAIN * (now - was);
  x[Slot.limitShare] = share;
  if (share < WARN_SHARE)
    raise(
      alarms,
      Alarm.Drying,
      share < ALARM_SHARE ? Level.Alarm : Level.Warn,
      Reason.LimitingCurrentFell,
      100 * share,
      at_ms,
    );
  else if (share > RELEASE_SHARE && alarmLevel(alarms, Alarm.Drying) !== Level.Ok) clear(alarms, Alarm.Drying);
}
