/** How the manual writes tables, links, numbers and responses. */
import { Action, Release } from '../../firmware/protect/faults';
import type { FaultRow, Response } from '../../firmware/protect/table';
import { wrapText } from '../picture/reproduceRows';

type Texts = readonly string[];

const LINE = 140;

/** Paragraphs in lines of a readable length. */
export const wrapped = (text: string): string =>
  text
    .split('\n')
    .flatMap((line) => wrapText(line, LINE, ({ length }) => length))
    .join('\n');

/** The anchor that GitHub gives a heading. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** A link to a heading of the manual. */
export const linkTo = (heading: string): string => `[${heading}](#${anchor(heading)})`;

/** `a`, `a and b`, `a, b and c` */
export const list = (words: Texts): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;

export const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** Up to a second in milliseconds, above it in seconds. */
export const duration = (time_ms: number): string =>
  time_ms < 1000 ? `${short(time_ms)} ms` : `${short(time_ms / 1000)} s`;

/** Four digits are more than any of these numbers is worth. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));

export const SEVERITY: Record<FaultRow['severity'], string> = {
  1: 'worth knowing',
  2: 'less use of the cell',
  3: 'harm to the cell',
  4: 'harm to people',
};

const DIRECTION: Record<Action, string> = {
  [Action.Warn]: '',
  [Action.StopCharge]: 'charge',
  [Action.StopDischarge]: 'discharge',
  [Action.Open]: 'both directions',
};

/** What a row takes away before it trips, and at the trip when its action does not: `limits charge`; '': nothing. */
export const derating = ({ derates }: FaultRow): string =>
  derates === Action.Warn ? '' : `limits ${DIRECTION[derates]}`;

export function action(response: Response): string {
  if (response.action === Action.Open) return 'opens';
  return response.action === Action.Warn ? 'warns' : `stops ${DIRECTION[response.action]}`;
}

/** How a row is left, in a table. */
export const WAY_BACK: Record<Release, string> = {
  [Release.Auto]: 'by itself',
  [Release.Service]: 'release',
  [Release.Restart]: 'new start',
};
