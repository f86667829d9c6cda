/** The view Explore in a browser: it gives what `caldera simulate --direct` gives, and can be used without a mouse. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulate } from '../../sim/campaign/simulate';
import type { SimulateResult } from '../../sim/results/types';
import { openDashboard, type Dashboard } from '../../sim/web/server';
import { commandOf, fromParameters, optionsOf } from '../../sim/web/page/explore/settings';
import { cli } from '../cli/harness';
import { expectAccessible, inBrowser, saved, TestBrowser, type Visit } from './liveBrowser';

/** Compressed, with all that the page is made of. */
const LARGEST_BYTES = 400_000;
/**
 * The last bit of Math.exp and of its like differs between the releases of V8 in Node and in the browser. Where one sample decides when
 * a discharge ends, such a bit can become a tenth of a second, and the cycles after it differ by some parts in ten thousand.
 */
const ROUNDING = 1e-9;
const AFTER_A_TENTH_OF_A_SECOND = 2e-3;
/** Of what is written, in light colours. */
const INK = 'fill="rgb(31, 29, 26)"';
/** Of a steered run, before that happens. */
const FIRST_CYCLES = 20;

test.each(['policy=adaptive', 'policy=fixed&rate=2&charge=0.5&temperature=40', 'policy=adaptive%2Btail&mismatch=0.2'])(
  'the command line that stands below a run gives the very same numbers: %s',
  async (query) => {
    const settings = fromParameters(new URLSearchParams(`cell=afl-l2&cycles=12&seed=3&${query}`));
    // As the page runs it: with samples.
    const found = await simulate(optionsOf(settings), undefined, undefined, () => undefined);
    const args = commandOf(settings).split(' ').slice(1);
    const { stdout } = await cli([...args, '--json'], { simulate });
    expect(timeless(found)).toEqual(timeless(JSON.parse(stdout) as SimulateResult));
  },
);

