/** Where the lithium outside the cathode is, as a bar and in numbers. Residual lithium is a part of the active. */
import type { Estimate, EstimatesNow } from '../../../link/telemetry';
import { h } from '../dom';
import { createFacts } from './facts';
import type { LiveRecord } from './record';
import { estimateText } from './words';

const POOLS = [
  ['active', 'li-active', 'Active'],
  ['of it residual', 'li-residual', 'Residual'],
  ['isolated', 'li-isolated', 'Isolated'],
  ['dead', 'li-dead', 'Dead'],
  ['SEI', 'li-sei', 'Sei'],
] as const;

export function createInventory(): { element: HTMLElement; show(record: LiveRecord): void } {
  const bar = h('div', { class: 'live-inventory', 'aria-hidden': 'true' });
  const parts = POOLS.map(([, colour]) => h('span', { style: `background: var(--${colour})` }));
  bar.append(...parts);
  const facts = createFacts(['All outside the cathode', ...POOLS.map(([name]) => name)]);
  return {
    element: h(
      'section',
      { class: 'card', 'aria-labelledby': 'live-lithium' },
      h('h2', { id: 'live-lithium' }, 'Lithium inventory'),
      h(
        'p',
        {},
        'After the last whole discharge. How isolated, dead and SEI share is the model’s prior: voltage, current and temperature cannot tell.',
      ),
      bar,
      facts.element,
    ),
    show: ({ estimates, areEstimatesStale }) => {
      const of = (pool: string): Estimate | undefined => estimates?.[`${pool}_mAh` as keyof EstimatesNow];
      const amount = (pool: string): number => Math.max(0, of(pool)?.value ?? 0);
      const shares = POOLS.map(([, , pool]) => amount(pool) - (pool === 'Active' ? amount('Residual') : 0));
      shares.forEach((share, k) => (parts[k]!.style.flexGrow = String(Math.max(0, share))));
      bar.classList.toggle('stale', areEstimatesStale);
      bar.hidden = shares.every((share) => share <= 0);
      facts.show(
        [of('Lambda'), ...POOLS.map(([, , pool]) => of(pool))].map((estimate) => estimateText(estimate, 2, 'mAh')),
        areEstimatesStale,
      );
    },
  };
}
