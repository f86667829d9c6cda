/** Firmware on the real interpreter, over TCP, by the espruino tool: what is started, when, and what is fallen back to. */
import { expect, test } from 'vitest';
import { flash, withBoard } from './rig';
import { standIn } from './standIn';
import { onDevice } from '../device/interpreter';

onDevice('flash', () => {
  test.concurrent('an empty board, then a newer firmware, then one that fails its self-test', () =>
    withBoard(async (board, port) => {
      const first = await flash(port, { built: await standIn(1) });
      expect(first).toMatchObject({ slot: 'a', loader: true, config: false, interpreter: { board: 'LINUX' } });
      expect(first.files.map(({ name, uploaded }) => [name, uploaded])).toEqual([
        ['a-main', true],
        ['a-boot', true],
        ['a-serve', true],
      ]);
      expect(first.start).toMatchObject({ runs: 'a: cycler 0.0.1 0123456789abcde1', asFlashed: true, confirmed: true });
      expect(await board.evaluate('standIn')).toBe('1');

      const second = await flash(port, { built: await standIn(2), config: '{"of":"second"}' });
      expect(second).toMatchObject({ slot: 'b', loader: false, config: true });
      expect(second.start).toMatchObject({ asFlashed: true, selfTest: 'ready', confirmed: true });
      await board.reset();
      await board.says(/#firmware b: cycler 0\.0\.2 .*\r?\n#stand-in 2/);

      const starts = board.starts;
      const third = await flash(port, { built: await standIn(3, false), config: '{"of":"third"}' });
      expect(third.slot).toBe('a');
      expect(third.start).toMatchObject({
        runs: 'b: cycler 0.0.2 0123456789abcde2',
        asFlashed: false,
        selfTest: 'ready',
        confirmed: true,
      });
      expect(third.start.said.filter((line) => line.startsWith('self-test failed'))).toHaveLength(2);
      expect(third.start.said).toContain(
        'firmware a: cycler 0.0.3 0123456789abcde3 failed two starts: back to the one before it',
      );
      expect(board.starts - starts).toBe(2);
      expect(await board.evaluate('require("Storage").read("caldera.json")')).toBe('{"of":"second"}');
      await board.reset();
      await board.says(/#stand-in 2/);

      // What was rejected is what the next one takes the place of.
      const fourth = await flash(port, { built: await standIn(4) });
      expect(fourth).toMatchObject({ slot: 'a', start: { asFlashed: true, confirmed: true } });
      expect(await board.evaluate('require("Storage").read("caldera.json")')).toBe('{"of":"second"}');
    }),
  );

  test.concurrent('a firmware with nothing to go back to stays, self-test or not', () =>
    withBoard(async (board, port) => {
      const { start } = await flash(port, { built: await standIn(1, false) });
      expect(start).toMatchObject({ asFlashed: true, selfTest: 'a part is missing', confirmed: null });
      for (let k = 0; k < 3; k++) {
        await board.reset();
        await board.says(/#stand-in 1/);
      }
    }),
  );

  test.concurrent('what is built may depend on what is there', () =>
    withBoard(async (board, port) => {
      const asked: (string | undefined)[] = [];
      const built = async (kind = 'drone-6s') => ({ ...(await standIn(asked.length)), board: kind });
      for (let k = 0; k < 2; k++) await flash(port, { built: (kind) => (asked.push(kind), built(kind)) });
      expect(asked).toEqual([undefined, 'drone-6s']);
      await board.reset();
      await board.says(/#firmware b: drone-6s 0\.0\.2 /);
    }),
  );

  test.concurrent('damage in flash is found at the next start', () =>
    withBoard(async (board, port) => {
      const [first, second] = [await standIn(1), await standIn(2)];
      await flash(port, { built: first });
      await flash(port, { built: second });
      board.damage(second.parts.boot!);
      await board.reset();
      await board.says(/#firmware b: .* is damaged in flash\r?\n#firmware a: .*\r?\n#stand-in 1/);
      board.damage(first.parts.serve!);
      await board.reset();
      await board.says(/#no firmware in flash is whole.*\r?\n#To recover: connect the board and type caldera flash/);
      expect(await board.evaluate('typeof standIn')).toBe('undefined');
      const { start } = await flash(port, { built: await standIn(3) });
      expect(start.asFlashed).toBe(true);
    }),
  );

  test.concurrent('a firmware on trial is what the next takes the place of', () =>
    withBoard(async (board, port) => {
      await flash(port, { built: await standIn(1) });
      const silent = { ...(await standIn(2)), code: 'global.standIn=2;print("#ready");' };
      expect((await flash(port, { built: silent })).start).toMatchObject({ asFlashed: true, confirmed: false });
      expect(await flash(port, { built: await standIn(3) })).toMatchObject({ slot: 'b', start: { confirmed: true } });
      expect(await board.evaluate('standIn')).toBe('3');
    }),
  );

  test.concurrent('where there is no room for two firmwares the one before goes, and what is left says so', () =>
    withBoard(async (board, port) => {
      await flash(port, { built: await standIn(1) });
      expect(await flash(port, { built: await standIn(2) })).toMatchObject({ alone: false, slot: 'b' });
      // The last 64 KB are the records'.
      const s = 'require("Storage")';
      await board.evaluate(`(${s}.compact(),${s}.write("big","x",0,${s}.getFree()-65536-500))`);
      const third = await flash(port, { built: await standIn(3) });
      expect(third).toMatchObject({ alone: true, slot: 'a', start: { asFlashed: true, confirmed: true } });
      expect(await board.evaluate('require("Storage").read("b-manifest")')).toBe('undefined');
    }),
  );

  test.concurrent('the code is run where it lies in flash', () =>
    withBoard(async (board, port) => {
      const built = await standIn(1);
      const texts = Array.from({ length: 40 }, (_, k) => `function f${k}(){return '${'long '.repeat(60)}'}`);
      const code = `(function(){${texts.join('')}global.functions=[${texts.map((_, k) => `f${k}`).join()}]})();`;
      await flash(port, { built });
      const before = Number(await board.evaluate('process.memory().usage'));
      await flash(port, { built: { ...built, code: `${built.code}${code}` } });
      // Each function takes a handful of variables, its text of 300 characters none: it would take 12 to 25.
      const usage = Number(await board.evaluate('process.memory().usage')) - before;
      expect(usage).toBeGreaterThan(40);
      expect(usage).toBeLessThan(40 * 9);
    }),
  );

  test.concurrent('what an interrupted program typed before is no obstacle', () =>
    withBoard(async (board, port) => {
      board.type('require("Storage").write("a-main","unfinished');
      expect((await flash(port, { built: await standIn(1) })).start.asFlashed).toBe(true);
    }),
  );
});
