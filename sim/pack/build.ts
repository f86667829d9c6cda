import { CYCLE_REST_S, FORMATION_C, FORMATION_CYCLES, FORMATION_REST_S, PATIENCE } from '../campaign/cyclingRun';
import { Cell } from '../cell/cell';
import type { Plant } from '../cell/plant';
import { runStep } from '../cell/step';
import { InputError } from '../errors';
import type { CellProfile } from '../profiles/profile';
import type { PackConfiguration } from './configuration';
import { Pack } from './pack';
import { drawSpread } from './spread';

/** Makes a model of one cell, new and discharged. */
export type CreatePlant = (profile: CellProfile, temperature_C: number) => Plant;

const AGEING_CHARGE_C = 0.2;
const AGEING_DISCHARGE_C = 1;
const AGEING_TEMPERATURE_C = 25;

/**
 * The pack that a configuration describes. Every cell has had its formation and, alone, its share of earlier cycles (0.2C / 1C at
 * 25 degC); it was then discharged to its cut-off at 0.1C and rested. @throws InputError where a cell cannot be aged that far
 */
export function buildPack(
  configuration: PackConfiguration,
  createPlant: CreatePlant = (profile, temperature_C) => new Cell(profile, temperature_C),
): Pack {
  const { cell, series, parallel, temperature_C, busbar_ohm, spread, seed } = configuration;
  const cells = drawSpread(spread, series * parallel, seed).map((difference, k) => {
    const plant = createPlant(withResistance(cell, difference.resistanceScale), AGEING_TEMPERATURE_C);
    age(plant, difference.agedCycles, `cell ${(k % parallel) + 1} of group ${Math.floor(k / parallel) + 1}`);
    plant.temperature_C = temperature_C + difference.temperature_K;
    return { plant, areaScale: difference.areaScale, resistance_ohm: busbar_ohm };
  });
  return new Pack(Array.from({ length: series }, (_, s) => cells.slice(s * parallel, (s + 1) * parallel)));
}

/** The same cell with ohmic and charge-transfer resistance times `scale`; transport and ageing stay as they are. */
export function withResistance(profile: CellProfile, scale: number): CellProfile {
  if (scale === 1) return profile;
  const { Rs, kR, i0a, i0c } = profile.parameters;
  const scaled = { Rs: Rs * scale, kR: kR * scale, i0a: i0a / scale, i0c: i0c / scale };
  return { ...profile, parameters: { ...profile.parameters, ...scaled } };
}

/** Formation, `cycles` cycles and a slow discharge of one cell alone: the clean way to inactive lithium. */
function age(plant: Plant, cycles: number, which: string): void {
  const { chargeCutoff_V, dischargeCutoff_V } = plant.profile;
  const half = (rate_C: number, until_V: number, rest_s: number, after: number): void => {
    const longest_s = (PATIENCE * 3600) / Math.abs(rate_C);
    if (runStep(plant, rate_C * plant.nominal_mAh_cm2, { until_V, longest_s }).end !== 'voltage')
      throw new InputError(`agedCycles is ${cycles} (cycles) for ${which}; allowed: up to ${after}, where it gives up`);
    runStep(plant, 0, { longest_s: rest_s });
  };
  const cycle = (charge_C: number, discharge_C: number, rest_s: number, after: number): void => {
    half(-charge_C, chargeCutoff_V, rest_s, after);
    half(discharge_C, dischargeCutoff_V, rest_s, after);
  };
  for (let n = 0; n < FORMATION_CYCLES; n++) cycle(FORMATION_C, FORMATION_C, FORMATION_REST_S, 0);
  for (let n = 0; n < cycles; n++) cycle(AGEING_CHARGE_C, AGEING_DISCHARGE_C, CYCLE_REST_S, n);
  if (cycles > 0) half(FORMATION_C, dischargeCutoff_V, FORMATION_REST_S, cycles);
}
