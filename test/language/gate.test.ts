import { describe, expect, test } from 'vitest';
import { allowed, forbidden } from './constructs';
import { asModule, BODY_STARTS, bundle, lint, types, type Refusal } from './gates';

describe('each forbidden construct is refused, with file and line', () => {
  const byTypes = forbidden.filter(({ gate }) => gate === 'types');
  const typeRefusals = types(byTypes);

  test.each(forbidden)('$gate refuses $name', async (construct) => {
    const { gate, line } = construct;
    const refusals: Refusal[] =
      gate === 'types'
        ? typeRefusals[byTypes.indexOf(construct)]!
        : await (gate === 'bundle' ? bundle : lint)(asModule(construct));
    expect(refusals).toContainEqual({
      file: expect.stringMatching(/construct(-\d+)?\.ts$/),
      line: line + BODY_STARTS - 1,
      message: expect.stringMatching(/\w/),
    });
  });
});

describe('each allowed construct passes all gates', () => {
  const typeRefusals = types(allowed);

  test.each(allowed.map((construct, index) => ({ ...construct, index })))('$name', async (construct) => {
    expect(typeRefusals[construct.index]).toEqual([]);
    expect(await bundle(asModule(construct))).toEqual([]);
    expect((await lint(asModule(construct))).filter(({ message }) => !message.startsWith('Unexpected any'))).toEqual(
      [],
    );
  });
});

describe('who may import what', () => {
  const cases: [file: string, imported: string, allowed: boolean][] = [
    ['firmware/protect/protect.ts', '../../hal/bus', true],
    ['firmware/protect/protect.ts', '../sense/sense', true],
    ['firmware/bms.ts', '../sim/clock', false],
    ['firmware/sense/sense.ts', '../../sim/chips/ina228', false],
    ['firmware/bms.ts', 'node:fs', false],
    ['firmware/bms.ts', 'zod', false],
    ['firmware/bms.ts', '../test/firmware/helper', false],
    ['firmware/bms.ts', '../hal/espruino/board', false],
    ['firmware/main.ts', '../hal/espruino/board', true],
    ['firmware/main.ts', '../sim/clock', false],
    ['hal/chips/ina228.ts', '../bus', true],
    ['hal/chips/ina228.ts', '../../firmware/bms', false],
    ['hal/chips/ina228.ts', '../../sim/chips/ina228', false],
    ['hal/boards/cycler.ts', '../espruino/board', false],
    ['hal/espruino/board.ts', '../bus', true],
    ['hal/espruino/board.ts', './pins', true],
    ['hal/espruino/board.ts', '../../firmware/bms', false],
    ['hal/espruino/board.ts', 'fs', false],
  ];

  test.each(cases)('%s imports %s: %s', async (file, imported, allowed) => {
    for (const statement of [
      `import { x } from '${imported}';\nexport const y = x;\n`,
      `export type { X } from '${imported}';\n`,
    ]) {
      const refusals = await lint(statement, file);
      if (allowed) expect(refusals).toEqual([]);
      else expect(refusals).toMatchObject([{ line: 1 }]);
    }
  });

  test('the bundler refuses packages, and only them', async () => {
    expect(await bundle("import { z } from 'zod';\nexport const x = z;\n")).toMatchObject([{ line: 1 }]);
    expect(await bundle("\nimport * as fs from 'node:fs';\nfs.rmSync('x');\n")).toMatchObject([{ line: 2 }]);
    expect(await bundle("require('fs');\n")).toMatchObject([{ line: 1 }]);
    expect(await bundle("require('Storage').erase('x');\n")).toEqual([]);
  });
});

describe('who may touch the globals of Espruino', () => {
  const branch = "if (typeof process === 'undefined') print('on the device');\n";

  test.each(['firmware/bms.ts', 'firmware/main.ts', 'hal/chips/ina228.ts'])('not %s', async (file) => {
    expect(await lint(branch, file)).toMatchObject([{ line: 1 }, { line: 1 }]);
    expect(await lint('setInterval(() => {}, 1);\n', file)).toMatchObject([{ line: 1 }]);
  });

  test('hal/espruino/', async () => {
    expect(
      await lint("export const used = process.memory().usage;\nrequire('Storage').erase('x');\n", 'hal/espruino/x.ts'),
    ).toEqual([]);
  });

  test('the firmware rules stop at firmware/ and hal/', async () => {
    expect(await lint('export const f = (a = 2): number => a ** 2;\n', 'sim/x.ts')).toEqual([]);
  });
});

test("a module's functions may stand in any order, but for calls while it loads", async () => {
  const functions = 'export function a(): number {\n  return b();\n}\nfunction b(): number {\n  return 1;\n}\n';
  expect(await lint(functions)).toEqual([]);
  expect(await lint(`export const x = b();\n${functions}`)).toMatchObject([{ line: 1 }]);
});
