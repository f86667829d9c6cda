/** The manual's tables of faults, and the card of each: its row of the fault table in the form of an FMEA. */
import { RELEASE_MS } from '../../firmware/protect/engine';
import { Action, Fault, Release } from '../../firmware/protect/faults';
import { FAULT_TABLE, type FaultRow, type Response } from '../../firmware/protect/table';
import { debounceText, earlyText, releaseText, tripText } from './manualLevels';
import { otherReactions, reactionOf, type Measured, type Reaction } from './manualMeasured';
import { SUBJECTS, type Subject } from './manualSubjects';
import { protectionTests, testsOf } from './manualTests';
import { action, derating, duration, linkTo, list, sentence, SEVERITY, WAY_BACK, wrapped } from './manualText';
import { markdownTable } from '../markdown';

const NOT_MEASURED = 'not measured yet';

/** A heading, what to know, levels and responses of one subject. */
export function subjectText({ title, about, rows }: Subject): string {
  return `### ${title}

${wrapped(about)}

${markdownTable(['fault', 'trips by', 'warns', 'good again'], rows.map(levels))}

${markdownTable(['fault', 'debounce', 'on a cycler', 'in flight', 'severity'], rows.map(responses))}`;
}

const levels = (row: FaultRow): string[] => [linkTo(row.name), tripText(row), earlyText(row) || '-', releaseText(row)];

const responses = (row: FaultRow): string[] => [
  linkTo(row.name),
  debounceText(row),
  responseText(row, row.cycler),
  responseText(row, row.flight),
  String(row.severity),
];

function responseText(row: FaultRow, response: Response): string {
  const back = response.action === Action.Warn && response.release === Release.Auto ? '' : WAY_BACK[response.release];
  const limits = derating(row);
  const does = response.action === Action.Warn && limits !== '' ? `warns, ${limits}` : action(response);
  return back === '' ? does : `${does}; ${back}`;
}

/** What is promised and what was measured, of every row. */
export function reactionTable(measured: Measured | null): string {
  const rows = SUBJECTS.flatMap((subject) => subject.rows);
  return markdownTable(
    ['fault', 'id', 'promised', 'worst', 'median', 'injected', 'seen'],
    rows.map((row) => [
      linkTo(row.name),
      `\`${Fault[row.fault]}\``,
      duration(row.promised_ms),
      ...measuredCells(reactionOf(measured, row), measured !== null),
    ]),
  );
}

/** What the campaign measured and no row holds; '': nothing. */
export function otherReactionTable(measured: Measured | null): string {
  const others = measured === null ? [] : otherReactions(measured, FAULT_TABLE);
  if (others.length === 0) return '';
  return markdownTable(
    ['reaction', 'promised', 'worst', 'median', 'injected', 'seen'],
    others.map((reaction) => [reaction.id, duration(reaction.promised_ms), ...measuredCells(reaction, true)]),
  );
}

function measuredCells(reaction: Reaction | undefined, wasMeasured: boolean): string[] {
  if (reaction === undefined || reaction.injected === 0)
    return [wasMeasured ? 'not injected' : NOT_MEASURED, '-', '-', '-'];
  const { injected, detected, median_ms } = reaction;
  return [worstText(reaction), median_ms === null ? '-' : duration(median_ms), String(injected), String(detected)];
}

/** A promise that was not kept is said. */
function worstText({ worst_ms, promised_ms }: Reaction): string {
  if (worst_ms === null) return 'never seen';
  return worst_ms > promised_ms ? `**${duration(worst_ms)}, late**` : duration(worst_ms);
}

/** The card of every row, by subject. */
export function cards(measured: Measured | null): string {
  const tests = protectionTests();
  return SUBJECTS.flatMap(({ title, rows }) => [
    `### ${title}: failure modes`,
    ...rows.map((row) => card(row, measured, testsOf(row, tests))),
  ]).join('\n\n');
}

function card(row: FaultRow, measured: Measured | null, tests: readonly string[]): string {
  const links = tests.map((path) => `[${path.slice('test/'.length)}](../${path})`);
  return `#### ${row.name}

Fault ${row.fault}. Severity ${row.severity}: ${SEVERITY[row.severity]}.

- **Causes:** ${row.causes}
- **Effect:** ${row.effect}
- **Detection:** ${detection(row)}
- **Reaction:** ${reactionText(row)} Promised in ${duration(row.promised_ms)}; ${measuredText(reactionOf(measured, row), measured !== null)}.
- **Way back:** ${wayBack(row)}
- **What remains:** ${row.duty === '' ? `Nothing beyond ${linkTo("The builder's duty")}.` : row.duty}
- **Tests:** ${links.length === 0 ? 'none' : list(links)}.`;
}

function detection(row: FaultRow): string {
  const limits = derating(row);
  const early = earlyText(row);
  const before = early === '' ? '' : ` Warns ${limits === '' ? '' : `and ${limits} `}${early} on.`;
  const lasts = row.samples === 1 && row.time_ms === 0 ? 'At the first value' : `For ${debounceText(row)}`;
  return `${sentence(tripText(row))} ${lasts}.${before}`;
}

function reactionText(row: FaultRow): string {
  const does = (response: Response): string =>
    ({
      [Action.Warn]: derating(row) === '' ? 'warns' : `warns and ${derating(row)} to nothing`,
      [Action.StopCharge]: 'allows no charge',
      [Action.StopDischarge]: 'allows no discharge',
      [Action.Open]: 'opens both switches',
    })[response.action];
  const [cycler, flight] = [does(row.cycler), does(row.flight)];
  return sentence(cycler === flight ? cycler : `${cycler}; in flight it ${flight}`);
}

function measuredText(reaction: Reaction | undefined, wasMeasured: boolean): string {
  if (reaction === undefined || reaction.injected === 0)
    return wasMeasured ? 'not injected by the campaign' : NOT_MEASURED;
  const { injected, detected, median_ms } = reaction;
  if (median_ms === null) return `seen in none of ${injected} injections`;
  return `measured ${worstText(reaction)} at worst, ${duration(median_ms)} in the median (seen ${detected} of ${injected} times)`;
}

function wayBack(row: FaultRow): string {
  const [cycler, flight] = [wayBackAs(row, row.cycler), wayBackAs(row, row.flight)];
  return sentence(cycler === flight ? cycler : `${cycler}; in flight ${flight}`);
}

function wayBackAs(row: FaultRow, { release }: Response): string {
  if (release === Release.Restart) return 'a new start, by itself, whose self-test decides';
  if (release === Release.Service) return `the command \`release ${row.name}\`, once its cause is gone`;
  return `by itself, ${duration(RELEASE_MS)} after it is good again (${releaseText(row)})`;
}