inBrowser('the view Explore', () => {
  let browser: TestBrowser;
  let dashboard: Dashboard;

  beforeAll(async () => {
    browser = await TestBrowser.start();
    dashboard = await openDashboard({ listen: 0, page: browser.files });
  });
  afterAll(async () => {
    await browser?.close();
    await dashboard?.close();
  });

  /** With the run and the volcano finished. */
  async function explored(query: string): Promise<Visit> {
    const visit = await browser.visit(`${dashboard.address}#explore?${query}`);
    await visit.page.waitForSelector('#view[data-state=done]');
    return visit;
  }
  const result = async (page: Page): Promise<SimulateResult> =>
    JSON.parse(await saved(page, () => page.click('text=Result (JSON)'))) as SimulateResult;

  async function bothWays(
    policy: string,
    discharge: string,
  ): Promise<{ found: SimulateResult; expected: SimulateResult }> {
    const { page, errors } = await explored(`cell=afl-l1&${policy}&cycles=100&seed=7`);
    const found = await result(page);
    expect(errors).toEqual([]);
    await page.close();
    const args = [
      'simulate',
      '--cell',
      'afl-l1',
      '--discharge',
      discharge,
      '--cycles',
      '100',
      '--seed',
      '7',
      '--direct',
    ];
    const { stdout } = await cli([...args, '--json'], { simulate });
    expect(found.cycles).toHaveLength(100);
    return { found, expected: JSON.parse(stdout) as SimulateResult };
  }

  test('100 cycles of afl-l1 at 1C: the numbers of the command line', async () => {
    const { found, expected } = await bothWays('policy=fixed&rate=1', '1C');
    expect(worst(timeless(found), timeless(expected))).toBeLessThan(ROUNDING);
  });

  test('100 cycles of afl-l1, adaptive: the decisions and numbers of the command line', async () => {
    const { found, expected } = await bothWays('policy=adaptive', 'adaptive');
    const first = ({ cycles }: SimulateResult): object => cycles.slice(0, FIRST_CYCLES);
    expect(worst(first(found), first(expected))).toBeLessThan(ROUNDING);
    const decided = ({ cycles }: SimulateResult): string[] => cycles.map(({ action }) => action);
    expect(decided(found)).toEqual(decided(expected));
    const measured = ({ cycles, summary }: SimulateResult): object => [
      cycles.map(({ charge_mAh, discharge_mAh, ce_pct }) => [charge_mAh, discharge_mAh, ce_pct]),
      summary.cyclesTo80,
      summary.retention_pct,
    ];
    expect(worst(measured(found), measured(expected))).toBeLessThan(AFTER_A_TENTH_OF_A_SECOND);
  });

  test('a volcano, decisions, estimates and charts are there, each in words, too', async () => {
    const { page, errors } = await explored('cell=afl-l1&policy=adaptive&cycles=12');
    const words = await page.getAttribute('.volcano-stage', 'aria-label');
    expect(words).toMatch(/After 12 cycles the best fixed rate, [\d.]+C, has [\d.]+ % .*adaptive/);
    expect(await page.textContent('.decisions')).toContain('to compare the lithium lost');
    expect(await page.getByText('It was told this very cell, hence its good estimates').count()).toBe(1);
    await page.waitForTimeout(1200);
    const charts = await page
      .locator('.plot')
      .evaluateAll((all: { getAttribute(name: string): string }[]) =>
        all.map((plot) => plot.getAttribute('aria-label')),
      );
    expect(charts.length).toBeGreaterThan(10);
    for (const chart of charts) expect(chart).toMatch(/from .* to .*, lowest .*, highest /);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('an address that is shared gives the same run, with the one that is kept beside it', async () => {
    const { page } = await explored('cell=afl-l2&policy=fixed&rate=2&cycles=5&temperature=40');
    await page.click('text=Keep and compare');
    await page.selectOption('select >> nth=1', 'adaptive');
    await page.click('button.primary');
    await page.waitForSelector('#view[data-state=done]');
    const table = await settled(page);
    const address = page.url();
    const again = await browser.visit(address);
    await again.page.waitForSelector('#view[data-state=done]');
    expect(await settled(again.page)).toBe(table);
    expect(table).toContain('afl-l2, adaptive, 40 °C');
    expect(table).toContain('afl-l2, 2C fixed, 40 °C');
    await page.close();
    await again.page.close();
  });

  test('the time series has the columns of the Battery Data Format, charging positive', async () => {
    const { page } = await explored('cell=afl-l1&policy=fixed&rate=1&cycles=2');
    const [head, ...rows] = (await saved(page, () => page.click('text=Time series'))).trim().split('\n');
    expect(head).toBe(
      'Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step Count / 1,Surface Temperature T1 / degC',
    );
    const currents = rows.map((row) => Number(row.split(',')[2]));
    expect(Math.min(...currents)).toBeCloseTo(-0.999, 3);
    expect(Math.max(...currents)).toBeCloseTo(0.1998, 3);
    await page.close();
  });

  test('a chart gives its numbers, a drawing and a picture', async () => {
    const { page } = await explored('cell=afl-l1&policy=fixed&rate=1&cycles=4');
    const chart = page.locator('.chart', { hasText: 'Capacity retention' });
    await chart.locator('summary', { hasText: 'Save' }).click();
    const csv = await saved(page, () => chart.locator('text=CSV').click());
    expect(csv.split('\n')).toHaveLength(1 + 4 + 1);
    expect(csv).toMatch(/^Cycle,"afl-l1, 1C fixed \/ %"\n1,100\n/);
    // On paper it is light, whatever the screen has.
    await page.click('#theme');
    await chart.locator('summary', { hasText: 'Save' }).click();
    const drawn = await saved(page, () => chart.locator('text=SVG').click());
    expect(drawn).toMatch(/^<svg [^]*Capacity retention[^]*<\/svg>$/);
    expect(drawn).toContain(INK);
    expect(await saved(page, () => chart.locator('text=PNG').click())).toContain('PNG');
    await page.close();
  });

  test('stops when it is told to, and keeps what it has', async () => {
    const { page, errors } = await browser.visit(`${dashboard.address}#explore?policy=adaptive&cycles=2000`);
    await page.locator('form [role=status]', { hasText: /^Cycle [1-9]/ }).waitFor();
    await page.click('text=Stop');
    await page.waitForSelector('text=Stopped after');
    expect((await result(page)).cycles.length).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('a value that is not allowed gets a sentence, and no run', async () => {
    const { page } = await explored('cycles=2');
    await page.fill('label:has-text("Temperature") input', '400');
    await page.click('button.primary');
    expect(await page.textContent('form [role=alert]')).toBe('Temperature is "400"; allowed: from -20 to 60 °C.');
    expect(page.url()).toContain('temperature=25');
    await page.close();
  });

  test('what breaks is found and acted on, and what happened is told', async () => {
    const { page, errors } = await explored('cell=afl-l1&cycles=2');
    await page.getByLabel('What goes wrong').selectOption('voltage stuck high');
    await page.click('text=Break it');
    const happened = page.getByRole('region', { name: 'What happened' });
    await happened.waitFor();
    expect(await page.textContent('section [role=status]:text("found as")')).toMatch(
      /Voltage stuck high \([\d.]+ mV above the level\), while the cell is in discharge: found as "over-voltage" and acted on in \d+ ms; promised: 300 ms/,
    );
    const told = await happened.textContent();
    expect(told).toContain('it breaks: voltage stuck high');
    expect(told).toContain('over-voltage: tripped');
    expect(told).toContain('switches: fault');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('every control is reached by keyboard, in light and dark nothing is serious for axe, at phone width nothing sticks out', async () => {
    const { page } = await explored('cycles=3');
    await expectAccessible(page);
    await page.click('#theme');
    await expectAccessible(page);
    const wanted = (await page.evaluate(
      `[...document.querySelectorAll('a[href], button:not(:disabled), select, input:not(:disabled), summary, [tabindex="0"]')].filter((e) => e.checkVisibility()).length`,
    )) as number;
    await page.evaluate('document.activeElement.blur()');
    const reached = new Set<string>();
    for (let k = 0; k < wanted + 5; k++) {
      await page.keyboard.press('Tab');
      reached.add(
        (await page.evaluate(`[...document.querySelectorAll('*')].indexOf(document.activeElement)`)) as string,
      );
    }
    expect(reached.size).toBeGreaterThanOrEqual(wanted);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.waitForTimeout(200);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.close();
  });

  test('opens as a file without a server, and asks nobody for anything', async () => {
    const requests: string[] = [];
    const file = `file://${path.join(browser.files, 'index.html')}`;
    const { page, errors } = await browser.visit(`${file}#explore?cycles=2`, async (one) => {
      one.on('request', (request) => requests.push(request.url()));
    });
    await page.waitForSelector('#view[data-state=done]');
    expect(requests.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test(`is smaller than ${LARGEST_BYTES / 1000} kB, compressed`, () => {
    const files = fs
      .readdirSync(browser.files, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile());
    const bytes = files.map(({ parentPath, name }) => gzipSync(fs.readFileSync(path.join(parentPath, name))).length);
    expect(bytes.reduce((a, b) => a + b, 0)).toBeLessThan(LARGEST_BYTES);
  });
});

/** Once all numbers of the runs that are compared are there. */
async function settled(page: Page): Promise<string> {
  const table = page.getByRole('region', { name: 'Runs side by side' });
  await table.waitFor();
  await expect.poll(() => table.textContent(), { timeout: 30_000 }).not.toContain('…');
  return (await table.textContent())!;
}

function timeless({ summary, ...rest }: SimulateResult): object {
  return { ...rest, summary: { ...summary, wallSeconds: 0 } };
}

/** Largest relative difference of two numbers at the same place; everything else must be the same. */
function worst(found: unknown, expected: unknown): number {
  if (typeof found === 'number' && typeof expected === 'number')
    return Math.abs(found - expected) / Math.max(1e-3, Math.abs(expected));
  if (typeof found === 'object' && found !== null && typeof expected === 'object' && expected !== null) {
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    return Math.max(
      0,
      ...Object.entries(found).map(([key, value]) => worst(value, (expected as Record<string, unknown>)[key])),
    );
  }
  expect(found).toBe(expected);
  return 0;
}
