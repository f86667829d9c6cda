/** A run in which a cell flies missions until it can fly no more, as `simulate --mission` does. */
import { withParameters } from '../../campaign/profileOf';
import type { PlantKind } from '../../cell/createPlant';
import { InputError } from '../../errors';
import { flyLife } from '../../mission/flyLife';
import { loadMission } from '../../mission/mission';
import { mismatched } from '../../profiles/mismatch';
import { loadProfile } from '../../profiles/profile';
import type { ResidueRule } from '../../profiles/terms';
import type { DesignedRun } from '../design/runs';
import type { MissionOptions } from '../../mission/missionRun';
import { parametersOf } from './parametersOf';
import { column, type RunResult } from './result';

/** As of `simulate --mission`. */
const OCV_ERROR_MV = 3;
const MOST = 1000;

export const MISSION_OPTIONS = [
  'cell',
  'mission',
  'missions',
  'advice',
  'temperature_C',
  'plant',
  'residue',
  'mismatch',
  'times',
  'parameters',
];

export const MISSION_COLUMNS = [
  column('missionsFlown', 'whole', 'missions before the first that failed'),
  column('missionEnergy_Wh', 'number', 'energy of the flown missions, of one cell'),
  column('minVoltage_V', 'number', 'lowest voltage of the flown missions'),
  column('failedPhase', 'text', 'which phase of the next mission reached the cut-off; null: none did'),
  column('landingsPromised', 'whole', 'missions whose landing the firmware called affordable'),
  column('promisesBroken', 'whole', 'of those the ones that failed'),
  column('advised', 'whole', "missions whose cruise followed the firmware's advice"),
];

/** @throws InputError */
export function missionOptions({ values, seed }: Pick<DesignedRun, 'values' | 'seed'>): MissionOptions {
  const cell = (values.cell as string | undefined) ?? 'afl-l1';
  const own = withParameters(loadProfile(cell, values.residue as ResidueRule | undefined), parametersOf(values) ?? {});
  if (own.kind !== 'full') throw new InputError(`cell is "${cell}", a half cell; allowed with a mission: a full cell`);
  const share = (values.mismatch as number | undefined) ?? 0;
  return {
    mission: loadMission(values.mission as string),
    truth: share > 0 ? mismatched(own, share, seed, OCV_ERROR_MV) : own,
    believed: own,
    plant: (values.plant as PlantKind | undefined) ?? 'reduced',
    temperature_C: (values.temperature_C as number | undefined) ?? 25,
    seed,
    variation: 0,
    advice: (values.advice as boolean | undefined) ?? true,
  };
}

export function runMissions(run: DesignedRun, signal: AbortSignal): RunResult {
  const options = missionOptions(run);
  const life = flyLife(options, (run.values.missions as number | undefined) ?? MOST, () => !signal.aborted);
  const { affordable } = life.forecasts;
  return {
    values: {
      missionsFlown: life.missions,
      missionEnergy_Wh: life.energy_Wh,
      minVoltage_V: Number.isFinite(life.minVoltage_V) ? life.minVoltage_V : null,
      failedPhase: life.failed?.phase ?? null,
      landingsPromised: affordable.flown + affordable.failed,
      promisesBroken: affordable.failed,
      advised: life.advised,
    },
    cycles: [],
  };
}
