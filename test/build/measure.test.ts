import { expect, it } from 'vitest';
import { build } from '../../sim/build/build';
import { measureBuild } from '../../sim/hil/measure';
import { interpreter, onDevice } from '../device/interpreter';

/** Of the 4,100 to 5,000 that an ESP32 has, counted in its vars of 16 bytes. */
const MOST_VARS = 2800;
/** In the mean, 110 on a machine that does nothing else; other work slows the ticks more than the loop they are compared with. */
const MOST_STEPS = 220;

onDevice('a built channel', () => {
  it('fits the memory of a board, and its ticks their time', { timeout: 60_000 }, async () => {
    const cost = await measureBuild(await build({ board: 'cycler' }), interpreter);
    console.log(JSON.stringify(cost));
    expect(cost.boardVars).toBeGreaterThan(cost.vars);
    expect(cost.boardVars).toBeLessThan(MOST_VARS);
    expect(cost.meanTick_leibniz).toBeGreaterThan(40);
    expect(cost.meanTick_leibniz).toBeLessThan(MOST_STEPS);
  });
});
