/** `simulate --mission`: one cell flies a mission until it fails or as often as was asked. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PlantKind } from '../cell/createPlant';
import { InputError } from '../errors';
import { mismatched } from '../profiles/mismatch';
import { loadProfile } from '../profiles/profile';
import type { ResidueRule } from '../profiles/terms';
import type { OnProgress } from '../results/types';
import { summarizeMissions, type MissionLife } from './flyLife';
import { loadMission } from './mission';
import { MissionRun, type FlightSecond, type MissionResult } from './missionRun';

export interface MissionCommandOptions {
  /** Name or file. */
  mission: string;
  cell: string;
  rule?: ResidueRule;
  plant: PlantKind;
  temperature_C: number;
  /** The true cell's parameters differ from the firmware's profile by up to this share, 0 to 0.5. */
  mismatch: number;
  seed: number;
  /** Most missions. */
  missions: number;
  advice: boolean;
}

/** The JSON of the command. Energies are of one cell. */
export interface MissionReport {
  cell: string;
  mission: string;
  missions: MissionResult[];
  summary: MissionLife;
}

/** Error of a mismatched cell's open-circuit voltage, rms. */
const OCV_ERROR_MV = 3;

/** @throws InputError for a cell or a mission that cannot be */
export async function runMissions(
  options: MissionCommandOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
  onSecond?: (second: FlightSecond) => void,
): Promise<MissionReport> {
  const believed = loadProfile(options.cell, options.rule);
  if (believed.kind !== 'full')
    throw new InputError(`--cell is "${options.cell}", a ${believed.kind} cell; allowed with --mission: a full cell`);
  const mission = loadMission(options.mission);
  const { plant, temperature_C, seed, advice } = options;
  const truth = options.mismatch > 0 ? mismatched(believed, options.mismatch, seed, OCV_ERROR_MV) : believed;
  const run = new MissionRun({
    mission,
    truth,
    believed,
    plant,
    temperature_C,
    seed,
    variation: 0,
    advice,
    ...(onSecond && { onSecond }),
  });
  const missions: MissionResult[] = [];
  while (missions.length < options.missions && !signal?.aborted) {
    const result = run.fly();
    missions.push(result);
    if (!result.flown) break;
    onProgress?.(missions.length / options.missions, `mission ${missions.length} of ${options.missions}`);
    await nextTurn();
  }
  return { cell: believed.name, mission: mission.name, missions, summary: summarizeMissions(missions, mission) };
}

/** The report in words. */
export function describeMissions({ cell, mission, missions, summary }: MissionReport): string {
  const { failed } = summary;
  const shown = missions.filter(
    (_, index) => index % Math.ceil(missions.length / 12) === 0 || index === missions.length - 1,
  );
  const rows = shown.map((one) =>
    [
      String(one.n).padStart(7),
      (one.flown ? 'yes' : 'no').padStart(5),
      one.energy_Wh.toFixed(3).padStart(9),
      one.minVoltage_V.toFixed(3).padStart(9),
      `  ${(one.promised ?? '-').padEnd(14)}`,
      one.advice === null
        ? ''
        : `${one.advice.early.toFixed(2)} / ${one.advice.late.toFixed(2)} for ${one.advice.late_s.toFixed(0)} s`,
    ].join(' '),
  );
  const advice = missions.find((one) => one.advice !== null)?.advice;
  return [
    `${cell}, mission ${mission}: ${summary.missions} flown${failed === null ? '' : `; then the ${failed.phase} ended after ${failed.after_s} of ${failed.asked_s} s`}`,
    '',
    'mission flown energy/Wh lowest/V  landing        cruise power / planned, early / late',
    ...rows,
    '',
    `energy ${summary.energy_Wh.toFixed(1)} Wh; landings promised ${summary.forecasts.affordable.flown + summary.forecasts.affordable.failed}, of which failed ${summary.forecasts.affordable.failed}`,
    ...(advice ? [`cruise: ${advice.text}`] : []),
    '',
  ].join('\n');
}
