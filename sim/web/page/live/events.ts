/** What the board said to a person since the page listens, and on demand the log of faults that it keeps in flash. */
import { downloadLog, type LoggedEvent } from '../../../link/log';
import { toCsv } from '../../../results/csv';
import { download, h } from '../dom';
import { rowOf, scrollBox, tableOf } from '../table';
import { connection } from './connection';
import type { LiveRecord } from './record';
import { momentText } from './words';

const SHOWN = 50;

export function createEvents(): { element: HTMLElement; show(record: LiveRecord): void; stop(): void } {
  const list = h('ol', { class: 'live-events', reversed: true });
  const none = h('p', {}, 'Nothing yet.');
  const log = h('div', { 'aria-live': 'polite' });
  const button = h(
    'button',
    { type: 'button', onclick: () => void fetchLog() },
    'Read the log of faults from the board',
  );
  const stop = new AbortController();
  let shown: LiveRecord['said'] | undefined;
  let count = 0;

  async function fetchLog(): Promise<void> {
    const { source } = connection;
    if (source === undefined) return log.replaceChildren(h('p', { class: 'notice warning' }, 'Connect a board first.'));
    const progress = h('progress', { max: 1, value: 0, 'aria-label': 'Reading the log' });
    log.replaceChildren(progress);
    button.disabled = true;
    try {
      const { events } = await downloadLog(source, (fraction) => (progress.value = fraction), stop.signal);
      log.replaceChildren(...logTable(events));
    } catch (error) {
      log.replaceChildren(
        h(
          'p',
          { class: 'notice bad' },
          `The log could not be read: ${(error as Error).message}. Try again when the board answers.`,
        ),
      );
    }
    button.disabled = false;
  }

  return {
    element: h(
      'section',
      { class: 'card', 'aria-labelledby': 'live-events' },
      h('h2', { id: 'live-events' }, 'Events'),
      none,
      list,
      h('p', {}, button),
      log,
    ),
    show: ({ said }) => {
      if (said === shown && said.length === count) return;
      [shown, count] = [said, said.length];
      none.hidden = count > 0;
      list.replaceChildren(
        ...said
          .slice(-SHOWN)
          .reverse()
          .map(({ at_ms, text }) =>
            h('li', {}, h('time', { datetime: new Date(at_ms).toISOString() }, momentText(at_ms)), ' ', text),
          ),
      );
    },
    stop: () => stop.abort(),
  };
}

function logTable(events: readonly LoggedEvent[]): HTMLElement[] {
  if (events.length === 0) return [h('p', {}, 'The log is empty.')];
  const newest = [...events].reverse().slice(0, 4 * SHOWN);
  const head = ['No.', 'When', 'Fault', 'Voltage / mV', 'Current / mA', 'Temperature / °C'];
  const when = ({ unixTime_s, uptime_s }: LoggedEvent): string =>
    unixTime_s === null ? `${uptime_s} s after a start` : momentText(1000 * unixTime_s);
  const rows = newest.map((event) =>
    rowOf([event.serial, when(event), event.name, event.voltage_mV, event.current_mA, event.temperature_C].map(String)),
  );
  const caption = `${events.length} events, newest first${events.length > newest.length ? '; the file has all' : ''}`;
  return [
    scrollBox('Log of faults', tableOf(head, rows, { caption })),
    h(
      'p',
      {},
      h('button', { type: 'button', onclick: () => download('events.csv', toCsv(events), 'text/csv') }, 'Save CSV'),
    ),
  ];
}
