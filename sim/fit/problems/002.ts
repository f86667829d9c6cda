/** Solid electrolyte (Huang et al. 2023): onset of the shorts, resistance, and the slow cathode of the full cells. */
import { rows002 } from '../../reproduce/papers/002';
import type { FitStages } from '../stages';

const HALF = ['criec-half', 'super-p-half', 'copper-solid-half'];
const NCM622 = ['criec-ncm622', 'copper-solid-ncm622'];
const NCM811 = ['criec-ncm811', 'copper-solid-ncm811'];
const FULL = [...NCM622, ...NCM811, 'criec-pouch'];

export const solid: FitStages = [
  () => ({
    free: [
      { symbol: 'Rs', cells: [...HALF, ...FULL], min: 1, max: 200 },
      { symbol: 'kR', cells: [...HALF, ...FULL], min: 0.01, max: 20 },
      { symbol: 'Qshort', cells: ['super-p-half'], min: 0.05, max: 1 },
      { symbol: 'Qshort', cells: ['copper-solid-half'], min: 0.002, max: 0.05 },
      { symbol: 'Qcat', cells: NCM622, min: 1, max: 5 },
      { symbol: 'Qcat', cells: NCM811, min: 1, max: 5 },
      { symbol: 'taud', cells: FULL, min: 100, max: 90000 },
    ],
    // The nucleation overpotentials are taken, not fitted; what the others are compared with, the fit meets.
    rows: rows002.filter(({ basis, quantity }) => basis === 'fitted' && !/nucleation|pouch/.test(quantity)),
  }),
];
