import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFirmware } from '../../sim/build/bundle';
import { NorFlash } from '../../sim/chips/flash';
import { Random } from '../../sim/random';
import { interpreter, onDevice } from '../device/interpreter';
import { PAGES, PAGE_BYTES, checksum, cut, type Medium } from './media';
import { live, tell } from './scenario';

/** Where the interpreter of a PC has them: the end of its flash, which it keeps in a file. */
const BEGIN = 0x10030000;
const FLASH_BYTES = 0x40000;
const AREA_BYTES = PAGES * PAGE_BYTES;

function pcFlash(): Medium & { model: NorFlash } {
  const model = new NorFlash(BEGIN, PAGE_BYTES, PAGES, new Random(3, 'flash'));
  return {
    area: { flash: model, begin: BEGIN, pageBytes: PAGE_BYTES, pages: PAGES },
    model,
    save: () => () => undefined,
  };
}

onDevice('records on the interpreter, in its own flash', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-records-'));
  const flashFile = path.join(folder, 'espruino.flash');
  let code = '';

  beforeAll(async () => {
    code = (await bundleFirmware({ entry: path.join(__dirname, 'interpreterEntry.ts'), minify: true })).code;
    // With an empty Storage the interpreter takes whatever else is in its flash for a broken one.
    runScript('require("Storage").write("file","1");');
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  function runScript(source: string): string[] {
    fs.writeFileSync(path.join(folder, 'script.js'), source);
    const run = spawnSync(interpreter, ['script.js'], { cwd: folder, encoding: 'latin1', timeout: 30_000 });
    expect(run.stdout).not.toContain('Uncaught');
    return run.stdout.split(/\r?\n/).flatMap((line) => (line.startsWith('#') ? [line.slice(1)] : []));
  }
  const onInterpreter = (task: string, from: number): string[] => runScript(`task="${task}";from=${from};${code}`);

  function onNode(medium: Medium, task: string, from: number): string[] {
    const said: string[] = [];
    const r = tell(medium.area, checksum, (text) => said.push(text));
    if (task === 'live') {
      live(r, from, 150);
      tell(medium.area, checksum, (text) => said.push(text));
    }
    return said;
  }

  const areaOfFile = (): Uint8Array => fs.readFileSync(flashFile).subarray(FLASH_BYTES - AREA_BYTES);

  test('over several starts it says and writes the same as on Node, to the byte', () => {
    const medium = pcFlash();
    for (const from of [1, 151, 301, 451]) {
      const said = onInterpreter('live', from);
      expect(said.length).toBe(14);
      expect(said).toEqual(onNode(medium, 'live', from));
      expect(Buffer.compare(areaOfFile(), medium.model.cells)).toBe(0);
    }
    expect(Math.max(...medium.model.erases)).toBeGreaterThan(1);
  });

  test('after losses of power it finds the same as on Node', () => {
    const random = new Random(2, 'cuts');
    const medium = pcFlash();
    for (let k = 0; k < 12; k++) {
      cut(medium, Math.floor(random.uniform() * 9000), () =>
        live(
          tell(medium.area, checksum, () => undefined),
          k * 150,
          150,
        ),
      );
      // What is in between reads one way, from now on the same.
      for (let at = 0; at < AREA_BYTES; at++) {
        if (medium.model.between[at]) medium.model.cells[at] = medium.model.read(1, BEGIN + at)[0] as number;
        medium.model.between[at] = 0;
      }
      const flash = fs.readFileSync(flashFile);
      flash.set(medium.model.cells, FLASH_BYTES - AREA_BYTES);
      fs.writeFileSync(flashFile, flash);
      expect(onInterpreter('look', 0)).toEqual(onNode(medium, 'look', 0));
    }
  });
});
