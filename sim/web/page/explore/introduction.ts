/** What this is about, in three sentences; and what it is not. */
import { h } from '../dom';

export function introduction(): HTMLElement {
  return h(
    'section',
    { class: 'intro' },
    h('h1', {}, 'Anode-free lithium-metal cells live longest at one discharge rate.'),
    h(
      'p',
      {},
      'Slower or faster, and they lose capacity sooner: drawn over the rate, that is a volcano. Its top moves with the electrolyte, the temperature and the age of the cell. ',
      h('strong', {}, 'Caldera'),
      ' is a battery manager that finds the top on the cell itself, from voltage, current and temperature alone.',
    ),
  );
}

export const footnote = (): HTMLElement =>
  h(
    'p',
    { class: 'small soft' },
    'Everything on this page is computed now, in your browser: a simulated cell and the firmware that also runs on a board. Nothing is uploaded. The cell is a model, fitted to published measurements; no real cell has confirmed the firmware yet.',
  );
