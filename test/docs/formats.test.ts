/** The examples of docs/file-formats.md, each read by the program's own reader; and what the page says of files, of files that are written. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initBoard } from '../../sim/boards/init';
import { readProduct } from '../../sim/boards/read';
import { simulate } from '../../sim/campaign/simulate';
import { checkScenario } from '../../sim/faults/scenario';
import { decodeLine } from '../../sim/link/frame';
import { monitorHeader } from '../../sim/link/monitorRows';
import { checkMission } from '../../sim/mission/mission';
import { checkPackConfiguration } from '../../sim/pack/configuration';
import { checkProfile } from '../../sim/profiles/profile';
import { exportMeasurement } from '../../sim/replay/exportMeasurement';
import { replay } from '../../sim/replay/replay';
import { bdfHeader, bdfTitle } from '../../sim/results/bdf';
import { openResultFolder } from '../../sim/results/folder';
import { cli } from '../cli/harness';
import { readPage, ROOT } from './markdown';

const page = readPage('docs/file-formats.md');
const text = readFileSync(join(ROOT, 'docs/file-formats.md'), 'utf8');

/** The example below a heading. */
function example(heading: string, language: string): string {
  const from = text.slice(0, text.indexOf(`\n## ${heading}\n`)).split('\n').length;
  const block = page.blocks.find((one) => one.line > from && one.language === language);
  expect(block, heading).toBeDefined();
  return block!.text;
}

const json = (heading: string): Record<string, unknown> =>
  JSON.parse(example(heading, 'json')) as Record<string, unknown>;

describe('examples of the page on file formats', () => {
  it('cell profile', () => {
    const { name, area_cm2, parameters } = checkProfile(json('Cell profile'), 'example');
    expect({ name, area_cm2, Qn: parameters.Qn, Rs: parameters.Rs }).toEqual({
      name: 'my-cell',
      area_cm2: 1.54,
      Qn: 2.5,
      Rs: 6,
    });
  });

  it('pack description', () => {
    expect(checkPackConfiguration(json('Pack description'), 'example')).toMatchObject({ series: 2, parallel: 2 });
  });

  it('mission', () => {
    expect(checkMission(json('Mission'), 'example').phases).toHaveLength(3);
  });

  it('fault scenario', () => {
    expect(checkScenario(json('Fault scenario'), 'example')).toEqual(json('Fault scenario'));
  });

  it('protocol, in a board file', () => {
    const { problems, product } = readProduct({
      ...initBoard({ board: 'cycler' }),
      ...json('Board file and protocol'),
    });
    expect(problems).toEqual([]);
    expect(product).toMatchObject({ kind: 'cycler' });
  });

  it('frames', () => {
    const lines = example('Frames on the wire', 'text').split('\n');
    expect(lines.map((line) => decodeLine(line)?.type)).toEqual(['q', 'a']);
  });
});

describe('files that are written', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'caldera-formats-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a time series is read as it stands, with charge positive, and goes to Parquet and back', async () => {
    const csv = example('Time series', 'csv');
    expect(csv.split('\n')[0]).toBe(bdfHeader);
    const [file, parquet] = [join(folder, 'series.csv'), join(folder, 'series.parquet')];
    writeFileSync(file, `${csv}\n`);
    const { cycles } = await replay(file);
    expect(cycles[0]!.charge_mAh).toBeGreaterThan(10);
    expect(cycles[0]!.discharge_mAh).toBe(0);
    await exportMeasurement(file, parquet);
    const bytes = readFileSync(parquet);
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    });
    expect(rows.map((row) => row[bdfTitle.current_A])).toEqual([0.0999, 0.0999, 0]);
  });

  it('names every column there is', () => {
    const spans = page.spans.map((span) => span.text);
    for (const title of Object.values(bdfTitle)) expect(spans).toContain(title);
    for (const column of ['Unix Time / s', 'etaConc_mV', 'etaConcSigma_mV'])
      expect(monitorHeader.split(',')).toContain(column);
  });

  it.each(['simulate', 'missions', 'volcano', 'replay', 'faults'])('lists all that %s writes', (command) => {
    const source = readFileSync(join(ROOT, `sim/cli/commands/${command}.ts`), 'utf8');
    const section = text.slice(text.indexOf('\n## Result folder\n'), text.indexOf('\n## Time series\n'));
    const tables = [...source.matchAll(/write\(\s*['`]([^'`]+)['`]/g)].map(([, name]) => name!);
    const pictures = [...source.matchAll(/addPicture\(terminal, folder, '([\w-]+)'/g)].map(([, name]) => `${name}.svg`);
    const written = [...tables, ...pictures].map((name) => name.replace('${run}', 'N').replace('.png', '.svg'));
    expect(written.length).toBeGreaterThan(2);
    expect(written.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  it('a result folder has what the page says, and is replaced as it says', async () => {
    const out = join(folder, 'result');
    const run = () =>
      cli(['simulate', '--direct', '--cycles', '1', '--out', out], { simulate: (...args) => simulate(...args) });
    expect(await run()).toMatchObject({ code: 0 });
    const config = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8')) as { files: string[] };
    expect(Object.keys(config).sort()).toEqual([...Object.keys(json('Result folder')), 'notes', 'profile'].sort());
    expect(readdirSync(out).sort()).toEqual([...config.files].sort());
    expect(readFileSync(join(out, 'cycles.csv'), 'utf8')).toContain('lithium_mAh.dead');
    expect(await run()).toMatchObject({ code: 0 });
    writeFileSync(join(folder, 'mine.txt'), '');
    expect(() => openResultFolder(folder)).toThrow('holds files that are not an earlier result');
  });
});
