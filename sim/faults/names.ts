/** The two spellings of a row of the fault table: `over-voltage` for people, as a device prints it; `OverVoltage` in code and JSON. */
import { Fault } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { InputError } from '../errors';
import { nearest } from '../nearest';

const ROWS = Array.from({ length: Fault.length - 1 }, (_, k): Fault => k + 1);

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The row of either spelling, in any case, with or without blanks and hyphens. */
export function findFault(text: string): Fault | undefined {
  const wanted = plain(text);
  return ROWS.find((fault) => [faultName(fault), Fault[fault]!].some((name) => plain(name) === wanted));
}

/** The row of an option. @throws InputError */
export function faultOfName(text: string, option = '--fault'): Fault {
  const fault = findFault(text);
  if (fault === undefined) throw new InputError(`${option} is "${text}"; ${nearest(text, ROWS.map(faultName))}`);
  return fault;
}

/** The row of an id as people read it; what is no row stays as it is. */
export function nameOfId(id: string): string {
  const fault = ROWS.find((row) => Fault[row] === id);
  return fault === undefined ? id : faultName(fault);
}
