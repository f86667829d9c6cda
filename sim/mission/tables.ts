/** What the mission study found: figures and tables. */
import type { MissionLife } from './flyLife';
import { PROMISES } from './missionRun';
import { MISSION_CELLS, type MissionCase, type MissionCaseResult } from './study';

/** Missions with advice against those as planned, over a set of cases. */
export interface GainFigures {
  cases: number;
  planned: number;
  advised: number;
  /** Of the two means [%], mean and least over the cases that flew at all. */
  gain_pct: number;
  meanGain_pct: number;
  leastGain_pct: number;
  /** Cases with fewer missions than without advice. */
  worse: number;
  /** Cases that came to the most missions that were flown: their gain is not known. */
  endless: number;
}

export interface ForecastFigures {
  missions: number;
  /** Share of missions in which what was stated came true; unsure states nothing. */
  right_pct: number;
  /** The same with unsure taken as a refusal. */
  strictlyRight_pct: number;
  unsure_pct: number;
  brokenPromises: number;
  /** By how much of the time asked the worst of them fell short [%]. */
  worstBroken_pct: number;
  /** What the model alone would have been right in, and unsure in. */
  modelRight_pct: number;
  modelUnsure_pct: number;
}

export function gainFigures(results: readonly MissionCaseResult[]): GainFigures {
  const planned = mean(results.map((result) => result.planned.missions));
  const advised = mean(results.map((result) => result.advised.missions));
  const gains = results
    .filter((result) => result.planned.missions > 0)
    .map((result) => 100 * (result.advised.missions / result.planned.missions - 1));
  return {
    cases: results.length,
    planned,
    advised,
    gain_pct: 100 * (advised / planned - 1),
    meanGain_pct: mean(gains),
    leastGain_pct: Math.min(...gains),
    worse: results.filter((result) => result.advised.missions < result.planned.missions).length,
    endless: results.filter((result) => result.advised.failed === null).length,
  };
}

export function forecastFigures(results: readonly MissionCaseResult[]): ForecastFigures {
  const lives = results.flatMap(({ planned, advised }) => [planned, advised]);
  const of = (pick: (life: MissionLife) => number): number => lives.reduce((sum, life) => sum + pick(life), 0);
  const missions = of(({ forecasts }) =>
    PROMISES.reduce((sum, said) => sum + forecasts[said].flown + forecasts[said].failed, 0),
  );
  const broken = of(({ forecasts }) => forecasts.affordable.failed);
  const refused = of(({ forecasts }) => forecasts['not affordable'].flown);
  const withheld = of(({ forecasts }) => forecasts.unsure.flown + forecasts['no forecast'].flown);
  const silent = withheld + of(({ forecasts }) => forecasts.unsure.failed + forecasts['no forecast'].failed);
  const modelWrong = of(({ byModel }) => byModel.affordable.failed + byModel['not affordable'].flown);
  const modelSilent = of(({ byModel }) =>
    (['unsure', 'no forecast'] as const).reduce((sum, said) => sum + byModel[said].flown + byModel[said].failed, 0),
  );
  const share = (count: number): number => (100 * count) / missions;
  return {
    missions,
    right_pct: 100 - share(broken + refused),
    strictlyRight_pct: 100 - share(broken + refused + withheld),
    unsure_pct: share(silent),
    brokenPromises: broken,
    worstBroken_pct: lives.reduce((most, { brokenBy_pct }) => Math.max(most, brokenBy_pct), 0),
    modelRight_pct: 100 - share(modelWrong),
    modelUnsure_pct: share(modelSilent),
  };
}

