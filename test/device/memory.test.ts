import { expect, it } from 'vitest';
import { arrayBytes, onBoard } from '../../sim/hil/memory';
import { runOnInterpreter } from '../../sim/hil/run';
import { interpreter, onDevice } from './interpreter';
import { CountingWorld } from './countingWorld';

onDevice('JsVars', () => {
  it('an empty program counts as nearly nothing', async () => {
    const { memory } = await runOnInterpreter({
      interpreter,
      bundle: 'global.caldera={bms:{n:0}};setTimeout(function tick(){caldera.bms.n++;setTimeout(tick,100);},100);',
      createWorld: () => new CountingWorld(),
      done: () => false,
      maxTicks: 5,
    });
    expect(memory.booted).toBeGreaterThan(0);
    expect(memory.booted).toBeLessThan(100);
  });
});

it('arrays take more of smaller vars, all else as many', () => {
  const numbers = new Float64Array(54);
  const state = { a: numbers, b: numbers.subarray(3), c: { d: new Uint8Array(3) } };
  expect(arrayBytes(state)).toEqual([432, 3]);
  expect(onBoard(100, 27, arrayBytes(state))).toBe(100 - 16 + 27);
});
