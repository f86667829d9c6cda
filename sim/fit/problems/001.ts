/** The HoMS membrane against bare copper (Wei et al. 2024): first the membrane's cells, then bare copper in what differs. */
import { rows001 } from '../../reproduce/papers/001';
import type { Row } from '../../reproduce/row';
import { freeParameter } from '../fit';
import type { FitStages } from '../stages';

const NCM811 = ['homs-ncm811', 'bare-copper-ncm811'];
const FULL = [...NCM811, 'homs-lfp', 'bare-copper-lfp'];
const HOMS = ['homs-ncm811', 'homs-lfp', 'homs-half'];
const BARE = ['bare-copper-ncm811', 'bare-copper-lfp'];

/** Fitted rows whose quantity begins with one of these; where the paper contradicts itself, nothing is fitted. */
const about = (...begins: readonly string[]): Row[] =>
  rows001.filter(
    ({ basis, contradictory, quantity }) =>
      basis === 'fitted' && contradictory === undefined && begins.some((begin) => quantity.startsWith(begin)),
  );

/** Each stage fits what its rows depend on, given the stages before. */
export const membrane: FitStages = [
  () => ({
    free: [
      freeParameter('s0', ['homs-half'], 1e-4, 0.01),
      freeParameter('io', ['homs-half'], 1e-4, 0.01),
      freeParameter('kP', ['homs-half'], 1, 100),
      freeParameter('Rs', HOMS, 0.1, 10),
    ],
    rows: about('Li|Cu, HoMS', 'symmetric cell, HoMS'),
  }),
  () => ({
    free: [
      freeParameter('Qcat', FULL, 1.5, 1.9),
      freeParameter('i0c', NCM811, 0.02, 10),
      freeParameter('taud', NCM811, 0.1, 400),
      freeParameter('s0', ['homs-ncm811'], 1e-4, 0.01),
    ],
    rows: about('homs-ncm811'),
  }),
  () => ({ free: [freeParameter('s0', ['homs-lfp'], 1e-5, 0.01)], rows: about('homs-lfp') }),
  () => ({
    free: [freeParameter('s0', ['bare-copper-half'], 1e-3, 0.05), freeParameter('Qdry', ['bare-copper-half'], 0.1, 20)],
    rows: about('Li|Cu, bare', 'symmetric cell, bare'),
  }),
  () => ({
    free: [freeParameter('s0', ['bare-copper-ncm811'], 1e-4, 0.02), freeParameter('Qdry', BARE, 0.1, 20)],
    rows: about('bare-copper-ncm811'),
  }),
  () => ({ free: [freeParameter('s0', ['bare-copper-lfp'], 1e-5, 0.02)], rows: about('bare-copper-lfp') }),
];
