import { expect, it } from 'vitest';
import { build } from '../../sim/build/build';
import { measureBuild } from '../../sim/hil/measure';
import { interpreter, onDevice } from '../device/interpreter';

/**
 * Of the 4,100 to 5,000 vars of 16 bytes that an ESP32 has; and the mean tick, which a busy machine may make twice as dear as it is:
 * `caldera build` tells the figure.
 */
const BUDGETS = [
  { board: 'cycler', most_vars: 2800, most_steps: 2 * 105 },
  { board: 'drone-6s', most_vars: 3300, most_steps: 2 * 170 },
];

onDevice('a built firmware', () => {
  it.each(BUDGETS)('of $board fits the memory of a board, and its ticks their time', async ({ board, ...budget }) => {
    const cost = await measureBuild(await build({ board }), interpreter);
    console.log(board, JSON.stringify(cost));
    expect(cost.boardVars).toBeGreaterThan(cost.vars);
    expect(cost.boardVars).toBeLessThan(budget.most_vars);
    expect(cost.meanTick_leibniz).toBeGreaterThan(40);
    expect(cost.meanTick_leibniz).toBeLessThan(budget.most_steps);
  });
});
