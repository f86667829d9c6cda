/** What the firmware decided in each cycle, and why. */
import { reasonText } from '../../../../firmware/steer/explain';
import { Reason } from '../../../../firmware/steer/steering';
import { readAction } from '../../../campaign/action';
import type { CycleResult } from '../../../results/types';
import { h } from '../dom';
import { scrollBox, tableOf } from '../table';
import type { Run } from './runner';

interface Stretch {
  from: CycleResult;
  to: CycleResult;
  action: string;
  least_C: number;
  most_C: number;
}

/** Cycles in a row with the same action are one row. */
export function decisionsTable({ cycles, settings }: Run): HTMLElement {
  if (settings.policy === 'fixed')
    return h(
      'p',
      { class: 'soft' },
      `The rate was given: ${settings.rate_C}C in every cycle. Choose an adaptive policy to see decisions.`,
    );
  const stretches: Stretch[] = [];
  for (const cycle of cycles) {
    const last = stretches.at(-1);
    if (last?.action === cycle.action) {
      last.to = cycle;
      last.least_C = Math.min(last.least_C, cycle.rate_C);
      last.most_C = Math.max(last.most_C, cycle.rate_C);
    } else
      stretches.push({ from: cycle, to: cycle, action: cycle.action, least_C: cycle.rate_C, most_C: cycle.rate_C });
  }
  const head = ['Cycles', 'Rate', 'Decision', 'Why, and what would change it'];
  return scrollBox('Decisions', tableOf(head, stretches.map(row), { look: 'decisions' }));
}

function row({ from, to, action, least_C, most_C }: Stretch): HTMLElement {
  const { reason } = readAction(action);
  const rates =
    least_C === most_C || most_C - least_C < 0.005
      ? `${most_C.toFixed(2)}C`
      : `${least_C.toFixed(2)} to ${most_C.toFixed(2)}C`;
  return h(
    'tr',
    {},
    h('td', { class: 'nowrap' }, from === to ? String(from.n) : `${from.n} to ${to.n}`),
    h('td', { class: 'nowrap' }, rates),
    h('td', {}, action),
    h('td', {}, reason === Reason.None ? '–' : reasonText(reason)),
  );
}
