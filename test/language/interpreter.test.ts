/** Holds the lists against a real interpreter: what is refused fails there, what is allowed gives what Node gives. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleFirmware } from '../../sim/build/bundle';
import { findInterpreter, runScript } from '../../sim/hil/interpreter';
import { allowed, forbidden } from './constructs';
import { declaredMembers } from './declarations';
import { asExpression, onInterpreter, onNode } from './evaluate';
import { asModule } from './gates';

const interpreter = findInterpreter();
if (!interpreter)
  console.warn(
    'SKIPPED: no Espruino interpreter (set ESPRUINO=path or put espruino-linux on PATH); the list of constructs is unchecked.',
  );

describe.skipIf(!interpreter)('on the real interpreter', () => {
  const results = new Map<string, { node: string; device: string }>();

  /** Evaluates all at once: a process each would be slow. */
  const evaluate = async (expressions: readonly string[]): Promise<void> => {
    const node = onNode(expressions);
    const device = await onInterpreter(interpreter!, expressions);
    expressions.forEach((expression, index) => results.set(expression, { node: node[index]!, device: device[index]! }));
  };

  describe('each forbidden construct fails or gives another result than on Node', () => {
    beforeAll(() => evaluate(forbidden.map(asExpression)));

    test.each(forbidden)('$name', (construct) => {
      const { node, device } = results.get(asExpression(construct))!;
      expect(node).not.toMatch(/^throws/);
      expect(device).not.toBe(node);
    });
  });

  describe('each allowed construct gives what it gives on Node', () => {
    beforeAll(() => evaluate(allowed.map(asExpression)));

    test.each(allowed)('$name', (construct) => {
      const { node, device } = results.get(asExpression(construct))!;
      expect(node).not.toMatch(/^throws/);
      expect(device).toBe(node);
    });
  });

  test.each([true, false])(
    'all allowed constructs in one bundle, minified %s, give what they give on Node',
    async (minify) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'caldera-constructs-'));
      try {
        allowed.forEach((construct, index) =>
          writeFileSync(path.join(folder, `construct${index}.ts`), asModule(construct)),
        );
        const entry = path.join(folder, 'main.ts');
        const imports = allowed.map((_, index) => `import { run as run${index} } from './construct${index}';\n`);
        const calls = allowed.map((_, index) => `print('@' + JSON.stringify(run${index}()));\n`);
        writeFileSync(entry, imports.join('') + 'declare function print(line: string): void;\n' + calls.join(''));
        const { code } = await bundleFirmware({ entry, minify });

        const onNode: string[] = [];
        runInContext(code, createContext({ print: (line: string) => onNode.push(line) }));
        const { stdout } = await runScript(interpreter!, code);
        expect(onNode).toHaveLength(allowed.length);
        expect(stdout.split(/\r?\n/).filter((line) => line.startsWith('@'))).toEqual(onNode);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  test('has every member that the declarations name', async () => {
    const members = declaredMembers();
    expect(members.length).toBeGreaterThan(150);
    const device = await onInterpreter(
      interpreter!,
      members.map(({ expression }) => `typeof (${expression})`),
    );
    expect(members.filter((_, index) => device[index] === '"undefined"' || !/^"\w+"$/.test(device[index]!))).toEqual(
      [],
    );
  });
});

test('every built-in of firmware/language.d.ts is used by an allowed construct', () => {
  const bodies = allowed.map(({ body }) => body).join('\n');
  const unused = declaredMembers()
    .filter(({ file }) => file === 'firmware/language.d.ts')
    .filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(bodies));
  expect(unused.map(({ expression }) => expression)).toEqual([]);
});
