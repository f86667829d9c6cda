/** The tables of docs/estimators.md. */
import { markdownTable } from '../../markdown';
import type { CaseResult, Span } from './runCase';
import { QUANTITIES, SPANS } from './runCase';
import { CATHODE_FADES, INTERRUPTS, RATES_C, TEMPERATURES_C } from './design';
import {
  AT_CYCLE,
  etaConcRow,
  type EtaConcRow,
  type Figure,
  figures,
  type InventoryRow,
  inventoryRow,
  limitRow,
  select,
} from './report';

type Row = readonly string[];
const PLANTS = ['reduced', 'detailed'] as const;

const number = (value: number | null, decimals: number): string => (value === null ? '-' : value.toFixed(decimals));

const ETA_HEAD = ['runs', 'truth', 'rms', 'bias', 'in 95 %', 'refused', 'knee: valid', 'their rms'];
const etaCells = (row: EtaConcRow): string[] => [
  String(row.runs),
  number(row.truth_mV, 0),
  number(row.rms_mV, 1),
  number(row.bias_mV, 1),
  number(row.coverage_pct, 0),
  number(row.refused_pct, 1),
  number(row.kneeValid_pct, 1),
  number(row.kneeRms_mV, 0),
];

/** Nothing was run, or nothing was said. */
const nothing = ({ refused_pct }: { refused_pct: number | null }): string => (refused_pct === null ? '-' : 'refused');

const amount = (row: InventoryRow): string =>
  row.rms === null ? nothing(row) : `${number(row.rms, 3)} (${number(row.bias, 3)}; ${number(row.coverage_pct, 0)})`;

function figureTable(list: readonly Figure[]): string {
  const rows = list.map(({ what, plant, unit, value, least, most, pass }): string[] => {
    const decimals = unit === 'mAh/cm2' ? 3 : 1;
    const asked = least > 0 ? `${least} to ${most}` : `at most ${most}`;
    return [what, plant, number(value, decimals), `${asked} ${unit}`, pass ? 'reached' : 'short'];
  });
  return markdownTable(['figure', 'plant', 'found', 'asked', ''], rows);
}

