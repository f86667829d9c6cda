/** The link to a flight controller on the real interpreter: the same bytes as on Node, and what a slice costs. */
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { interpreter, onDevice } from '../device/interpreter';
import { bundleFirmware } from '../../sim/build/bundle';
import { printedLines } from '../service/deviceScript';
import { streamed } from './stream';

/** As it is flashed: minified, constants in their places. */
const script = bundleFirmware({ entry: path.join(__dirname, 'device.ts'), minify: true }).then(({ code }) => code);

/** What it takes on a machine that does nothing else, and what one that is busy may make of it: `npm run bench` gives the figure. */
const TICK_STEPS = 25;
const BUSY = 2;

onDevice('MAVLink on the interpreter', () => {
  test.each([6, 12, 16])('sends the same bytes as on Node for %i cells', async (cells) => {
    const printed = await printedLines(interpreter, `${await script}device.stream(${cells},130);`);
    const expected = streamed(cells, 130);
    expect(expected.length).toBeGreaterThan(35);
    expect(printed).toEqual(expected);
  });

  test(`takes some ${TICK_STEPS} Leibniz steps a tick at most`, async () => {
    const cost = async (): Promise<number[]> => {
      const [line] = await printedLines(interpreter, `${await script}device.cost(6);`);
      return line!.split(' ').map((tenths) => Number(tenths) / 10);
    };
    // What else the machine does can only make it dearer.
    let worst = Infinity;
    let mean = Infinity;
    for (let tries = 0; tries < 5 && !(worst <= TICK_STEPS); tries++)
      [worst, mean] = (await cost()) as [number, number];
    console.log(`worst slice ${worst}, mean ${mean} Leibniz steps`);
    expect(worst).toBeLessThanOrEqual(BUSY * TICK_STEPS);
  });
});
