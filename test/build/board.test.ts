import { expect, it } from 'vitest';
import { build } from '../../sim/build/build';

it.each(['cycler', 'drone-6s'])('a build for %s carries its hash wherever it says it', async (board) => {
  const { hash, code, parts } = await build({ board });
  const text = [code, ...Object.values(parts)].join();
  expect(text).toContain(`build ${hash} board`);
  expect(text).not.toContain('0'.repeat(16));
});

it.each([
  ['my-channel.json', /^--board "my-channel\.json" is unknown; allowed: cycler, drone-6s; .* flash --config my-channel\.json$/],
  ['toaster', /^--board "toaster" is unknown; allowed: cycler, drone-6s; .* flash --config FILE\.json$/],
])('a build for %s is refused, and it is said where a board file goes', async (board, said) => {
  await expect(build({ board })).rejects.toThrow(said);
});
