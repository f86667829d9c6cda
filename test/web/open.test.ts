/** The view Open in a browser: a cycler's export gives what `caldera replay` gives, and what cannot be read gets a sentence. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { summarize } from '../../sim/faults/summary';
import { replay } from '../../sim/replay/replay';
import type { ReplayReport } from '../../sim/replay/report';
import { cyclesCsv, estimatesCsv } from '../../sim/replay/tables';
import { openDashboard, type Dashboard } from '../../sim/web/server';
import { cli, steered, volcanoOf } from '../cli/harness';
import { maccorFile } from '../replay/realFiles';
import { expectAccessible, inBrowser, saved, TestBrowser, type Visit } from './liveBrowser';

interface InPage {
  File: new (parts: unknown[], name: string) => unknown;
  DataTransfer: new () => { items: { add(file: unknown): void } };
  DragEvent: new (type: string, init: object) => unknown;
  dispatchEvent(event: unknown): void;
}
declare const globalThis: InPage;

/** Fields alike, numbers to nine digits: the last ones of `exp` and `log` differ between releases of one JavaScript engine. */
function expectSame(found: string, expected: string): void {
  const fields = (csv: string): string[] => csv.split(/[,;\n]/);
  const short = (field: string): string =>
    field === '' || !Number.isFinite(Number(field)) ? field : Number(field).toPrecision(9);
  expect(fields(found).map(short)).toEqual(fields(expected).map(short));
}

