/** A cell and its heat balance, coupled both ways. */
import { emptyCathode, ocvError_V, openCircuit } from '../cell/openCircuit';
import type { Plant } from '../cell/plant';
import type { CellProfile } from '../profiles/profile';
import { ageingFactor, HeatBalance } from './heatBalance';
import { loadThermalProfile, thermalProfileNames } from './profile';

/** An assumption that is off unless asked for. */
export interface SelfHeatOptions {
  /** The first reaction follows the inactive metal in the cell (`ageingFactor`). Default false: as measured, aged to 80 %. */
  ageing?: boolean;
}

/**
 * Heat that a cell generates [W] at current density `i` [mA/cm2, discharge positive], from its last step: what leaves the
 * cathode's open-circuit energy and does not come out at the terminals. With the electrodes at `i + leak`,
 *
 *   (i + leak) U - i V  =  i (U - V) + leak U
 *
 * so it holds every loss that the voltage holds (ohmic, reaction, concentration on both sides, nucleation), and the whole
 * energy of what an internal short discharges. A half cell stores none: all work done on it is heat. Reversible (entropic) heat
 * is left out.
 */
export function heatOfCell_W(cell: Plant, i: number): number {
  const { kind, cathode, ocvError } = cell.profile;
  if (kind === 'half') return (cell.area_cm2 * i * cell.voltage_V) / 1000;
  const error_V = ocvError ? ocvError_V(ocvError, cell.soc) : 0;
  const openCircuit_V = openCircuit(cathode, cell.soc) + emptyCathode(cell.soc) + error_V;
  return (cell.area_cm2 * (i * (openCircuit_V - cell.voltage_V) + cell.leak_mA_cm2 * openCircuit_V)) / 1000;
}

/**
 * The heat balance of a cell with `cooling_W_K` [W/K, from 0: adiabatic] to surroundings at `ambient_C` [degC]. A cell that has not
 * been in a calorimeter has a heat capacity and no reactions: it warms, and never runs away.
 */
export function balanceOf(profile: CellProfile, ambient_C: number, cooling_W_K: number): HeatBalance {
  const thermal = loadThermalProfile(profile.thermal ?? thermalProfileNames()[0]!);
  const reactions = profile.thermal === null ? [] : thermal.reactions;
  return new HeatBalance({ ...thermal, reactions }, { area_cm2: profile.area_cm2, ambient_C, cooling_W_K });
}

/** Takes the heat of a step that the cell has just done, and gives the cell its new temperature. */
export function warm(cell: Plant, balance: HeatBalance, i: number, dt_s: number): void {
  balance.step(heatOfCell_W(cell, i), dt_s);
  cell.temperature_C = balance.temperature_C;
}

/**
 * One step of `dt_s` [s] of a cell at the temperature of its heat balance; the heat of the step warms the balance and the next
 * step of the cell is at the new temperature. Both keep their own state: several cells may not share a balance.
 *
 * After runaway the cell is no cell any more: it is left as it is, and only the reactions and the cooling go on.
 * @returns the heat generated [W], 0 after runaway
 */
export function selfHeat(
  cell: Plant,
  balance: HeatBalance,
  i: number,
  dt_s: number,
  options: SelfHeatOptions = {},
): number {
  let heat_W = 0;
  if (balance.runaway_C === null) {
    cell.temperature_C = balance.temperature_C;
    cell.step(i, dt_s);
    heat_W = heatOfCell_W(cell, i);
    if (options.ageing) balance.seiFactor = ageingFactor(cell.isolated + cell.dead, cell.nominal_mAh_cm2);
  }
  balance.step(heat_W, dt_s);
  cell.temperature_C = balance.temperature_C;
  return heat_W;
}
