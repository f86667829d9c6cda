/** Takes the pictures of the page that stand in the documents: from real runs, in Chromium, into docs/pictures. */
import * as path from 'node:path';
import { findChromium, launchChromium } from './chromium';
import { openDashboard } from './server';

const FOLDER = path.join(__dirname, '..', '..', 'docs', 'pictures');

interface Shot {
  name: string;
  address: string;
  width: number;
  height: number;
  scheme?: 'light' | 'dark';
  /** The part that is taken. Default: what the window shows. */
  part?: string;
}

const FIXED = 'cell=afl-l1&policy=fixed&rate=2';
const SHOTS: readonly Shot[] = [
  { name: 'dashboard-explore', address: '#explore?cell=afl-l1&policy=adaptive&cycles=100', width: 1280, height: 960 },
  {
    name: 'dashboard-explore-l2',
    address: '#explore?cell=afl-l2&policy=adaptive&cycles=100',
    width: 1280,
    height: 960,
    scheme: 'dark',
  },
  {
    name: 'dashboard-estimates',
    address: '#explore?cell=afl-l1&policy=adaptive&cycles=100&mismatch=0.2',
    width: 1280,
    height: 960,
    part: 'section:has(> h2:text("Estimates beside the truth"))',
  },
  {
    name: 'dashboard-compare',
    address: `#explore?cell=afl-l1&policy=adaptive%2Btail&cycles=100&pin=${encodeURIComponent(FIXED)}&pin=${encodeURIComponent('cell=afl-l1&policy=adaptive')}`,
    width: 1280,
    height: 960,
    part: 'section:has(> h2:text("Cycle by cycle"))',
  },
  {
    name: 'dashboard-decisions',
    address: '#explore?cell=afl-l1&policy=adaptive&cycles=100',
    width: 1280,
    height: 960,
    part: 'section:has(> h2:text("What the firmware decided"))',
  },
  { name: 'dashboard-phone', address: '#explore?cell=afl-l1&policy=adaptive&cycles=100', width: 390, height: 844 },
];

async function main(): Promise<void> {
  const executable = findChromium();
  if (executable === undefined)
    throw new Error('no Chromium; install the package chromium, or give its path in CHROMIUM');
  const dashboard = await openDashboard({ listen: 0 });
  const browser = await launchChromium(executable);
  try {
    for (const { name, address, width, height, scheme = 'light', part } of SHOTS) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
      await page.goto(dashboard.address + address);
      await page.waitForSelector('#view[data-state=done]');
      // The last frames are drawn, and runs that are kept have come to their end.
      while (await page.getByText('…', { exact: true }).count()) await page.waitForTimeout(100);
      await page.waitForTimeout(500);
      const file = path.join(FOLDER, `${name}.png`);
      if (part === undefined) await page.screenshot({ path: file });
      else await page.locator(part).screenshot({ path: file });
      process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
      await page.close();
    }
  } finally {
    await browser.close();
    await dashboard.close();
  }
}

void main();
