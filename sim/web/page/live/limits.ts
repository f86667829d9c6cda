/** How much current is allowed, and why not more. */
import { faultName } from '../../../../firmware/protect/names';
import { h } from '../dom';
import { scrollBox, tableOf } from '../table';
import type { LiveRecord } from './record';
import { UNKNOWN } from './words';

export interface Limits {
  readonly element: HTMLElement;
  show(record: LiveRecord): void;
  /** What the board says to `limits`: `charge_mA 3000 (500 to 4000), ...`. */
  showSettings(answer: string): void;
}

export function createLimits(readAgain: () => void): Limits {
  const rows = [allowed('Charge'), allowed('Discharge')] as const;
  const settings = h('div', { class: 'live-settings' });
  return {
    element: h(
      'section',
      { class: 'card', 'aria-labelledby': 'live-limits' },
      h('h2', { id: 'live-limits' }, 'Limits'),
      ...rows.map(({ element }) => element),
      h('p', {}, h('button', { type: 'button', class: 'quiet', onclick: readAgain }, 'Read the settings again')),
      settings,
    ),
    show: ({ measurement: m, isStale }) => {
      rows[0].show(m?.charge_pct ?? null, m?.whyCharge ?? null, isStale);
      rows[1].show(m?.discharge_pct ?? null, m?.whyDischarge ?? null, isStale);
    },
    showSettings: (answer) => settings.replaceChildren(settingsTable(answer)),
  };
}

function allowed(name: string) {
  const meter = h('meter', { min: 0, max: 100, value: 0, 'aria-label': `${name} current allowed` });
  const text = h('span', {});
  const element = h('p', { class: 'live-allowed' }, h('strong', {}, name), ' ', meter, ' ', text);
  const show = (share_pct: number | null, why: number | null, isStale: boolean): void => {
    meter.value = share_pct ?? 0;
    element.classList.toggle('stale', isStale);
    const reason = why === null || why === 0 ? 'nothing limits it' : `limited by ${faultName(why)}`;
    const now = share_pct === null ? UNKNOWN : `${share_pct} % of the current allowed; ${reason}`;
    text.textContent = isStale && share_pct !== null ? `last: ${now}` : now;
  };
  return { element, show };
}

function settingsTable(answer: string): HTMLElement {
  const rows = [...answer.matchAll(/(\w+) (-?\d+) \((-?\d+) to (-?\d+)\)/g)];
  if (rows.length === 0) return h('p', { class: 'notice' }, answer);
  const head = ['Limit', 'In force', 'Anyone may tighten to', 'The key may widen to'];
  const body = rows.map(([, name, ...values]) =>
    h('tr', {}, h('th', { scope: 'row' }, name!), ...values.map((value) => h('td', {}, value))),
  );
  const caption = `Read at ${new Date().toLocaleTimeString()}; the unit is in the name.`;
  return scrollBox('Limits of the board', tableOf(head, body, { caption }));
}
