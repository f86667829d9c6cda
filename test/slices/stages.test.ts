import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Stage } from '../../firmware/estimate/estimator';
import { Steers } from '../../firmware/steer/steer';
import { Watching } from '../../firmware/watch/observe';
import { bundleFirmware } from '../../sim/build/bundle';
import { interpreter, onDevice } from '../device/interpreter';

/** What one stage may cost, in Leibniz steps, and what a busy machine may make of it. */
const MOST_STEPS = 25;
const BUSY = 2;
/** What an interrupt teaches is learned while the current settles, and the protocol looks at its step in every tick. */
const SETTLES_STEPS = 8;
/** As the program numbers them. */
const FLOWS = 47;
const WATCH_FROM = 48;
const STEER_FROM = 56;
/** Not in this life: the cell is lost after bad data alone, and its voltages are far from saturation. */
const NOT_SEEN = [Stage.Located, Stage.Settled, Stage.Saturation];

const isOfInterrupt = (stage: number): boolean => stage >= Stage.Exponent && stage <= Stage.Fast;

function nameOf(stage: number): string {
  if (stage === FLOWS) return 'current flows';
  if (stage < WATCH_FROM) return Stage[stage]!;
  return stage < STEER_FROM ? `watch ${Watching[stage - WATCH_FROM]}` : `steer ${Steers[stage - STEER_FROM]}`;
}

onDevice('the work of a second and of a cycle on the interpreter', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-stages-'));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  test(`no stage takes much more than ${MOST_STEPS} Leibniz steps`, async () => {
    const { code } = await bundleFirmware({ entry: path.join(__dirname, 'stagesProgram.ts'), minify: true });
    fs.writeFileSync(path.join(folder, 'program.js'), code);
    const { stdout } = spawnSync(interpreter, ['program.js'], { cwd: folder, encoding: 'latin1', timeout: 170_000 });
    expect(stdout).not.toContain('Uncaught');
    expect(stdout).toContain('#fault 0 cycles 8 8');
    const seen = new Map(
      [...stdout.matchAll(/#stage (\d+) (-?\d+) (\d+)/g)].map(([, stage, tenths]) => [
        Number(stage),
        Number(tenths) / 10,
      ]),
    );
    const costs = [...seen].filter(([stage]) => stage !== Stage.Idle && stage !== FLOWS);
    console.info([...seen].map(([stage, steps]) => `${nameOf(stage)} ${steps}`).join(', '));
    const missing = Object.values(Stage).filter(
      (stage) => typeof stage === 'number' && !NOT_SEEN.includes(stage) && !seen.has(stage),
    );
    expect(missing.map((stage) => Stage[stage as number])).toEqual([]);
    for (const stages of [WATCH_FROM + Watching.Nothing, WATCH_FROM + Watching.Life, STEER_FROM + Steers.Follow])
      expect(seen.has(stages), nameOf(stages)).toBe(true);
    const slow = costs.filter(
      ([stage, steps]) => steps > BUSY * (MOST_STEPS + (isOfInterrupt(stage) ? SETTLES_STEPS : 0)),
    );
    expect(slow.map(([stage, steps]) => `${nameOf(stage)}: ${steps}`)).toEqual([]);
    const mean = costs.reduce((sum, [, steps]) => sum + steps, 0) / costs.length;
    expect(mean).toBeLessThan(MOST_STEPS);
  });
});
