/**
 * What the watchers have to say: for each alarm a level, why, since when and the number it rests on. An alarm is lowered only
 * by the watcher that raised it, by its own hysteresis.
 */

/** Numbers are stored and sent: new ones go to the end. */
export enum Alarm {
  None,
  SoftShort,
  SelfHeating,
  Drying,
  LowTemperaturePlating,
  length,
}

/** How serious an alarm is. */
export enum Level {
  Ok,
  Warn,
  Alarm,
}

/** Why an alarm was raised, and what number it rests on. */
export enum Reason {
  None,
  /** Soft short. Evidence: share of the charge that leaked in a cycle [%]. */
  ChargeMissing,
  /** Evidence: charge beyond what fits, of the nominal capacity [%]. */
  ChargeTooLong,
  /** Evidence: how many dips in this charge. */
  VoltageDips,
  /** Evidence: current through the short [mA]. */
  SelfDischarge,
  /** Evidence: charge that came out beyond what went in, of the charge [%]. */
  EfficiencyAbove100,
  /** Self-heating. Evidence: warming that nothing explains, above what is allowed for [K]. */
  HeatUnexplained,
  /** Evidence: warming in the last second [K/s]. */
  HeatSudden,
  /** Drying. Evidence: limiting current, of what it was at first [%]. */
  LimitingCurrentFell,
  /** Plating. Evidence: plating number, of that at which lithium plates rough [%]. */
  PlatingTooFast,
}

/** Of each alarm, in one array: an index costs the interpreter less than a name. */
export enum Field {
  level,
  reason,
  since_ms,
  evidence,
  length,
}

/** Where it stands that one was raised since the start; `Alarm.None` has no reason. */
export const ANY = Field.reason;

/** Made by `createAlarms`, read by the functions below. */
export type Alarms = Float64Array;

/** All are `Ok`. */
export function createAlarms(): Alarms {
  return new Float64Array(Alarm.length * Field.length);
}

/** How serious it is now. */
export function alarmLevel(alarms: Alarms, alarm: Alarm): Level {
  return alarms[alarm * Field.length];
}

/** Why it was raised; `None` while it is `Ok`. */
export function alarmReason(alarms: Alarms, alarm: Alarm): Reason {
  return alarms[alarm * Field.length + Field.reason];
}

/** When it left `Ok` [ms of the clock]; of no meaning while it is `Ok`. */
export function alarmSince_ms(alarms: Alarms, alarm: Alarm): number {
  return alarms[alarm * Field.length + Field.since_ms];
}

/** The latest; its unit depends on the reason (see `Reason`). */
export function alarmEvidence(alarms: Alarms, alarm: Alarm): number {
  return alarms[alarm * Field.length + Field.evidence];
}

/** Raises to `level`; a level that is higher already stays. Reason and evidence follow the highest. */
export function raise(
  alarms: Alarms,
  alarm: Alarm,
  level: Level,
  reason: Reason,
  evidence: number,
  at_ms: number,
): void {
  const at = alarm * Field.length;
  const was = alarms[at];
  if (level < was) return;
  if (was === Level.Ok) alarms[at + Field.since_ms] = at_ms;
  alarms[at] = level;
  alarms[at + Field.reason] = reason;
  alarms[at + Field.evidence] = evidence;
  alarms[ANY] = 1;
}

/** Lowers it to `Ok`. */
export function clear(alarms: Alarms, alarm: Alarm): void {
  const at = alarm * Field.length;
  alarms[at] = Level.Ok;
  alarms[at + Field.reason] = Reason.None;
}

/** The clock was set, by `by_ms`: alarms are as old as they were. */
export function shiftAlarms(alarms: Alarms, by_ms: number): void {
  for (let alarm = 0; alarm < Alarm.length; alarm++) alarms[alarm * Field.length + Field.since_ms] += by_ms;
}

/** In words, as it is shown. */
export function alarmText(reason: Reason): string {
  switch (reason) {
    case Reason.None:
      return 'none';
    case Reason.ChargeMissing:
      return 'internal short: charge is missing that no lithium loss explains';
    case Reason.ChargeTooLong:
      return 'internal short: the charge takes more than the cell can hold';
    case Reason.VoltageDips:
      return 'internal short: the voltage dips while plating';
    case Reason.SelfDischarge:
      return 'internal short: the cell discharges itself at rest';
    case Reason.EfficiencyAbove100:
      return 'coulombic efficiency above 100 %: charge count or internal short';
    case Reason.HeatUnexplained:
      return 'self-heating: warmer than losses and surroundings explain';
    case Reason.HeatSudden:
      return 'self-heating: warms faster than any current explains';
    case Reason.LimitingCurrentFell:
      return 'electrolyte drying: the limiting current has fallen';
    case Reason.PlatingTooFast:
      return 'plating too fast for this temperature';
    default:
      return 'reason ' + reason;
  }
}
