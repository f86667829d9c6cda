/** The pictures of docs/steering.md, by file name. Those without runs are left out. */
import {
  lifePicture,
  type LifePanel,
  type Range,
  ratePicture,
  type RatePanel,
  variantPicture,
  type VariantPanel,
} from '../../picture/steering';
import { memberCount } from '../../profiles/variants';
import { atConstant, type Compared, compare, mean, overOracle, overUseful } from './compare';
import { bestConstant } from './constants';
import { PAPER_CELLS, RULES } from './design';
import type { Measure } from './measures';
import { FIXED_C, STRATEGIES, type Strategy, type TaskResult } from './task';

const NAMES: Record<Strategy, string> = {
  adaptive: 'adaptive',
  'adaptive+tail': '+ tail',
  'adaptive+taper': '+ taper',
};
/** The cell whose rates are shown. */
const SHOWN_DRAW = 1;

export function picturesOf(results: readonly TaskResult[]): Record<string, string> {
  const compared = compare(results).filter(({ strategy }) => strategy !== 'fixed');
  const nominal = compared.filter(({ scenario, loop }) => scenario.group === 'nominal' && loop === 'chips');
  const pictures: Record<string, string> = {};
  const add = <Panel>(name: string, panels: readonly Panel[], draw: (panels: readonly Panel[]) => string): void => {
    if (panels.length > 0) pictures[name] = draw(panels);
  };
  add(
    'steering-life.svg',
    PAPER_CELLS.flatMap((cell) => lifePanel(cell, nominal)),
    lifePicture,
  );
  add(
    'steering-rate.svg',
    PAPER_CELLS.flatMap((cell) => ratePanel(cell, nominal)),
    ratePicture,
  );
  add(
    'steering-variants.svg',
    PAPER_CELLS.flatMap((cell) =>
      variantPanel(cell, compared, 'checkupLife', overUseful, ['adaptive', 'adaptive+tail']),
    ),
    (panels) => variantPicture(panels, 'Check-up life'),
  );
  add(
    'steering-energy.svg',
    PAPER_CELLS.flatMap((cell) =>
      variantPanel(cell, compared, 'energyToEol_Wh', overOracle, ['adaptive+tail', 'adaptive+taper']),
    ),
    (panels) => variantPicture(panels, 'Energy to end of life'),
  );
  return pictures;
}

function lifePanel(cell: string, nominal: readonly Compared[]): LifePanel[] {
  const here = nominal.filter(({ scenario }) => scenario.cell === cell);
  if (here.length === 0) return [];
  const alike = here.filter(({ strategy }) => strategy === 'adaptive');
  const fixed = FIXED_C.map((rate_C) => ({
    name: `${rate_C}C`,
    ratios: alike.map(({ constants }) =>
      overOracle({ constants, judged: atConstant(constants, rate_C) }, 'checkupLife'),
    ),
  }));
  const steered = STRATEGIES.map((strategy) => ({
    name: NAMES[strategy],
    ratios: here.filter((run) => run.strategy === strategy).map((run) => overOracle(run, 'checkupLife')),
  }));
  return [{ label: cell, policies: [...fixed, ...steered] }];
}

function ratePanel(cell: string, nominal: readonly Compared[]): RatePanel[] {
  const here = nominal.filter(({ scenario }) => scenario.cell === cell && scenario.seed === SHOWN_DRAW);
  if (here.length === 0) return [];
  return [
    {
      label: `${cell}, draw ${SHOWN_DRAW}`,
      best_C: bestConstant(here[0]!.constants, 'checkupLife').rate_C,
      runs: here.map(({ strategy, rates_C }) => ({ name: NAMES[strategy as Strategy], rates_C })),
    },
  ];
}

function variantPanel(
  cell: string,
  compared: readonly Compared[],
  measure: Measure,
  over: typeof overOracle,
  strategies: readonly Strategy[],
): VariantPanel[] {
  const variants: [name: string, of: (run: Compared) => boolean][] = [
    ['R0', ({ scenario, loop }) => scenario.group === 'nominal' && scenario.cell === cell && loop === 'chips'],
    ...RULES.map((rule): (typeof variants)[number] => [
      rule,
      ({ scenario }) => scenario.group === 'rule' && scenario.cell === cell && scenario.rule === rule,
    ]),
    ...Array.from({ length: memberCount }, (_, k): (typeof variants)[number] => [
      `#${k + 1}`,
      ({ scenario }) => scenario.group === 'member' && scenario.cell === `${cell}#${k + 1}`,
    ]),
    ['det.', ({ scenario }) => scenario.group === 'detailed' && scenario.cell === cell],
  ];
  const rangeOf = (strategy: Strategy, of: (run: Compared) => boolean): Range | null => {
    const ratios = compared.filter((run) => run.strategy === strategy && of(run)).map((run) => over(run, measure));
    return ratios.length === 0 ? null : { least: Math.min(...ratios), mean: mean(ratios), most: Math.max(...ratios) };
  };
  const runs = strategies.map((strategy) => ({
    name: strategy === 'adaptive' ? strategy : `adaptive ${NAMES[strategy]}`,
    ranges: variants.map(([, of]) => rangeOf(strategy, of)),
  }));
  return runs.every(({ ranges }) => ranges.every((range) => range === null))
    ? []
    : [{ label: cell, variants: variants.map(([name]) => name), runs }];
}
