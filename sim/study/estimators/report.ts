/** From runs to the study's tables, and what of them falls short of what is asked of the estimators. */
import type { PlantKind } from '../../cell/createPlant';
import { CATHODE_FADES, OFFSET_MA_AH, RATES_C } from './design';
import { type CaseResult, type Quantity, type Span, type SpanErrors } from './runCase';
import type { StudyCase } from './studyCase';
import { bias, coverage_pct, type ErrorSums, meanTruth, refused_pct, rms, total } from './sums';

/** eta_conc outside the knee [mV], and what was said inside it. null: no second of it. */
export interface EtaConcRow {
  runs: number;
  truth_mV: number | null;
  rms_mV: number | null;
  bias_mV: number | null;
  coverage_pct: number | null;
  /** Seconds outside the knee that were called invalid. */
  refused_pct: number | null;
  /** Seconds inside the knee that were called valid, and their error. */
  kneeValid_pct: number | null;
  kneeRms_mV: number | null;
}

/** One part of the inventory [mAh/cm2]; null: no cycle with an estimate. */
export interface InventoryRow {
  samples: number;
  truth: number | null;
  rms: number | null;
  bias: number | null;
  coverage_pct: number | null;
  refused_pct: number | null;
}

/** A figure that the estimators must reach. */
export interface Figure {
  what: string;
  plant: PlantKind;
  unit: string;
  /** null: nothing was run, or nothing said. */
  value: number | null;
  /** Between these. */
  least: number;
  most: number;
  pass: boolean;
}

export type Filter = Partial<StudyCase>;

export const select = (results: readonly CaseResult[], filter: Filter): CaseResult[] =>
  results.filter(({ studyCase }) =>
    (Object.keys(filter) as (keyof StudyCase)[]).every((key) => studyCase[key] === filter[key]),
  );

const spansOf = (results: readonly CaseResult[], only?: readonly Span[]): SpanErrors[] =>
  results.flatMap(({ spans }) =>
    (Object.keys(spans) as Span[]).filter((name) => !only || only.includes(name)).map((name) => spans[name]!),
  );

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function etaConcRow(results: readonly CaseResult[], only?: readonly Span[]): EtaConcRow {
  const spans = spansOf(results, only);
  const plateau = total(spans.map(({ etaConc }) => etaConc.plateau));
  const knee = total(spans.map(({ etaConc }) => etaConc.knee));
  return {
    runs: results.length,
    truth_mV: finite(meanTruth(plateau)),
    rms_mV: finite(rms(plateau)),
    bias_mV: finite(bias(plateau)),
    coverage_pct: finite(coverage_pct(plateau)),
    refused_pct: finite(refused_pct(plateau)),
    kneeValid_pct: finite(100 - refused_pct(knee)),
    kneeRms_mV: finite(rms(knee)),
  };
}

const asRow = (sums: ErrorSums): InventoryRow => ({
  samples: sums.n + sums.refused,
  truth: finite(meanTruth(sums)),
  rms: finite(rms(sums)),
  bias: finite(bias(sums)),
  coverage_pct: finite(coverage_pct(sums)),
  refused_pct: finite(refused_pct(sums)),
});

export const inventoryRow = (
  results: readonly CaseResult[],
  quantity: Quantity,
  only?: readonly Span[],
): InventoryRow => asRow(total(spansOf(results, only).map(({ inventory }) => inventory[quantity])));

export const limitRow = (results: readonly CaseResult[]): InventoryRow =>
  asRow(total(spansOf(results).map(({ limit }) => limit)));

/** The ten cycles up to the 50th and up to the 100th. */
export const AT_CYCLE: readonly (readonly [cycle: number, span: Span])[] = [
  [50, '41-50'],
  [100, '91-100'],
];

/** eta_conc, reduced plant [mV], by rate; the detailed plant may be off by half as much again. */
export const MOST_ETA_MV: Record<(typeof RATES_C)[number], number> = { 0.5: 3, 1: 5, 2: 7, 3: 8 };
export const DETAILED_FACTOR = 1.5;
const MOST_AMOUNT = { lambda: 0.02, residual: 0.03, dead: 0.1, sei: 0.1 } as const;
const COVERAGE_PCT = [90, 99] as const;

/** Those for which there are runs. */
export function figures(results: readonly CaseResult[]): Figure[] {
  const list: Figure[] = [];
  for (const [group, prefix] of [
    ['headline', ''],
    ['ensemble', 'members: '],
  ] as const)
    for (const plant of ['reduced', 'detailed'] as const)
      list.push(...figuresOf(select(results, { group, plant }), plant, prefix));
  for (const fade of CATHODE_FADES)
    list.push(
      ...lambdaFigures(select(results, { group: 'cathode', cathodeFade: fade }), `cathode fading ${1e4 * fade} %`),
    );
  list.push(...lambdaFigures(select(results, { group: 'offset' }), `offset of ${OFFSET_MA_AH} mA/Ah`));
  return list.filter(({ value }) => value !== null);
}

function figuresOf(runs: readonly CaseResult[], plant: PlantKind, prefix: string): Figure[] {
  const etaConc = RATES_C.map((rate_C) => {
    const most = MOST_ETA_MV[rate_C] * (plant === 'detailed' ? DETAILED_FACTOR : 1);
    const { rms_mV } = etaConcRow(select(runs, { rate_C }));
    return figure(`${prefix}eta_conc at ${rate_C}C, rms`, plant, 'mV', rms_mV, [0, most]);
  });
  const covered = etaConcRow(runs).coverage_pct;
  etaConc.push(figure(`${prefix}eta_conc in its 95 % interval`, plant, '%', covered, COVERAGE_PCT));
  const amounts = AT_CYCLE.flatMap(([cycle, span]) =>
    (Object.keys(MOST_AMOUNT) as (keyof typeof MOST_AMOUNT)[]).flatMap((quantity) => {
      const row = inventoryRow(runs, quantity, [span]);
      const what = `${prefix}${quantity} at cycle ${cycle}`;
      return [
        figure(`${what}, rms`, plant, 'mAh/cm2', row.rms, [0, MOST_AMOUNT[quantity]]),
        figure(`${what} in its 95 % interval`, plant, '%', row.coverage_pct, COVERAGE_PCT),
      ];
    }),
  );
  return [...etaConc, ...amounts];
}

const lambdaFigures = (runs: readonly CaseResult[], what: string): Figure[] =>
  AT_CYCLE.map(([cycle, span]) => {
    const { rms } = inventoryRow(runs, 'lambda', [span]);
    return figure(`lambda at cycle ${cycle}, ${what}, rms`, 'reduced', 'mAh/cm2', rms, [0, MOST_AMOUNT.lambda]);
  });

function figure(
  what: string,
  plant: PlantKind,
  unit: string,
  value: number | null,
  [least, most]: readonly [number, number],
): Figure {
  return { what, plant, unit, value, least, most, pass: value !== null && value >= least && value <= most };
}
