/** The safety manual, docs/safety.md: made from the fault table, the state machine and what the fault campaign measured. */
import {
  assumptions,
  DUTIES_INTRO,
  FLIGHT_INTRO,
  FMEA_INTRO,
  FRONT_END_NOTE,
  HOW_TO_READ,
  LAYERS_DEAD,
  LAYERS_INTRO,
  PURPOSE,
  reactionsIntro,
  SWITCHES_INTRO,
  WAY_BACK_TEXT,
} from './manualChapters';
import { cards, otherReactionTable, reactionTable, subjectText } from './manualFaults';
import { frontEndTable } from './manualFrontEnd';
import { layersPicture } from './manualLayersPicture';
import { readMeasured, type Measured } from './manualMeasured';
import { duties, flightTables } from './manualPolicy';
import { reactionsPicture } from './manualReactionsPicture';
import { SUBJECTS } from './manualSubjects';
import { switchTable, withoutPrecharge } from './manualSwitches';
import { switchesPicture } from './manualSwitchesPicture';
import { linkTo } from './manualText';

/** The text of docs/safety.md. `measured`: null where the campaign has not been run yet. */
export function manual(measured: Measured | null = readMeasured()): string {
  const others = otherReactionTable(measured);
  const chapters: [title: string, text: string][] = [
    ['What it is for, and what not', PURPOSE],
    ['The three layers', [LAYERS_INTRO, LAYERS_DEAD, frontEndTable(), FRONT_END_NOTE].join('\n\n')],
    ['The fault table', [HOW_TO_READ, ...SUBJECTS.map(subjectText)].join('\n\n')],
    [
      'Promised and measured reactions',
      [
        reactionsIntro(measured),
        reactionTable(measured),
        ...(others === '' ? [] : ['With the processor stopped, by the front end and the watchdog alone:', others]),
      ].join('\n\n'),
    ],
    ['The switches', [SWITCHES_INTRO, switchTable(), withoutPrecharge()].join('\n\n')],
    ['Failure modes and effects', [FMEA_INTRO, cards(measured)].join('\n\n')],
    ["The builder's duty", [DUTIES_INTRO, duties()].join('\n\n')],
    ['Assumptions', assumptions(measured)],
    ['Way back to service', WAY_BACK_TEXT],
    ['Policy in flight', [FLIGHT_INTRO, flightTables()].join('\n\n')],
  ];
  const contents = chapters.map(([title], k) => `${k + 1}. ${linkTo(title)}`).join('\n');
  const text = chapters.map(([title, chapter]) => `## ${title}\n\n${chapter}`).join('\n\n');
  return `<!-- Made by npm run faults:table from the fault table. Change the table or sim/safety/, not this page. -->

# Safety manual

${contents}

${text}
`;
}

/** The pictures of the manual, by their names in docs/pictures/. */
export function manualPictures(measured: Measured | null = readMeasured()): Record<string, string> {
  return {
    'safety-layers.svg': layersPicture(),
    'safety-switches.svg': switchesPicture(),
    'safety-reactions.svg': reactionsPicture(measured),
  };
}
