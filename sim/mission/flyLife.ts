/** Missions until the first that fails, and what they add up to. */
import type { Mission } from './mission';
import { MissionRun, PROMISES, type MissionOptions, type MissionResult, type Promised } from './missionRun';

/** A life in missions. Energies are of one cell. */
export interface MissionLife {
  /** Flown before the first that failed. */
  missions: number;
  /** That one; null where none did within the most that were asked for. */
  failed: (NonNullable<MissionResult['failed']> & { promised: Promised | null }) | null;
  /** Of flown missions. */
  energy_Wh: number;
  minVoltage_V: number;
  /** Missions with a landing forecast, by what it said and whether the mission was then flown; the same of the model alone. */
  forecasts: Record<Promised, { flown: number; failed: number }>;
  byModel: Record<Promised, { flown: number; failed: number }>;
  /** The most that a promised landing fell short of what was asked [% of its time, in whole seconds]; 0: none did. */
  brokenBy_pct: number;
  /** Missions whose cruise followed an advice other than "as planned", and its mean factors and length. */
  advised: number;
  meanEarly: number | null;
  meanLate: number | null;
  meanLate_s: number | null;
  /** Energy of the cruise, mean over flown missions. */
  cruise_Wh: number;
}

/** Flies until a mission fails, at most `most` times. */
export function flyLife(
  options: MissionOptions,
  most: number,
  onMission?: (result: MissionResult) => boolean,
): MissionLife {
  const run = new MissionRun(options);
  const results: MissionResult[] = [];
  while (results.length < most) {
    const result = run.fly();
    results.push(result);
    if (!result.flown || onMission?.(result) === false) break;
  }
  return summarizeMissions(results, options.mission);
}

export function summarizeMissions(results: readonly MissionResult[], mission: Mission): MissionLife {
  const flown = results.filter((result) => result.flown);
  const last = results.at(-1);
  const advised = results.flatMap(({ advice }) => (advice?.reason === 'Advised' ? [advice] : []));
  const mean = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
  const asked_s = mission.phases.at(-1)!.duration_s;
  const broken = results.filter(({ promised, flown: well }) => promised === 'affordable' && !well);
  return {
    missions: flown.length,
    failed: last && last.failed ? { ...last.failed, promised: last.promised } : null,
    energy_Wh: flown.reduce((sum, { energy_Wh }) => sum + energy_Wh, 0),
    minVoltage_V: flown.reduce((least, { minVoltage_V }) => Math.min(least, minVoltage_V), Infinity),
    forecasts: count(results, ({ promised }) => promised),
    byModel: count(results, ({ byModel }) => byModel),
    brokenBy_pct: broken.reduce((most, { failed }) => Math.max(most, 100 * (1 - (failed!.after_s - 1) / asked_s)), 0),
    advised: advised.length,
    meanEarly: mean(advised.map(({ early }) => early)),
    meanLate: mean(advised.map(({ late }) => late)),
    meanLate_s: mean(advised.map(({ late_s }) => late_s)),
    cruise_Wh: mean(flown.map(({ cruise_Wh }) => cruise_Wh)) ?? 0,
  };
}

function count(
  results: readonly MissionResult[],
  said: (result: MissionResult) => Promised | null,
): Record<Promised, { flown: number; failed: number }> {
  return Object.fromEntries(
    PROMISES.map((promise) => {
      const those = results.filter((result) => said(result) === promise);
      const well = those.filter(({ flown }) => flown).length;
      return [promise, { flown: well, failed: those.length - well }];
    }),
  ) as Record<Promised, { flown: number; failed: number }>;
}
