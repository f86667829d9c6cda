/** The lines for a person. */
import { faultName } from './protect/names';
import { Row } from './protect/protection';
import { actionText } from './steer/explain';
import type { Steering } from './steer/steering';
import { alarmLevel, alarmReason, alarmText, type Alarm, type Alarms } from './watch/alarms';

/** `fault <number> <state> <name>` */
export function faultLine(fault: number, state: Row): string {
  return (
    'fault ' +
    fault +
    (state === Row.Tripped ? ' tripped ' : state === Row.Early ? ' warns ' : ' ok ') +
    faultName(fault)
  );
}

/** `alarm <number> <level> <reason> <text>` */
export function alarmLine(alarms: Alarms, alarm: Alarm): string {
  const reason = alarmReason(alarms, alarm);
  return 'alarm ' + alarm + ' ' + alarmLevel(alarms, alarm) + ' ' + reason + ' ' + alarmText(reason);
}

/** `rate <mA>, <why>` */
export function rateLine(steering: Steering): string {
  return 'rate ' + Math.floor(steering.rate_mA + 0.5) + ' mA, ' + actionText(steering);
}
