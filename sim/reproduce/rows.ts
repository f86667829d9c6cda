/** Every number that is reproduced, by paper. */
import type { Row } from './row';
import { rows000 } from './papers/000';

export const PAPERS: Readonly<Record<string, readonly Row[]>> = {
  '000': rows000,
};
