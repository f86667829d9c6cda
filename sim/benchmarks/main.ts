/**
 * `npm run bench`: what the simulator and the firmware cost, as ratios to a yardstick of the same run. Nothing here is a
 * test; nothing in the tests is timed.
 */
import { ChannelRun } from '../campaign/channelRun';
import { DirectRun } from '../campaign/directRun';
import { volcano } from '../campaign/volcano';
import { Cell } from '../cell/cell';
import type { PlantKind } from '../cell/createPlant';
import { loadProfile } from '../profiles/profile';
import { formatTable } from '../cli/table';
import { leibnizSteps, medianSeconds } from './leibniz';
import { interpreterRows } from './onInterpreter';
import { pageRows } from './onPage';
import { sweepRow } from './onSweep';
import type { Row } from './row';

const REPEATS = 5;
const profile = loadProfile('afl-l1');

function perLeibniz(): number {
  const count = 2e7;
  leibnizSteps(count);
  return medianSeconds(REPEATS, () => leibnizSteps(count)) / count;
}

function twinSteps(): number {
  const count = 500_000;
  const cell = new Cell(profile);
  const work = (): void => {
    for (let k = 0; k < count; k++) cell.step(k % 2000 < 1000 ? -0.6 : 0.6, 1);
  };
  work();
  return medianSeconds(REPEATS, work) / count;
}

/** 0.2C charge, 1C discharge, rests, full degradation, and the check-up discharge of a copy that `--direct` does every cycle. */
function directCycles(plant: PlantKind): number {
  const options = { charge_C: 0.2, discharge_C: 1, temperature_C: 25, sampleEvery_s: Infinity, plant };
  const count = 100;
  const work = (): void => {
    const run = new DirectRun(profile, options);
    for (let n = 0; n < count; n++) run.advance();
  };
  work();
  return medianSeconds(REPEATS, work) / count;
}

/** Simulated seconds a wall second, the firmware at 10 Hz with every chip. */
function channelSpeed(): number {
  const settings = { charge_C: 0.2, discharge_C: 1, cycles: 0, temperature_C: 25, seed: 1, sampleEvery_s: Infinity };
  const run = new ChannelRun(profile, settings);
  const cycle = (): void => {
    while (run.advance(1e9) === undefined);
  };
  cycle();
  const before_s = run.simulated_s;
  const seconds = medianSeconds(REPEATS, cycle);
  return (run.simulated_s - before_s) / REPEATS / seconds;
}

/** Wall time of the same four rates through the chips on one thread over that on two. */
async function twoThreads(): Promise<number> {
  const seconds = async (threads: number): Promise<number> => {
    const began_ms = performance.now();
    await volcano({
      cell: 'afl-l1',
      rates_C: [1, 1.1, 1.2, 1.3],
      cycles: 60,
      charge_C: 0.2,
      temperature_C: 25,
      direct: false,
      seed: 1,
      threads,
    });
    return (performance.now() - began_ms) / 1000;
  };
  return (await seconds(1)) / (await seconds(2));
}

async function main(): Promise<void> {
  const leibniz_s = perLeibniz();
  const step_s = twinSteps();
  const cycle_s = directCycles('reduced');
  const detailed_s = directCycles('detailed');
  const speed = channelSpeed();
  const tick_s = 0.1 / speed;
  const threads = await twoThreads();
  const rows: Row[] = [
    { what: 'Leibniz step on Node (the yardstick)', value: `${count(1 / leibniz_s)} /s`, leibniz: 1, target: '' },
    { what: 'twin, one step', value: `${count(1 / step_s)} /s`, leibniz: step_s / leibniz_s, target: '' },
    {
      what: 'cycle of the cell alone (--direct)',
      value: `${count(1 / cycle_s)} /s`,
      leibniz: cycle_s / leibniz_s,
      target: '4,000 /s',
    },
    {
      what: 'cycle of the cell alone, detailed plant (--direct --plant detailed)',
      value: `${count(1 / detailed_s)} /s`,
      leibniz: detailed_s / leibniz_s,
      target: '150 /s',
    },
    {
      what: 'firmware, chips and cell at 10 Hz, one tick',
      value: `${count(speed)} x real time`,
      leibniz: tick_s / leibniz_s,
      target: '100,000 x; aim 200,000 x',
    },
    { what: 'a volcano on two threads against one', value: `${threads.toFixed(2)} x`, leibniz: null, target: '1.8 x' },
    await sweepRow(),
    ...(await interpreterRows()),
    ...(await pageRows()),
  ];
  const table = formatTable<Row>(
    [
      { head: 'what', align: 'left', text: (row) => row.what },
      { head: 'measured', text: (row) => row.value },
      { head: 'Leibniz steps', text: (row) => (row.leibniz === null ? '' : figures(row.leibniz)) },
      { head: 'target', align: 'left', text: (row) => row.target },
    ],
    rows,
  );
  process.stdout.write(
    `${table}\nEach Leibniz step is one of the same process: ratios hold on other machines, rates do not.\n`,
  );
}

const count = (value: number): string => Math.round(value).toLocaleString('en');
const figures = (value: number): string => (value >= 100 ? count(value) : value.toPrecision(2));

void main();
