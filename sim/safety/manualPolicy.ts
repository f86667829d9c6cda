/** What the table says beyond its rows: what is done in flight, and what is left to whoever builds with it. */
import { Action } from '../../firmware/protect/faults';
import { FAULT_TABLE, type FaultRow } from '../../firmware/protect/table';
import { action, derating, linkTo, list, wrapped } from './manualText';
import { markdownTable } from '../markdown';

interface FlightClass {
  title: string;
  why: string;
  holds: (row: FaultRow) => boolean;
}

const limits = (row: FaultRow): boolean => row.flight.action === Action.Warn && derating(row) !== '';

/** Every row is in one of them. */
const IN_FLIGHT: readonly FlightClass[] = [
  {
    title: 'Cuts the power',
    why:
      'A short circuit burns wherever the aircraft is, and the front end has opened already. The others are found at a start alone: a pack ' +
      'that has one of them does not take off.\n\nA controller that starts anew in flight ' +
      '([drone pack](boards/drone.md#what-cuts-on-the-ground-and-in-flight)) looks for them too. A front end that does not answer, or is ' +
      'another part, is left as it is, with its switches, and tried again; one that was reset has opened already. A configuration that was ' +
      'damaged since the take-off, or is no longer the one that was authorised, **opens the switches in flight**. Nothing writes it there: ' +
      'commands are refused while a current flows.',
    holds: ({ flight }) => flight.action === Action.Open,
  },
  {
    title: 'Stops charge, keeps discharge',
    why: 'Charge does most of the harm, and no aircraft falls because it is not charged.',
    holds: ({ flight }) => flight.action === Action.StopCharge || flight.action === Action.StopDischarge,
  },
  {
    title: 'Limits, does not cut',
    why:
      'The current that the pack allows falls without a step from the early level on and is nothing at the trip level (for a lasting ' +
      'over-current: the lasting limit). It is told to the flight controller; the switches stay closed. What the aircraft then takes ' +
      'beyond it wears or harms the cells: less than a fall.',
    holds: limits,
  },
  {
    title: 'Warns only',
    why:
      'The switches stay closed, because what is risked is less than a fall, or because a sensor that fails is no reason to fall. Land at ' +
      'the first warning.',
    holds: (row) => row.flight.action === Action.Warn && !limits(row) && row.cycler.action !== Action.Warn,
  },
  {
    title: 'Warns, as on a cycler',
    why: 'Worth knowing.',
    holds: (row) => row.flight.action === Action.Warn && !limits(row) && row.cycler.action === Action.Warn,
  },
];

export function flightTables(): string {
  return IN_FLIGHT.map(({ title, why, holds }) => {
    const rows = FAULT_TABLE.filter(holds);
    const lines = rows.map((row) => [linkTo(row.name), action(row.cycler), row.effect]);
    return `### ${title}\n\n${wrapped(why)}\n\n${markdownTable(['fault', 'on a cycler', 'what it may lead to'], lines)}`;
  }).join('\n\n');
}

/** The duties of the rows, each once, with the rows that leave it. */
export function duties(): string {
  const all = [...new Set(FAULT_TABLE.map(({ duty }) => duty).filter((duty) => duty !== ''))];
  const faultsOf = (duty: string): string =>
    list(FAULT_TABLE.filter((row) => row.duty === duty).map(({ name }) => linkTo(name)));
  return all.map((duty) => `- **${duty}** For ${faultsOf(duty)}.`).join('\n');
}
