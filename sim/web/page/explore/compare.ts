/** The numbers of runs side by side. */
import type { SimulateSummary } from '../../../results/types';
import { h } from '../dom';
import { scrollBox } from '../table';
import type { ComparedRun } from './runCharts';
import { labelOf } from './settings';

const ROWS: readonly {
  label: string;
  unit: string;
  decimals: number;
  of: (summary: SimulateSummary) => number | null | undefined;
}[] = [
  { label: 'Lifespan', unit: 'cycles', decimals: 1, of: ({ cyclesTo80 }) => cyclesTo80 },
  { label: 'Check-up life (at 0.2C)', unit: 'cycles', decimals: 1, of: ({ checkupLife }) => checkupLife },
  { label: 'Retention at the end', unit: '%', decimals: 2, of: ({ retention_pct }) => retention_pct },
  { label: 'Mean CE', unit: '%', decimals: 3, of: ({ averageCe_pct }) => averageCe_pct },
  { label: 'Energy to end of life', unit: 'Wh', decimals: 1, of: ({ energyToEol_Wh }) => energyToEol_Wh },
  { label: 'Energy, first 100 cycles', unit: 'Wh', decimals: 1, of: ({ energyFirst100_Wh }) => energyFirst100_Wh },
  { label: 'Mean discharge power', unit: 'W', decimals: 2, of: ({ meanDischargePower_W }) => meanDischargePower_W },
];

export function compareTable(runs: readonly ComparedRun[], onUnpin: (k: number) => void): HTMLElement {
  return scrollBox(
    'Runs side by side',
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('td', {}),
          ...runs.map(({ run, colour }, k) =>
            h(
              'th',
              { scope: 'col' },
              h('span', { class: 'swatch swatch-area', style: `--swatch: var(--${colour})` }),
              labelOf(run.settings),
              k > 0 &&
                h(
                  'button',
                  {
                    type: 'button',
                    class: 'unpin',
                    onclick: () => onUnpin(k - 1),
                    'aria-label': `Remove ${labelOf(run.settings)}`,
                  },
                  '×',
                ),
            ),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...ROWS.map(({ label, unit, decimals, of }) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, `${label} / ${unit}`),
            ...runs.map(({ run: { result, problem } }) => {
              const value = result && of(result.summary);
              return h(
                'td',
                { class: 'number' },
                value === undefined && !problem
                  ? '…'
                  : typeof value === 'number'
                    ? value.toFixed(decimals)
                    : 'not reached',
              );
            }),
          ),
        ),
      ),
    ),
  );
}
