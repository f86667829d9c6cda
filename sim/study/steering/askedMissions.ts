/** What is asked of the advice for missions, and what of it the flights show. */
import { MISSION_CELLS, type MissionCaseResult } from '../../mission/study';
import { forecastFigures, gainFigures } from '../../mission/tables';
import type { Finding } from './asked';

const LEAST_GAIN = 1.1;
const NONE_WORSE = 1;
const RIGHT_SHARE = 0.99;
const MOST_BROKEN_PCT = 5;

/** Of the missions' own range of power, on the reduced plant, for those electrolytes that were flown. */
export function missionFindings(results: readonly MissionCaseResult[]): Finding[] {
  return MISSION_CELLS.flatMap((cell): Finding[] => {
    const here = results.filter(
      ({ missionCase: own }) =>
        own.cell === cell &&
        own.plant === 'reduced' &&
        own.pace === null &&
        own.burst_C === null &&
        own.variation === 0,
    );
    const flown = here.filter(({ planned }) => planned.missions > 0);
    if (flown.length === 0) return [];
    const gain = gainFigures(here);
    const forecast = forecastFigures(here);
    const ratio = ({ planned, advised }: MissionCaseResult): number => advised.missions / planned.missions;
    const worst = flown.reduce((a, b) => (ratio(b) < ratio(a) ? b : a));
    const mean = 1 + gain.meanGain_pct / 100;
    const right = forecast.right_pct / 100;
    const broken_pct = forecast.worstBroken_pct;
    const common = { statement: 'Missions', where: cell, worstCell: '', meanOverUseful: null };
    return [
      {
        ...common,
        what: 'missions with advice / as planned',
        required: { mean: LEAST_GAIN, worst: NONE_WORSE, most: false },
        mean,
        worst: ratio(worst),
        worstCell: `${worst.missionCase.mission} ${worst.missionCase.rule} draw ${worst.missionCase.seed}`,
        pass: mean >= LEAST_GAIN && gain.worse === 0,
      },
      {
        ...common,
        what: 'missions in which the forecast of the landing was right',
        required: { mean: RIGHT_SHARE, worst: null, most: false },
        mean: right,
        worst: right,
        pass: right >= RIGHT_SHARE,
      },
      {
        ...common,
        what: 'promised landing cut short by [% of the time asked]',
        required: { mean: null, worst: MOST_BROKEN_PCT, most: true },
        mean: broken_pct,
        worst: broken_pct,
        pass: broken_pct <= MOST_BROKEN_PCT,
      },
    ];
  });
}
