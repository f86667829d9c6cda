/** The pictures of docs/estimators.md, by file name. */
import {
  errorByRatePicture,
  estimatedInventoryPicture,
  etaConcPicture,
  type EtaConcTrace,
  type InventoryPoint,
} from '../../picture/estimators';
import { RATES_C } from './design';
import { etaConcRow, MOST_ETA_MV, DETAILED_FACTOR, select } from './report';
import { type CaseResult, runCase } from './runCase';
import { studyCase } from './studyCase';

const CELL = 'afl-l1';
/** The discharge that is shown, and every how many seconds of it. */
const SHOWN_CYCLE = 15;
const EVERY_S = 10;
const LIFE = 100;

export function picturesOf(results: readonly CaseResult[]): Record<string, string> {
  return {
    'estimators-eta-conc.svg': etaConcPicture([trace(1), trace(3)]),
    'estimators-inventory.svg': estimatedInventoryPicture(inventory()),
    'estimators-by-rate.svg': errorByRatePicture(
      (['reduced', 'detailed'] as const).map((plant) => ({
        label: plant === 'reduced' ? 'Reduced plant' : 'Detailed plant',
        points: RATES_C.flatMap((rate_C) => {
          const { rms_mV } = etaConcRow(select(results, { group: 'headline', plant, rate_C }));
          const most_mV = MOST_ETA_MV[rate_C] * (plant === 'detailed' ? DETAILED_FACTOR : 1);
          return rms_mV === null ? [] : [{ rate_C, rms_mV, most_mV }];
        }),
      })),
    ),
  };
}

function trace(rate_C: number): EtaConcTrace {
  const points: EtaConcTrace['points'][number][] = [];
  let seen = 0;
  runCase(studyCase({ group: 'headline', cell: CELL, rate_C, cycles: SHOWN_CYCLE }), {
    onSecond: (cycle, discharged_mAh, truth_mV, estimate_mV, sigma_mV) => {
      if (cycle === SHOWN_CYCLE && seen++ % EVERY_S === 0)
        points.push({ discharged_mAh, truth_mV, estimate_mV, sigma_mV });
    },
  });
  return { label: `${rate_C}C`, points };
}

function inventory(): InventoryPoint[] {
  const points: InventoryPoint[] = [];
  runCase(studyCase({ group: 'headline', cell: CELL, rate_C: 1, cycles: LIFE }), {
    onCycle: (cycle, truth, estimate, sigma) => points.push({ cycle, truth, estimate, sigma }),
  });
  return points;
}
