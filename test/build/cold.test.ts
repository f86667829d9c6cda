import { describe, expect, it } from 'vitest';
import { runInNewContext } from 'node:vm';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFirmware } from '../../sim/build/bundle';
import { isCold, joinCold } from '../../sim/build/cold';

describe('functions from Storage', () => {
  it('are found where the code says they lie, whatever calls them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'caldera-cold-'));
    try {
      const file = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const entry = file(
        'main.ts',
        `import { seldom, handed } from './seldom';
         declare const out: any;
         export function often(x: number): number { return x > 1 ? seldom(x, 1) : 0; }
         out.often = often;
         out.handed = handed;`,
      );
      file(
        'seldom.ts',
        `export function seldom(n: number, product: number): number { return n > 1 ? seldom(n - 1, twice(n * product) / 2) : product; }
         function twice(x: number): number { return 2 * x; }
         export function handed(x: number): number { return -twice(x); }`,
      );
      const system = file(
        'system.ts',
        `declare function evaluate(code: string): any;
         declare const text: string;
         export function make(): any { return evaluate(text.slice(arguments[0], arguments[1])); }`,
      );
      const { code, parts } = await bundleFirmware({
        entry,
        minify: true,
        outermost: 'often',
        cold: { is: (source) => source === 'seldom.ts', call: 'make', entry: system },
      });
      expect(Object.keys(parts)).toEqual(['cold']);
      expect(parts['cold']!.match(/function/g)).toHaveLength(2);
      const out: Record<string, (x: number) => number> = {};
      runInNewContext(code, { out, text: parts['cold'] });
      expect(out['often']!(6)).toBe(720);
      expect(out['handed']!(3)).toBe(-6);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('name their places by their order', () => {
    const { cold, code } = joinCold(['(a)', '(b __at(0))'], { main: 'c(__at(1))' });
    const [begin, end] = code['main']!.match(/\d+/g)!.map(Number) as [number, number];
    expect(cold.slice(begin, end)).toMatch(/^\(b +0, +3\)$/);
  });

  it.each([
    ['protect/engine.ts', 'check', false],
    ['sense/sense.ts', 'tryAgain', false],
    ['actuate/actuate.ts', 'openSwitches', false],
    ['../hal/chips/ina228.ts', 'ina228Holds', false],
    ['estimate/estimate.ts', 'addSample', false],
    ['estimate/estimate.ts', 'work2', false],
    ['estimate/cycle.ts', 'endCycle', true],
    ['protocol/protocol.ts', 'runProtocol', false],
    ['protocol/protocol.ts', 'enterStep', true],
    ['record/append.ts', 'put', true],
  ])('%s: %s', (source, name, cold) => {
    expect(isCold(source, name)).toBe(cold);
  });
});