/** Tables in Markdown. */
export function missionTables(results: readonly MissionCaseResult[]): string {
  const parts: string[] = [];
  const of = (want: (own: MissionCase) => boolean): MissionCaseResult[] =>
    results.filter(({ missionCase }) => want(missionCase));
  const sets: [string, (own: MissionCase) => boolean][] = [
    ['0.6 to 1.25', (own) => own.plant === 'reduced' && own.pace === null && own.variation === 0],
    ['0.75 to 1.25', (own) => own.plant === 'reduced' && own.pace !== null],
    ['0.6 to 1.25, varied', (own) => own.plant === 'reduced' && own.variation > 0],
  ];
  for (const [title, inSet] of sets) {
    const rows: string[][] = [];
    for (const cell of MISSION_CELLS) {
      const here = of((own) => inSet(own) && own.cell === cell);
      const groups: [string, (own: MissionCase) => boolean][] = [
        ['all', () => true],
        ...[...new Set(here.map(({ missionCase }) => missionCase.mission))].map(
          (name): [string, (own: MissionCase) => boolean] => [name, (own) => own.mission === name],
        ),
        ...[...new Set(here.map(({ missionCase }) => missionCase.rule))].map(
          (rule): [string, (own: MissionCase) => boolean] => [rule, (own) => own.rule === rule],
        ),
      ];
      for (const [name, inGroup] of groups) {
        const those = here.filter(({ missionCase }) => inGroup(missionCase));
        if (those.length === 0) continue;
        const gain = gainFigures(those);
        rows.push([
          cell,
          name,
          String(gain.cases),
          gain.planned.toFixed(1),
          gain.advised.toFixed(1),
          signed(gain.gain_pct),
          signed(gain.meanGain_pct),
          signed(gain.leastGain_pct),
          String(gain.worse),
        ]);
      }
    }
    if (rows.length > 0)
      parts.push(
        `Missions as planned and with advice, cruise power ${title}\n\n${table(['cell', 'cases', 'number', 'planned', 'advised', 'of means [%]', 'mean gain [%]', 'least [%]', 'worse'], rows)}`,
      );
  }
  const forecasts = MISSION_CELLS.flatMap((cell) =>
    sets.flatMap(([title, inSet]) => {
      const here = of((own) => inSet(own) && own.cell === cell);
      if (here.length === 0) return [];
      const figures = forecastFigures(here);
      return [
        [
          cell,
          title,
          String(figures.missions),
          figures.right_pct.toFixed(2),
          figures.strictlyRight_pct.toFixed(2),
          figures.unsure_pct.toFixed(2),
          String(figures.brokenPromises),
          figures.worstBroken_pct.toFixed(1),
          figures.modelRight_pct.toFixed(2),
          figures.modelUnsure_pct.toFixed(1),
        ],
      ];
    }),
  );
  if (forecasts.length > 0)
    parts.push(
      `Forecast of the landing\n\n${table(['cell', 'cruise power', 'missions', 'right [%]', 'unsure as a no [%]', 'unsure [%]', 'broken promises', 'worst short by [%]', 'model alone right [%]', 'and unsure [%]'], forecasts)}`,
    );
  const detailed = of((own) => own.plant === 'detailed').map(({ missionCase: own, planned, advised }) => [
    own.cell,
    own.mission,
    own.burst_C === null ? 'as in the mission' : `${own.burst_C}C`,
    lifeOf(planned, own.most),
    lifeOf(advised, own.most),
    planned.failed?.phase ?? '-',
    advised.failed?.phase ?? '-',
    forecastsOf(planned),
    forecastsOf(advised),
    Math.max(planned.brokenBy_pct, advised.brokenBy_pct).toFixed(1),
  ]);
  if (detailed.length > 0)
    parts.push(
      `Detailed plant\n\n${table(['cell', 'mission', 'bursts', 'planned', 'advised', 'failed in', 'advised, in', 'said, planned', 'said, advised', 'worst short by [%]'], detailed)}`,
    );
  return parts.join('\n\n');
}

const lifeOf = ({ missions, failed }: MissionLife, most: number): string =>
  failed === null && missions === most ? `${missions} or more` : String(missions);

/** What was said and, after the slash, how often the mission then failed. */
const forecastsOf = ({ forecasts }: MissionLife): string =>
  PROMISES.flatMap((said) => {
    const { flown, failed } = forecasts[said];
    return flown + failed === 0 ? [] : [`${said} ${flown + failed}/${failed}`];
  }).join(', ') || '-';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(1)}`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
