/** Every number that is reproduced, by paper. */
import type { Row } from './row';
import { rows000 } from './papers/000';
import { rows001 } from './papers/001';
import { rows002 } from './papers/002';
import { rows003 } from './papers/003';
import { rows004 } from './papers/004';

export const PAPERS: Readonly<Record<string, readonly Row[]>> = {
  '000': rows000,
  '001': rows001,
  '002': rows002,
  '003': rows003,
  '004': rows004,
};