/** All tables as Markdown. */
export function tablesOf(results: readonly CaseResult[]): string {
  const of = (filter: Parameters<typeof select>[1]): CaseResult[] => select(results, filter);
  const parts: string[] = [];
  const add = (title: string, text: string): void => void parts.push(`### ${title}\n\n${text}`);

  add('Asked and found', figureTable(figures(results)));

  const headline: Row[] = PLANTS.flatMap((plant) =>
    RATES_C.map((rate_C) => [plant, `${rate_C}C`, ...etaCells(etaConcRow(of({ group: 'headline', plant, rate_C })))]),
  );
  add('Concentration overpotential [mV]', markdownTable(['plant', 'rate', ...ETA_HEAD], headline));

  const life: Row[] = PLANTS.flatMap((plant) =>
    SPANS.map(({ name }) => [
      plant,
      name,
      ...RATES_C.map((rate_C) => {
        const row = etaConcRow(of({ group: 'headline', plant, rate_C }), [name as Span]);
        return `${number(row.rms_mV, 1)} (${number(row.bias_mV, 1)}; ${number(row.coverage_pct, 0)})`;
      }),
    ]),
  );
  add(
    'The same over life: rms (bias; % in interval)',
    markdownTable(['plant', 'cycles', ...RATES_C.map((c) => `${c}C`)], life),
  );

  const inventory: Row[] = PLANTS.flatMap((plant) =>
    AT_CYCLE.flatMap(([cycle, span]) =>
      ['all', ...RATES_C].map((rate) => {
        const runs =
          rate === 'all' ? of({ group: 'headline', plant }) : of({ group: 'headline', plant, rate_C: rate as number });
        return [
          plant,
          String(cycle),
          rate === 'all' ? 'all' : `${rate}C`,
          ...QUANTITIES.map((quantity) => amount(inventoryRow(runs, quantity, [span]))),
        ];
      }),
    ),
  );
  add(
    'Inventory [mAh/cm2]: rms (bias; % in interval)',
    markdownTable(['plant', 'cycle', 'rate', ...QUANTITIES], inventory),
  );

  const truths: Row[] = AT_CYCLE.map(([cycle, span]) => [
    String(cycle),
    ...QUANTITIES.map((q) => number(inventoryRow(of({ group: 'headline' }), q, [span]).truth, 2)),
  ]);
  add('True means [mAh/cm2]', markdownTable(['cycle', ...QUANTITIES], truths));

  const byCell = (group: 'ensemble' | 'electrolytes'): Row[] => {
    const cells = [...new Set(of({ group }).map(({ studyCase }) => studyCase.cell))];
    return PLANTS.flatMap((plant) =>
      cells.map((cell) => [
        cell,
        plant,
        ...RATES_C.map((rate_C) => {
          const row = etaConcRow(of({ group, cell, plant, rate_C }));
          return row.rms_mV === null
            ? nothing(row)
            : `${number(row.rms_mV, 1)} of ${number(row.truth_mV, 0)} (${number(row.coverage_pct, 0)})`;
        }),
        ...(['lambda', 'residual', 'sei', 'dead'] as const).map((q) =>
          amount(inventoryRow(of({ group, cell, plant }), q)),
        ),
      ]),
    );
  };
  const cellHead = ['cell', 'plant', ...RATES_C.map((c) => `${c}C`), 'lambda', 'residual', 'sei', 'dead'];
  add('Members of the ensemble', markdownTable(cellHead, byCell('ensemble')));
  add('Other electrolytes', markdownTable(cellHead, byCell('electrolytes')));

  const warm: Row[] = PLANTS.flatMap((plant) =>
    TEMPERATURES_C.filter((t) => t !== 25).flatMap((temperature_C) =>
      RATES_C.map((rate_C) => [
        plant,
        String(temperature_C),
        `${rate_C}C`,
        ...etaCells(etaConcRow(of({ group: 'temperature', plant, temperature_C, rate_C }))),
        amount(inventoryRow(of({ group: 'temperature', plant, temperature_C, rate_C }), 'lambda')),
      ]),
    ),
  );
  add('Temperature', markdownTable(['plant', 'degC', 'rate', ...ETA_HEAD, 'lambda'], warm));

  const interrupts: Row[] = INTERRUPTS.map((count) => [
    String(count),
    ...RATES_C.map((rate_C) => {
      const row = etaConcRow(of({ group: 'interrupts', interrupts: count, rate_C }));
      return `${number(row.rms_mV, 1)} (${number(row.coverage_pct, 0)})`;
    }),
  ]);
  interrupts.push([
    'parameters known',
    ...RATES_C.map((rate_C) => {
      const row = etaConcRow(of({ group: 'nominal', rate_C }));
      return `${number(row.rms_mV, 1)} (${number(row.coverage_pct, 0)})`;
    }),
  ]);
  add(
    'Interrupts per discharge, rms of eta_conc [mV]',
    markdownTable(['interrupts', ...RATES_C.map((c) => `${c}C`)], interrupts),
  );

  const special: Row[] = [
    ...CATHODE_FADES.map((cathodeFade) => of({ group: 'cathode', cathodeFade })),
    of({ group: 'offset' }),
  ].flatMap((runs, k) =>
    AT_CYCLE.map(([cycle, span]) => [
      k < CATHODE_FADES.length ? `cathode lost ${lost_pct(runs)} %` : 'current offset',
      String(cycle),
      ...QUANTITIES.map((quantity) => amount(inventoryRow(runs, quantity, [span]))),
    ]),
  );
  add('Fading cathode, current offset: 1C [mAh/cm2]', markdownTable(['', 'cycle', ...QUANTITIES], special));

  const limits: Row[] = PLANTS.map((plant) => {
    const row = limitRow(of({ group: 'headline', plant }));
    return [plant, number(row.rms, 2), number(row.bias, 2), number(row.coverage_pct, 0)];
  });
  add('Limiting current, relative to the truth', markdownTable(['plant', 'rms', 'bias', 'in 95 %'], limits));

  const endings = endingsOf(results);
  add(
    'Runs that ended before their time',
    endings.length === 0
      ? 'None.'
      : markdownTable(['cell', 'plant', 'degC', 'rates', 'runs', 'cycles', 'first discharge [%]', 'why'], endings),
  );
  return parts.join('\n\n');
}

function lost_pct(runs: readonly CaseResult[]): string {
  return ((100 * runs.reduce((sum, { cathodeLost }) => sum + cathodeLost, 0)) / runs.length).toFixed(1);
}

/** One row for all rates and seeds of a cell that ended alike. */
function endingsOf(results: readonly CaseResult[]): Row[] {
  const alike = new Map<string, CaseResult[]>();
  for (const result of results) {
    if (result.ended === null) continue;
    const { cell, plant, temperature_C } = result.studyCase;
    const why = result.ended.replace(/^.*: /, '').replace(/.* gave .*/, 'too little capacity left');
    const key = [cell, plant, temperature_C, why].join('|');
    alike.set(key, [...(alike.get(key) ?? []), result]);
  }
  const range = (values: readonly number[]): string => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low === high ? String(low) : `${low} to ${high}`;
  };
  return [...alike].map(([key, runs]) => {
    const [cell, plant, temperature, why] = key.split('|') as [string, string, string, string];
    const rates = [...new Set(runs.map(({ studyCase }) => studyCase.rate_C))].sort((a, b) => a - b);
    return [
      cell,
      plant,
      temperature,
      `${rates.join(', ')}C`,
      String(runs.length),
      range(runs.map(({ cycles }) => cycles)),
      range(runs.map(({ first }) => Math.round(100 * first))),
      why,
    ];
  });
}
