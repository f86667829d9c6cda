/** The HoMS membrane against bare copper (Wei et al. 2024): first the membrane's cells, then bare copper in what differs. */
import { rows001 } from '../../reproduce/papers/001';
import type { FreeParameter } from '../fit';
import type { FitStages } from '../stages';

const FULL = ['homs-ncm811', 'homs-lfp', 'bare-copper-ncm811', 'bare-copper-lfp'];
const NCM811 = ['homs-ncm811', 'bare-copper-ncm811'];
const HOMS = ['homs-ncm811', 'homs-lfp', 'homs-half'];
const ALL = [...FULL, 'homs-half', 'bare-copper-half'];

const own = (symbol: FreeParameter['symbol'], cell: string, min: number, max: number): FreeParameter => ({
  symbol,
  cells: [cell],
  near: null,
  min,
  max,
});
const shared = (
  symbol: FreeParameter['symbol'],
  cells: readonly string[],
  min: number,
  max: number,
): FreeParameter => ({
  symbol,
  cells,
  near: null,
  min,
  max,
});

const fitted = rows001.filter((row) => row.basis === 'fitted');
/** Each stage fits what its rows depend on, given the stages before. */
const about = (...words: readonly string[]) =>
  fitted.filter(({ quantity }) => words.some((word) => quantity.startsWith(word)));

export const membrane: FitStages = [
  () => ({
    free: [own('s0', 'homs-half', 1e-4, 0.01), shared('P0', ALL, 0.01, 0.5), shared('Rs', HOMS, 0.1, 10)],
    rows: about('Li|Cu, HoMS', 'symmetric cell, HoMS'),
  }),
  () => ({
    free: [
      shared('Qcat', FULL, 1.5, 1.9),
      shared('i0c', NCM811, 0.02, 10),
      shared('taud', NCM811, 0.1, 400),
      own('s0', 'homs-ncm811', 1e-4, 0.01),
    ],
    rows: about('homs-ncm811'),
  }),
  () => ({ free: [own('s0', 'homs-lfp', 1e-5, 0.01)], rows: about('homs-lfp') }),
  () => ({
    free: [own('s0', 'bare-copper-half', 1e-3, 0.05), own('Qdry', 'bare-copper-half', 0.1, 20)],
    rows: about('Li|Cu, bare', 'symmetric cell, bare'),
  }),
  () => ({
    free: [
      own('s0', 'bare-copper-ncm811', 1e-4, 0.02),
      shared('Qdry', ['bare-copper-ncm811', 'bare-copper-lfp'], 0.1, 20),
    ],
    rows: about('bare-copper-ncm811').filter(({ contradictory }) => contradictory === undefined),
  }),
  () => ({ free: [own('s0', 'bare-copper-lfp', 1e-5, 0.02)], rows: about('bare-copper-lfp') }),
];
