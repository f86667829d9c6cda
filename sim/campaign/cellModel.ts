/** What the firmware is told of a cell: the nominal parameters of its profile, as its estimator reads them. */
import { Parameter, type CellModel } from '../../firmware/estimate/cellModel';
import type { Cathode } from '../cell/openCircuit';
import type { Parameters } from '../cell/parameters';
import type { CellProfile } from '../profiles/profile';

/** The curves of sim/cell/openCircuit.ts in the form of CellModel. */
const OPEN_CIRCUIT: Record<Exclude<Cathode, 'none'>, readonly number[]> = {
  ncm811: [3.57, 0.52, 0.17, 0.6, 40, 0, 0],
  ncm622: [3.55, 0.57, 0.17, 0.6, 40, 0, 0],
  ncm523: [3.55, 0.57, 0.17, 0.6, 40, 0, 0],
  lfp: [3.42, 0.012, 0, 0.85, 60, 0.15, 100],
};

/** How far a measured open-circuit curve is off, and the share by which parameters vary from cell to cell. */
const OCV_ERROR_MV = 3;
const SPREAD = 0.2;

/** @throws RangeError for a half cell, which has no state of charge */
export function cellModelOf(profile: CellProfile): CellModel {
  if (profile.cathode === 'none') throw new RangeError(`${profile.name} has no cathode to tell its state of charge`);
  const symbols = Object.keys(Parameter).filter((name) => Number.isNaN(Number(name))) as (keyof Parameters)[];
  return {
    area_cm2: profile.area_cm2,
    chargeTo_V: profile.chargeCutoff_V,
    dischargeTo_V: profile.dischargeCutoff_V,
    ocv: [...OPEN_CIRCUIT[profile.cathode]],
    ocvError_mV: OCV_ERROR_MV,
    spread: SPREAD,
    parameters: symbols.map((symbol) => profile.parameters[symbol]),
  };
}
