/** Whether what is shown is what is now, and what to do when it is not. */
import { announce, h } from '../dom';
import { connection } from './connection';
import { hasSerial } from './serial';
import { ageText } from './words';

type Mood = 'live' | 'stale' | 'waiting' | 'none';

export interface Status {
  readonly element: HTMLElement;
  show(): void;
}

const BADGES: Readonly<Record<Mood, [string, string]>> = {
  live: ['badge good', 'Live'],
  stale: ['badge bad', 'Stale'],
  waiting: ['badge warning', 'Waiting'],
  none: ['badge', 'No board'],
};

const NO_SERIAL =
  'This browser cannot reach a USB port (it has no Web Serial). Use Chrome or Edge on a computer; or run ' +
  '"caldera dashboard --port /dev/ttyUSB0" and open the address that it prints, which works in every browser.';
const HOW_TO =
  'Connect a board with its USB cable and choose its port; or run "caldera dashboard --port /dev/ttyUSB0" and open the address that it prints.';

export function createStatus(): Status {
  const badge = h('strong', {});
  const text = h('span', {});
  let said: Mood | undefined;
  return {
    element: h('p', { class: 'live-status' }, badge, ' ', text),
    show: () => {
      const mood = moodNow();
      const [style, word] = BADGES[mood];
      badge.className = style;
      badge.textContent = word;
      text.textContent = sentence(mood);
      if (mood === said) return;
      // The first time is no news.
      if (said !== undefined) announce(`${word}. ${sentence(mood)}`);
      said = mood;
    },
  };
}

function moodNow(): Mood {
  const { source, record } = connection;
  if (record.measurement === undefined) return source === undefined ? 'none' : 'waiting';
  return record.isStale ? 'stale' : 'live';
}

function sentence(mood: Mood): string {
  const { source, record, serverIsGone } = connection;
  if (mood === 'none') return hasSerial ? HOW_TO : NO_SERIAL;
  const { version } = record;
  const board =
    version === undefined ? source!.name : `${version.board}, firmware ${version.firmware} (${version.build})`;
  if (mood === 'live') return `${board}, by ${source?.name}.`;
  const why = serverIsGone
    ? 'the server cannot be reached; it is tried again twice a second'
    : (record.closed ?? (mood === 'waiting' ? 'nothing is measured yet' : 'the board says nothing'));
  if (mood === 'waiting') return `${board}: ${why}.`;
  return `Nothing was measured for ${ageText(record.measuredAge_ms())}: ${why}. Below is what was last, not what is now.`;
}
