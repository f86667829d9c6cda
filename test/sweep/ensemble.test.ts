import { afterAll, beforeAll, expect, it } from 'vitest';
import { asSet, drawMember } from '../../sim/fit/ensemble';
import { PROBLEMS } from '../../sim/fit/problems';
import { misfitOf } from '../../sim/fit/stages';
import { unpack } from '../../sim/sweep/engine/chunk';
import { openPool, type Pool } from '../../sim/sweep/engine/pool';

let pool: Pool;
beforeAll(() => {
  pool = openPool(1);
});
afterAll(() => pool.close());

it('a draw of the ensemble on a thread of the engine is the draw of its seed', async () => {
  const spec = { kind: 'ensemble' as const, problem: 'volcano', draws: 5, iterations: 1 };
  const { data } = await pool.run({ id: 'test', spec, from: 2, to: 3 });
  const { row } = unpack(data, { from: 2, to: 3 })[0]!;
  const member = drawMember(PROBLEMS.volcano!, 3, { iterations: 1 });
  expect(row).toEqual([2, 3, misfitOf(member), JSON.stringify(asSet(member)), null]);
});
