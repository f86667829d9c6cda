/** Stable against routine interphase (Cheng et al. 2023). The heat has a fit of its own (`sim/fit/thermal.ts`). */
import { rows003 } from '../../reproduce/papers/003';
import type { Row } from '../../reproduce/row';
import { freeParameter } from '../fit';
import type { FitStages } from '../stages';

const TRI_SALT = ['tri-salt-coin', 'tri-salt-pouch', 'tri-salt-half'];
const ROUTINE = ['routine-coin', 'routine-pouch', 'routine-half', 'routine-symmetric'];
const POUCHES = ['tri-salt-pouch', 'routine-pouch'];

/** Fitted rows whose quantity begins with one of these. */
const about = (...begins: readonly string[]): Row[] =>
  rows003.filter(({ basis, quantity }) => basis === 'fitted' && begins.some((begin) => quantity.startsWith(begin)));

/** Each stage fits what its rows depend on, given the stages before. */
export const interphase: FitStages = [
  () => ({ free: [freeParameter('s0', TRI_SALT, 1e-3, 0.02)], rows: about('Li|Cu, tri-salt') }),
  () => ({ free: [freeParameter('kR', [...TRI_SALT, ...ROUTINE], 1, 100)], rows: about('tri-salt-coin') }),
  () => ({ free: [freeParameter('Qdry', POUCHES, 0.5, 20)], rows: about('tri-salt-pouch') }),
  () => ({ free: [freeParameter('s0', ROUTINE, 0.01, 0.2)], rows: about('routine-coin') }),
  () => ({ free: [freeParameter('Qdry', ['routine-half'], 0.1, 20)], rows: about('Li|Cu, routine') }),
  () => ({ free: [freeParameter('gamG', ['routine-symmetric'], 0.01, 100)], rows: about('symmetric cell, routine') }),
];
