/** What `npm start` shows: the volcano of the paper's first cell at four rates, and where the firmware steers, all on simulated chips. */
import { runAsProcess } from './process';
import { services } from './wiring';

const demonstration = [
  'volcano',
  '--cell',
  'afl-l1',
  '--rates',
  '0.5,1,2,3',
  '--cycles',
  '100',
  '--out',
  'results/volcano-afl-l1',
];

void runAsProcess([...demonstration, ...process.argv.slice(2)], services);
