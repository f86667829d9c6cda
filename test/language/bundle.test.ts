import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BundleError, bundleFirmware } from '../../sim/build/bundle';

const PROJECT = {
  'main.ts':
    "import { limit_mV } from './limits';\ndeclare const VERSION: string;\nprint(VERSION, limit_mV(4300), '\\u00b5');\n",
  'limits.ts':
    'export function limit_mV(wanted_mV: number): number {\n  return wanted_mV > 4400 ? 4400 : wanted_mV;\n}\n',
};

let folders: string[] = [];
beforeEach(() => (folders = []));
afterEach(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Writes files into a fresh folder. @returns its entry */
function project(files: Record<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'caldera-project-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return path.join(folder, 'main.ts');
}

describe('bundleFirmware', () => {
  test.each([true, false])('gives the same bytes wherever the sources lie (minify: %s)', async (minify) => {
    const define = { VERSION: '1.2.3' };
    const first = await bundleFirmware({ entry: project(PROJECT), minify, define });
    const second = await bundleFirmware({ entry: project(PROJECT), minify, define });
    expect(second).toEqual(first);
    expect(first.bytes).toBe(Buffer.byteLength(first.code));
    expect(first.sha256).toBe(createHash('sha256').update(first.code).digest('hex'));
  });

  test('puts constants in and keeps to ASCII', async () => {
    const { code } = await bundleFirmware({ entry: project(PROJECT), minify: true, define: { VERSION: '1.2.3' } });
    expect(code).toContain('"1.2.3"');
    expect(code).toMatch(/^[\x00-\x7f]*$/);
  });

  test('shortens properties but those it is told to keep', async () => {
    const entry = project({
      'main.ts': 'declare const sample: { voltage_mV_: number };\nprint(sample.voltage_mV_);\n',
    });
    const plain = await bundleFirmware({ entry, minify: true });
    const mangled = await bundleFirmware({ entry, minify: true, keep: new Set(['print']) });
    expect(plain.code).toContain('voltage_mV_');
    expect(mangled.code).not.toContain('voltage_mV_');
  });

  test('ends no function with a bare return, which the interpreter cannot read', async () => {
    const entry = project({
      'main.ts':
        'declare const pins: boolean[];\nfunction find(): void {\n  for (let k = 0; k < 3; k++) if (pins[k]) return;\n}\nfind();\n',
    });
    const { code } = await bundleFirmware({ entry, minify: true });
    expect(code).toContain('return;}');
    expect(code).not.toContain('return}');
  });

  test('names file, line and column of every fault', async () => {
    const entry = project({
      'main.ts': "import { f } from './other';\nprint(f(1));\nasync function g() {}\nprint(g);\n",
      'other.ts': '\nexport function f(x = 1): number {\n  return x;\n}\n',
    });
    const error = await bundleFirmware({ entry, minify: true }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(BundleError);
    expect((error as BundleError).message.split('\n').sort()).toEqual([
      expect.stringMatching(/main\.ts:3:1: Transforming async functions to the interpreter is not supported yet$/),
      expect.stringMatching(/other\.ts:2:21: Transforming default arguments to the interpreter is not supported yet$/),
    ]);
  });

  test('names what does not parse or is not there', async () => {
    const broken = bundleFirmware({ entry: project({ 'main.ts': 'print(1;\n' }), minify: true });
    await expect(broken).rejects.toThrow(/main\.ts:1:8: Expected "\)"/);
    const gone = bundleFirmware({ entry: path.join(tmpdir(), 'no-such-file.ts'), minify: true });
    await expect(gone).rejects.toThrow(/no-such-file\.ts/);
  });
});
