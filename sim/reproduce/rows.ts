/** Every number that is reproduced, by paper. */
import type { Row } from './row';
import { rows000 } from './papers/000';
import { rows002 } from './papers/002';
import { rows004 } from './papers/004';

export const PAPERS: Readonly<Record<string, readonly Row[]>> = {
  '000': rows000,
  '002': rows002,
  '004': rows004,
};
