/** The lines for a person. Loaded when there is one to print, and dropped. */
import type { Bms } from './bms';
import { faultName } from './protect/names';
import type { Protection } from './protect/protection';
import { Row } from './protect/protection';
import { explain } from './steer/explain';
import { Alarm, alarmLevel, alarmReason, alarmText } from './watch/alarms';

/** `fault <number> <state> <name>` */
export function faultLine(p: Protection, fault: number): string {
  const states = ['ok', 'warns', 'suspected', 'tripped'];
  const state = p.state[fault];
  return 'fault ' + fault + ' ' + (state === Row.Suspect ? states[Row.Ok] : states[state]) + ' ' + faultName(fault);
}

/** `alarm <number> <level> <reason> <text>` */
export function alarmLine(bms: Bms, alarm: Alarm): string {
  if (bms.watch === undefined) return '';
  const alarms = bms.watch.alarms;
  const reason = alarmReason(alarms, alarm);
  return 'alarm ' + alarm + ' ' + alarmLevel(alarms, alarm) + ' ' + reason + ' ' + alarmText(reason);
}

/** `rate <why>` */
export function rateLine(bms: Bms): string {
  return bms.steering === undefined ? '' : 'rate ' + explain(bms.steering);
}
