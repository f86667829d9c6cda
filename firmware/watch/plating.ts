/**
 * Plating too fast for the temperature: the limiting current falls with it, and a charge current that is a larger part of it
 * plates rough lithium, which a discharge isolates. What counts is the charge that is plated so.
 */
import { Alarm, clear, Level, raise, Reason, type Alarms } from './alarms';
import { Slot } from './state';

/** Charge plated above the limit, of the nominal capacity, to warn and to alarm. */
const WARN_SHARE = 0.002;
const ALARM_SHARE = 0.02;
/** Released when this much has been plated below this part of the limit. */
const RELEASE_SHARE = 0.1;
const RELEASE = 0.85;

/** One second of a charge. @param number charge current over limiting current; @param plated_mAh a magnitude */
export function watchPlating(x: Float64Array, alarms: Alarms, at_ms: number, number: number, plated_mAh: number): void {
  const limit = x[Slot.roughNumber];
  if (number > limit) {
    x[Slot.smooth_mAh] = 0;
    const rough_mAh = x[Slot.rough_mAh] + plated_mAh;
    x[Slot.rough_mAh] = rough_mAh;
    const rough = rough_mAh / x[Slot.capacity_mAh];
    const level = rough > ALARM_SHARE ? Level.Alarm : Level.Warn;
    if (rough > WARN_SHARE)
      raise(alarms, Alarm.LowTemperaturePlating, level, Reason.PlatingTooFast, (100 * number) / limit, at_ms);
  } else if (x[Slot.rough_mAh] > 0 && number < RELEASE * limit) {
    x[Slot.smooth_mAh] += plated_mAh;
    if (x[Slot.smooth_mAh] < RELEASE_SHARE * x[Slot.capacity_mAh]) return;
    x[Slot.rough_mAh] = 0;
    clear(alarms, Alarm.LowTemperaturePlating);
  }
}
