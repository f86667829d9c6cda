/** A page of the dashboard in Debian's Chromium; what it says on its console is kept. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { describe, expect } from 'vitest';

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const ROOT = path.join(__dirname, '..', '..');
const { resolve } = createRequire(__filename);

const executable = PLACES.find((place) => place !== undefined && fs.existsSync(place));
if (executable === undefined) {
  const text = 'no Chromium; the page is not tested. Install the package chromium, or give its path in CHROMIUM.';
  if (process.env.CI) throw new Error(text);
  console.warn(`SKIPPED: ${text}`);
}

/** A suite that needs a browser; counted as skipped, and said so, where there is none. */
export const inBrowser = executable === undefined ? describe.skip : describe;

export interface Visit {
  page: Page;
  /** Errors on the console and exceptions. */
  errors: string[];
}

export class TestBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly folder: string,
  ) {}

  /** Builds the page into a folder of its own and starts the browser. */
  static async start(): Promise<TestBrowser> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-page-'));
    const vite = path.join(path.dirname(resolve('vite/package.json')), 'bin', 'vite.js');
    const config = path.join(ROOT, 'sim/web/vite.config.mts');
    const built = spawnSync(process.execPath, [vite, 'build', '--config', config, '--outDir', `${folder}/web`], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(built.status, built.stderr).toBe(0);
    return new TestBrowser(await chromium.launch({ executablePath: executable!, args: FLAGS }), folder);
  }

  /** The built page. */
  get files(): string {
    return path.join(this.folder, 'web');
  }

  /** @param prepare before anything of the page runs */
  async visit(address: string, prepare?: (page: Page) => Promise<unknown>): Promise<Visit> {
    const context: BrowserContext = await this.browser.newContext();
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    await prepare?.(page);
    await page.goto(address);
    return { page, errors };
  }

  async close(): Promise<void> {
    await this.browser.close();
    fs.rmSync(this.folder, { recursive: true });
  }
}

/** What a click gives to the user as a file. */
export async function saved(page: Page, click: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return fs.readFileSync(await download.path(), 'utf8');
}

/** No serious trouble for who cannot see, hear or use a mouse (axe-core). */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(fs.readFileSync(resolve('axe-core/axe.min.js'), 'utf8'));
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } };
    return (await axe.run()).violations;
  });
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

interface AxeViolation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}
declare const window: unknown;