inBrowser('the view Open', () => {
  let browser: TestBrowser;
  let folder: string;
  let dashboard: Dashboard;
  let visit: Visit;
  let page: Page;

  beforeAll(async () => {
    browser = await TestBrowser.start();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-open-'));
    write('results/life/config.json', config('simulate', ['result.json', 'cycles.svg']));
    write('results/life/result.json', JSON.stringify(steered(30)));
    write('results/life/cycles.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>');
    write('results/rates/config.json', config('volcano', ['result.json']));
    write('results/rates/result.json', JSON.stringify(volcanoOf('afl-l1')));
    write('results/faults/config.json', config('faults', ['result.json']));
    write('results/faults/result.json', JSON.stringify(summarize([])));
    write('results/other/config.json', config('pack', ['cells.csv']));
    write('results/other/cells.csv', 'cell,note\n1,"a, ""b"""\n');
    write('results/sweep/config.json', config('sweep', ['runs.parquet']));
    write('results/sweep/runs.parquet', Buffer.from(campaign()));
    dashboard = await openDashboard({ listen: 0, page: browser.files, results: path.join(folder, 'results') });
    visit = await browser.visit(`${dashboard.address}#open`);
    page = visit.page;
  });
  afterAll(async () => {
    await browser?.close();
    await dashboard?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const config = (command: string, files: string[]): string =>
    JSON.stringify({
      madeBy: 'caldera',
      command,
      version: '0.1.0',
      options: {},
      interrupted: false,
      files: [...files, 'config.json'],
    });
  /** Lives at two policies and rising temperature. */
  function campaign(): ArrayBuffer {
    const runs = Array.from({ length: 40 }, (_, run) => run);
    return parquetWriteBuffer({
      columnData: [
        { name: 'run', data: runs },
        { name: 'policy', data: runs.map((run) => (run % 2 ? '1C' : 'adaptive')) },
        { name: 'temperature_C', data: runs.map((run) => 10 + run / 2), type: 'DOUBLE' },
        { name: 'checkupLife', data: runs.map((run) => (run === 7 ? null : 60 + run)), type: 'DOUBLE' },
      ],
    });
  }
  function write(name: string, content: string | Uint8Array): string {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  }
  const choose = (file: string): Promise<void> => page.locator('input[type=file]').first().setInputFiles(file);
  const drop = (name: string, text: string): Promise<void> =>
    page.evaluate(
      ([fileName, content]) => {
        const transfer = new globalThis.DataTransfer();
        transfer.items.add(new globalThis.File([content], fileName!));
        const event = { dataTransfer: transfer, bubbles: true, cancelable: true };
        globalThis.dispatchEvent(new globalThis.DragEvent('drop', event));
      },
      [name, text],
    );
  const notice = async (): Promise<string> => (await page.locator('.notice').first().textContent())!;

  test.skipIf(!maccorFile)('a Maccor file that is dropped gives the cycles of caldera replay --json', async () => {
    const { stdout } = await cli(['replay', maccorFile!, '--json'], { replay });
    const { cycles } = JSON.parse(stdout) as ReplayReport;
    await drop('cells.078', fs.readFileSync(maccorFile!, 'latin1'));
    await page.getByRole('cell', { name: '3978.71' }).waitFor();
    expect(await page.locator('tbody').first().locator('tr').count()).toBe(24);
    expectSame(
      await saved(page, () => page.getByRole('button', { name: 'Save cycles.csv' }).click()),
      cyclesCsv(cycles),
    );
    // Drawn last, the discharge is not hidden by the charge.
    await page.getByRole('img', { name: /^Capacity by cycle\..* charged: .* discharged: / }).waitFor();
    await expectAccessible(page);
    // And what the firmware makes of it, for a cell that it is not: with the warning that says so.
    const { cycles: estimated } = await replay(maccorFile!, { recorded: { cell: 'afl-l1' } });
    await page.getByLabel('The measurement is of a cell such as').selectOption('afl-l1');
    const estimates = await saved(page, () => page.getByRole('button', { name: 'Save estimates.csv' }).click());
    expectSame(estimates, estimatesCsv(estimated));
    expect(await page.getByText(/^wrong cell or area/).count()).toBe(1);
    expect(visit.errors).toEqual([]);
  });

  test('results of the server, and a folder that is chosen, are shown with what made them', async () => {
    for (const [name, sees] of [
      ['life', 'By cycle'],
      ['rates', 'By rate and strategy'],
      ['faults', 'Reaction by row of the fault table'],
      ['other', 'cells.csv'],
      ['sweep', 'Runs'],
    ] as const) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('region', { name: sees }).first().waitFor();
    }
    const scatter = page.getByRole('img', { name: /^checkupLife against temperature_C\. temperature 10\.00 °C to/ });
    await scatter.waitFor();
    expect(await page.getByRole('table').locator('tbody tr').count()).toBe(40);
    await page.getByRole('button', { name: 'other', exact: true }).click();
    await page.getByRole('cell', { name: 'a, "b"' }).waitFor();
    await page.locator('input[webkitdirectory]').setInputFiles(path.join(folder, 'results/life'));
    await page.getByRole('img', { name: 'Picture cycles.svg' }).waitFor();
    expect(await page.getByText('caldera simulate 0.1.0').count()).toBe(1);
    // The estimate stands beside the truth of the same seconds, not beside that of the whole discharge (53.9).
    expect(await page.getByRole('cell', { name: '53.0', exact: true }).count()).toBe(30);
    await page
      .getByRole('img', { name: /^Concentration overpotential\..* of the cell: from 53\.0 mV to 53\.0 mV/ })
      .waitFor();
    expect(visit.errors).toEqual([]);
  });

  test.each([
    ['cells.xlsx', 'PK', /is a spreadsheet.*Save its sheet with the samples as CSV/],
    ['run.mpr', 'BIO', /is a binary file of EC-Lab.*Export as text/],
    ['noise.bin', 'a\u0000b', /binary file \(zero byte at byte 1\); allowed: a text export of a cycler/],
    ['empty.csv', '', /the file is empty/],
    ['notes.txt', 'dear diary\n', /unknown measurement format .*allowed: Maccor text, Arbin CSV/],
    ['result.json', '{"cycles": [', /is not whole JSON.*Open the folder that caldera wrote/],
    ['other.json', '{"a": 1}', /is no result that this page can draw/],
    [
      'my-cell.json',
      '{"name": "mine", "basedOn": "afl-l1", "area_cm2": 2}',
      /my-cell\.json is a cell file, .*caldera simulate --cell my-cell\.json/,
    ],
    ['cut.csv', 'Test Time / s,Voltage / V,Current / A\n0,3.5,1\n1,3.5\n', /line 3 is cut off/],
  ])('%s is answered by a sentence', async (name, text, sentence) => {
    await choose(write(name, text));
    await page.getByText(sentence).waitFor();
    expect(await notice()).toMatch(sentence);
    expect(await page.getByText(/^Open a folder that caldera wrote with --out/).count()).toBe(1);
  });

  test('a folder that is no result says so', async () => {
    await page.locator('input[webkitdirectory]').setInputFiles(path.join(folder, 'results'));
    await page.getByText(/results is no result of caldera: it has no config\.json\. In it are some: open/).waitFor();
  });

  test('a file of 300 MB is read piece by piece: the page goes on, and it can be stopped', async () => {
    await page.evaluate(() => {
      const rows = 'Test Time / s,Voltage / V,Current / A\n0,3.5,1\n';
      // The same row again and again is left out, but has to be read.
      const piece = new Blob(['1,3.5,1\n'.repeat(131_072)]);
      const transfer = new globalThis.DataTransfer();
      transfer.items.add(new globalThis.File([rows, ...Array<Blob>(300).fill(piece)], 'huge.csv'));
      const page = globalThis as unknown as {
        shown: Set<number>;
        document: { querySelector(name: string): { value: number } | null };
        requestAnimationFrame(call: () => void): void;
      };
      page.shown = new Set();
      const tick = (): void => {
        const progress = page.document.querySelector('progress');
        if (progress) page.shown.add(progress.value);
        page.requestAnimationFrame(tick);
      };
      tick();
      globalThis.dispatchEvent(new globalThis.DragEvent('drop', { dataTransfer: transfer, cancelable: true }));
    });
    await page.getByText('Reading huge.csv, 314.6 MB').waitFor();
    await page.waitForFunction(() => {
      const { document } = globalThis as unknown as {
        document: { querySelector(name: string): { value: number } | null };
      };
      return (document.querySelector('progress')?.value ?? 0) > 0.05;
    });
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped; nothing of the file is shown.').waitFor();
    // It was painted again and again meanwhile; how often is the machine's affair.
    const shown = await page.evaluate(() => (globalThis as unknown as { shown: Set<number> }).shown.size);
    expect(shown).toBeGreaterThan(3);
    expect(visit.errors).toEqual([]);
  });

  test('is usable by keyboard alone', async () => {
    await page.reload();
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('link', { name: 'Live' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await (await choosing).setFiles(path.join(folder, 'results/rates/result.json'));
    await page.getByText('Volcano of afl-l1').waitFor();
    await expectAccessible(page);
    expect(visit.errors).toEqual([]);
  });
});
