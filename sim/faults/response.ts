/** What a row of the table does, whatever the firmware makes of it. */
import type { Limits } from '../../firmware/config/config';
import { Policy, type Fault } from '../../firmware/protect/faults';
import { FAULT_TABLE, type Response } from '../../firmware/protect/table';

/** What a firmware is judged by: the limits that it was given, and its board's policy. */
export interface Judged {
  limits: Limits;
  policy?: Policy | undefined;
}

export const responseOf = ({ policy }: Judged, fault: Fault): Response =>
  FAULT_TABLE[fault - 1]![policy === Policy.Flight ? 'flight' : 'cycler'];
